package io.liftbridge.boot.autoconfigure.actuate;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import io.liftbridge.client.cluster.BrokerStatus;
import io.liftbridge.client.stream.StreamInfo;
import io.liftbridge.spring.listener.ListenerContainer;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * Shows brokers, streams and listeners as they were last seen, and pauses, resumes, seeks
 * and restarts listeners and replays their dead letters. Asks no broker to show
 * something, and does not wait for what takes long. Safe for use by many threads.
 */
@Endpoint(id = "liftbridge")
public class LiftbridgeEndpoint {

	private final Supplier<List<BrokerStatus>> brokers;

	private final Supplier<List<StreamInfo>> streams;

	private final Supplier<Map<String, String>> missing;

	private final Supplier<List<ListenerContainer>> listeners;

	private final ListenerActions actions;

	/**
	 * Creates an endpoint that replays no dead letters.
	 * @param brokers gives the brokers as they were last seen
	 * @param streams gives the streams as they were last seen
	 * @param missing gives the declared streams that are not there yet, with the reason
	 * @param listeners gives the listeners
	 */
	public LiftbridgeEndpoint(Supplier<List<BrokerStatus>> brokers, Supplier<List<StreamInfo>> streams,
			Supplier<Map<String, String>> missing, Supplier<List<ListenerContainer>> listeners) {
		this(brokers, streams, missing, listeners, new ListenerActions(new BackgroundTasks(() -> true), null));
	}

	LiftbridgeEndpoint(Supplier<List<BrokerStatus>> brokers, Supplier<List<StreamInfo>> streams,
			Supplier<Map<String, String>> missing, Supplier<List<ListenerContainer>> listeners,
			ListenerActions actions) {
		this.brokers = brokers;
		this.streams = streams;
		this.missing = missing;
		this.listeners = listeners;
		this.actions = actions;
	}

	/**
	 * Describes all there is.
	 * @return the description
	 */
	@ReadOperation
	public LiftbridgeDescriptor liftbridge() {
		return new LiftbridgeDescriptor(this.brokers.get().stream().map(BrokerDescriptor::of).toList(),
				this.streams.get().stream().map(StreamDescriptor::of).toList(), this.missing.get(),
				this.listeners.get().stream().map(this::describe).toList());
	}

	/**
	 * Describes a listener.
	 * @param listener its id
	 * @return the description, {@code null} if there is no such listener
	 */
	@ReadOperation
	public @Nullable ListenerDescriptor listener(@Selector String listener) {
		ListenerContainer container = find(listener);
		return (container != null) ? describe(container) : null;
	}

	/**
	 * Does something with a listener.
	 * @param listener its id
	 * @param action {@code pause}, {@code resume}, {@code seek}, {@code restart} or
	 * {@code replay}
	 * @param stream the stream's name, by default all that the listener reads
	 * @param partition the partition's number, by default all
	 * @param position for {@code seek}: {@code earliest}, {@code latest},
	 * {@code new-only}, an offset, a number of messages with a sign, a time, or an age
	 * such as {@code -PT1H}
	 * @param limit for {@code replay}: how many dead letters at most
	 * @param dryRun for {@code replay}: {@code true} only counts
	 * @return what became of it, {@code null} if there is no such listener
	 * @throws org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException
	 * if that cannot be done; it says why
	 */
	@WriteOperation
	public @Nullable ActionDescriptor control(@Selector String listener, @Selector String action,
			@Nullable String stream, @Nullable String partition, @Nullable String position, @Nullable String limit,
			@Nullable String dryRun) {
		ListenerContainer container = find(listener);
		if (container == null) {
			return null;
		}
		String outcome = this.actions.perform(container, ListenerAction.of(action),
				new ListenerRequest(stream, partition, position, limit, dryRun));
		return new ActionDescriptor(outcome, describe(container));
	}

	List<String> listenerIds() {
		return this.listeners.get().stream().map(ListenerContainer::id).toList();
	}

	private @Nullable ListenerContainer find(String id) {
		return this.listeners.get().stream().filter((container) -> container.id().equals(id)).findFirst().orElse(null);
	}

	private ListenerDescriptor describe(ListenerContainer container) {
		return ListenerDescriptor.of(container, this.actions.lastReplay(container.id()));
	}

}
