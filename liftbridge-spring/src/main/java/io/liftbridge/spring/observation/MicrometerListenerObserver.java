package io.liftbridge.spring.observation;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

import io.liftbridge.spring.listener.delivery.BatchListener;
import io.liftbridge.spring.listener.delivery.FailureText;
import io.liftbridge.spring.listener.delivery.ListenerObserver;
import io.liftbridge.spring.listener.delivery.RecordListener;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Observes calls of listeners, {@link LiftbridgeObservation#LISTENER}: each attempt once,
 * until what the listener returns is complete and replies are stored. It is current while
 * the listener runs, and while a reply is sent that comes later.
 */
public class MicrometerListenerObserver implements ListenerObserver {

	private static final Logger logger = LoggerFactory.getLogger(MicrometerListenerObserver.class);

	private final ObservationRegistry registry;

	private final @Nullable LiftbridgeListenerObservationConvention convention;

	private final LiftbridgeListenerObservationConvention defaults;

	private final List<LiftbridgeObservationCustomizer> customizers;

	/**
	 * Creates it.
	 * @param registry where observations go
	 */
	public MicrometerListenerObserver(ObservationRegistry registry) {
		this(registry, null, List.of());
	}

	/**
	 * Creates it.
	 * @param registry where observations go
	 * @param convention names them, {@code null} for the default
	 * @param customizers add to them, in order
	 */
	public MicrometerListenerObserver(ObservationRegistry registry,
			@Nullable LiftbridgeListenerObservationConvention convention,
			Collection<? extends LiftbridgeObservationCustomizer> customizers) {
		this.registry = registry;
		this.convention = convention;
		this.defaults = new DefaultLiftbridgeListenerObservationConvention();
		this.customizers = List.copyOf(customizers);
	}

	@Override
	public RecordListener observeEach(String listenerId, @Nullable String group, RecordListener listener) {
		return this.registry.isNoop() ? listener : new ObservedRecordListener(this, listenerId, group, listener);
	}

	@Override
	public BatchListener observeAll(String listenerId, @Nullable String group, BatchListener listener) {
		return this.registry.isNoop() ? listener : new ObservedBatchListener(this, listenerId, group, listener);
	}

	@Override
	public Executor keeping(Executor executor) {
		Observation current = this.registry.getCurrentObservation();
		return (current != null) ? (task) -> executor.execute(() -> current.scoped(task)) : executor;
	}

	/** Calls a listener. */
	@Nullable CompletableFuture<?> call(LiftbridgeReceiverContext context, Callable<@Nullable CompletableFuture<?>> job)
			throws Exception {
		Observation observation = begin(context);
		if (observation == null) {
			return job.call();
		}
		CompletableFuture<?> result;
		try {
			result = inScope(observation, job);
		}
		catch (Throwable ex) {
			end(context, observation, ex);
			throw ex;
		}
		if (result == null) {
			end(context, observation, null);
			return null;
		}
		return result.whenComplete(
				(value, failure) -> end(context, observation, (failure != null) ? FailureText.causeOf(failure) : null));
	}

	/** A message must not fail for want of what looks on. */
	private @Nullable Observation begin(LiftbridgeReceiverContext context) {
		try {
			Observation observation = LiftbridgeObservation.LISTENER.observation(this.convention, this.defaults,
					() -> context, this.registry);
			this.customizers.forEach((customizer) -> customizer.customize(context));
			return observation.start();
		}
		catch (RuntimeException ex) {
			logger.warn("Listener '{}' is called unobserved, as its observation cannot begin", context.getListenerId(),
					ex);
			return null;
		}
	}

	/** What is processed is processed: it must not come again for what looks on. */
	private static void end(LiftbridgeReceiverContext context, Observation observation, @Nullable Throwable failure) {
		try {
			if (failure != null) {
				observation.error(failure);
			}
			observation.stop();
		}
		catch (RuntimeException ex) {
			logger.warn("The observation of a call of listener '{}' cannot end", context.getListenerId(), ex);
		}
	}

	private static @Nullable CompletableFuture<?> inScope(Observation observation,
			Callable<@Nullable CompletableFuture<?>> call) throws Exception {
		Observation.Scope scope = observation.openScope();
		try {
			return call.call();
		}
		finally {
			scope.close();
		}
	}

}
