package io.liftbridge.spring.observation;

import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.transport.ReceiverContext;
import io.micrometer.observation.transport.SenderContext;

/**
 * Keeps what has ended, and stands in for a tracer: each send has a header of its own,
 * and each receipt says which one it saw.
 */
final class Recorder implements ObservationHandler<Observation.Context> {

	static final String TRACE = "traceparent";

	private final AtomicLong spans = new AtomicLong();

	private final Queue<Observation.Context> begun = new ConcurrentLinkedQueue<>();

	private final Queue<Observation.Context> ended = new ConcurrentLinkedQueue<>();

	@Override
	public boolean supportsContext(Observation.Context context) {
		return true;
	}

	@Override
	public void onStart(Observation.Context context) {
		this.begun.add(context);
		if (context instanceof SenderContext<?> sender) {
			inject(sender, String.format(Locale.ROOT, "00-%032x-%016x-01", 1, this.spans.incrementAndGet()));
		}
		else if (context instanceof ReceiverContext<?> receiver) {
			extract(receiver);
		}
	}

	private static <C> void inject(SenderContext<C> context, String trace) {
		context.getSetter().set(context.getCarrier(), TRACE, trace);
		context.put(TRACE, trace);
	}

	private static <C> void extract(ReceiverContext<C> context) {
		C carrier = context.getCarrier();
		String trace = (carrier != null) ? context.getGetter().get(carrier, TRACE) : null;
		if (trace != null) {
			context.put(TRACE, trace);
		}
	}

	@Override
	public void onStop(Observation.Context context) {
		this.ended.add(context);
	}

	List<Observation.Context> begun() {
		return List.copyOf(this.begun);
	}

	List<LiftbridgeSenderContext> sends() {
		return this.ended.stream()
			.filter(LiftbridgeSenderContext.class::isInstance)
			.map(LiftbridgeSenderContext.class::cast)
			.toList();
	}

	List<LiftbridgeReceiverContext> calls() {
		return this.ended.stream()
			.filter(LiftbridgeReceiverContext.class::isInstance)
			.map(LiftbridgeReceiverContext.class::cast)
			.toList();
	}

}
