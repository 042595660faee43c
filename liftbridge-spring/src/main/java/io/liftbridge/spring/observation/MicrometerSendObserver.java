package io.liftbridge.spring.observation;

import java.util.Collection;
import java.util.List;

import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.Headers;
import io.liftbridge.client.message.Message;
import io.liftbridge.spring.core.SendObserver;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

/**
 * Observes sends, {@link LiftbridgeObservation#TEMPLATE}: each message and each batch
 * entry once, from when it is handed in until it is acknowledged or has failed.
 * <p>
 * A message that carries a trace already and is sent by nobody who is observed is passed
 * on, as a dead letter is, or a message for a retry stream: it keeps its trace and is not
 * observed.
 */
public class MicrometerSendObserver implements SendObserver {

	/** By which a message shows that it belongs to a trace. */
	private static final List<String> TRACES = List.of("traceparent", "b3", "X-B3-TraceId");

	private final ObservationRegistry registry;

	private final @Nullable LiftbridgeTemplateObservationConvention convention;

	private final LiftbridgeTemplateObservationConvention defaults;

	private final List<LiftbridgeObservationCustomizer> customizers;

	/**
	 * Creates it.
	 * @param registry where observations go
	 */
	public MicrometerSendObserver(ObservationRegistry registry) {
		this(registry, null, List.of());
	}

	/**
	 * Creates it.
	 * @param registry where observations go
	 * @param convention names them, {@code null} for the default
	 * @param customizers add to them, in order
	 */
	public MicrometerSendObserver(ObservationRegistry registry,
			@Nullable LiftbridgeTemplateObservationConvention convention,
			Collection<? extends LiftbridgeObservationCustomizer> customizers) {
		this.registry = registry;
		this.convention = convention;
		this.defaults = new DefaultLiftbridgeTemplateObservationConvention();
		this.customizers = List.copyOf(customizers);
	}

	@Override
	public @Nullable Observed begin(String stream, List<Message> messages) {
		return begin(stream, false, messages);
	}

	@Override
	public @Nullable Observed beginToSubject(String subject, Message message) {
		return begin(subject, true, List.of(message));
	}

	private @Nullable Observed begin(String destination, boolean subject, List<Message> messages) {
		if (this.registry.isNoop()
				|| (this.registry.getCurrentObservation() == null && isTraced(messages.get(0).headers()))) {
			return null;
		}
		LiftbridgeSenderContext context = new LiftbridgeSenderContext(destination, subject, messages);
		Observation observation = LiftbridgeObservation.TEMPLATE.observation(this.convention, this.defaults,
				() -> context, this.registry);
		if (observation.isNoop()) {
			return null;
		}
		this.customizers.forEach((customizer) -> customizer.customize(context));
		observation.start();
		return new ObservedSend(observation, context);
	}

	private static boolean isTraced(Headers headers) {
		return !headers.isEmpty() && TRACES.stream().anyMatch((name) -> headers.get(name) != null);
	}

	/** What is on its way. */
	private static final class ObservedSend implements Observed {

		private final Observation observation;

		private final LiftbridgeSenderContext context;

		private final List<Message> messages;

		ObservedSend(Observation observation, LiftbridgeSenderContext context) {
			this.observation = observation;
			this.context = context;
			List<Message.Builder> builders = context.getCarrier();
			// Made anew also where nothing was added: each is known by itself.
			this.messages = (builders != null) ? builders.stream().map(Message.Builder::build).toList()
					: context.getMessages();
		}

		@Override
		public List<Message> messages() {
			return this.messages;
		}

		@Override
		public void acked(Ack ack) {
			this.context.setAck(ack);
			this.observation.stop();
		}

		@Override
		public void failed(Throwable cause) {
			this.observation.error(cause);
			this.observation.stop();
		}

	}

}
