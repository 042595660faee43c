package io.liftbridge.spring.observation;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.liftbridge.client.message.Headers;
import io.liftbridge.client.message.ReceivedMessage;
import io.micrometer.observation.Observation;
import io.micrometer.tracing.Link;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.TracingObservationHandler;
import org.jspecify.annotations.Nullable;

/**
 * Gives a call of a listener for lists a span of its own, which is linked to the sends of
 * the messages: they may belong to many traces, of which it could continue but one. Goes
 * before other handlers of {@code ReceiverContext}. Links need W3C headers
 * ({@code traceparent}).
 */
public class BatchLinksObservationHandler implements TracingObservationHandler<LiftbridgeReceiverContext> {

	/** As OpenTelemetry's SDK keeps of a span by default. */
	private static final int MOST_LINKS = 128;

	private static final Pattern TRACE_PARENT = Pattern
		.compile("[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2}).*");

	private final Tracer tracer;

	/**
	 * Creates it.
	 * @param tracer makes spans
	 */
	public BatchLinksObservationHandler(Tracer tracer) {
		this.tracer = tracer;
	}

	@Override
	public boolean supportsContext(Observation.Context context) {
		return context instanceof LiftbridgeReceiverContext received && received.isBatch();
	}

	@Override
	public void onStart(LiftbridgeReceiverContext context) {
		Span.Builder builder = this.tracer.spanBuilder().kind(Span.Kind.CONSUMER).name(getSpanName(context));
		List<String> parents = context.getMessages()
			.stream()
			.map(ReceivedMessage::headers)
			.filter((headers) -> headers.get("traceparent") != null)
			.map(BatchLinksObservationHandler::traceParent)
			.distinct()
			.limit(MOST_LINKS)
			.toList();
		for (String parent : parents) {
			TraceContext linked = parse(parent);
			if (linked != null) {
				builder.addLink(new Link(linked));
			}
		}
		getTracingContext(context).setSpan(builder.start());
	}

	private static String traceParent(Headers headers) {
		String text = headers.text("traceparent");
		return (text != null) ? text : "";
	}

	/** Returns {@code null} for what is no such header, as anybody may send anything. */
	private @Nullable TraceContext parse(String parent) {
		Matcher matcher = TRACE_PARENT.matcher(parent);
		if (!matcher.matches()) {
			return null;
		}
		boolean sampled = (Integer.parseInt(matcher.group(3), 16) & 1) == 1;
		return this.tracer.traceContextBuilder()
			.traceId(matcher.group(1))
			.spanId(matcher.group(2))
			.sampled(sampled)
			.build();
	}

	@Override
	public void onError(LiftbridgeReceiverContext context) {
		Throwable error = context.getError();
		if (error != null) {
			getRequiredSpan(context).error(error);
		}
	}

	@Override
	public void onStop(LiftbridgeReceiverContext context) {
		Span span = getRequiredSpan(context);
		span.name(getSpanName(context));
		tagSpan(context, span);
		span.end();
	}

	@Override
	public Tracer getTracer() {
		return this.tracer;
	}

}
