package io.liftbridge.boot.autoconfigure.health;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

import io.liftbridge.client.cluster.BrokerStatus;
import io.liftbridge.spring.listener.ListenerContainer;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/**
 * Tells from what was last seen how brokers and listeners fare; it asks nobody and never
 * waits.
 * <ul>
 * <li>DOWN if a listener has failed, if no broker answers, or if a partition of a
 * listener has been without delivery for longer than the tolerance, although brokers
 * answer. A listener that waits for the dead-letter stream of another one, which comes
 * into being with the first dead letter, is well.
 * <li>UNKNOWN before the first contact with a broker.
 * <li>UP otherwise. A message that is being retried is told, but changes nothing.
 * </ul>
 * Safe for use by many threads.
 */
public class LiftbridgeHealthIndicator extends AbstractHealthIndicator {

	private final Supplier<List<BrokerStatus>> brokers;

	private final Supplier<? extends Iterable<ListenerContainer>> listeners;

	private final @Nullable String deadLetterSuffix;

	private final Duration tolerance;

	private final Clock clock;

	/**
	 * Creates an indicator.
	 * @param brokers gives the brokers as they were last seen
	 * @param listeners gives the listeners
	 * @param deadLetterSuffix what the names of dead-letter streams end with, or
	 * {@code null} if there are none
	 * @param tolerance how long a partition may be without delivery
	 */
	public LiftbridgeHealthIndicator(Supplier<List<BrokerStatus>> brokers,
			Supplier<? extends Iterable<ListenerContainer>> listeners, @Nullable String deadLetterSuffix,
			Duration tolerance) {
		this(brokers, listeners, deadLetterSuffix, tolerance, Clock.systemUTC());
	}

	LiftbridgeHealthIndicator(Supplier<List<BrokerStatus>> brokers,
			Supplier<? extends Iterable<ListenerContainer>> listeners, @Nullable String deadLetterSuffix,
			Duration tolerance, Clock clock) {
		super("Liftbridge health check failed");
		this.brokers = brokers;
		this.listeners = listeners;
		this.deadLetterSuffix = deadLetterSuffix;
		this.tolerance = tolerance;
		this.clock = clock;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		List<Status> statuses = new ArrayList<>();
		Map<String, String> brokerDetails = new LinkedHashMap<>();
		List<BrokerStatus> seen = this.brokers.get();
		statuses.add(BrokerHealth.status(seen));
		seen.forEach((broker) -> brokerDetails.put(broker.id(), BrokerHealth.describe(broker)));
		Map<String, String> listenerDetails = new LinkedHashMap<>();
		Map<String, String> groupDetails = new LinkedHashMap<>();
		Set<String> deadLetterStreams = deadLetterStreams();
		for (ListenerContainer container : this.listeners.get()) {
			ListenerHealth health = ListenerHealth.of(container, deadLetterStreams, this.tolerance,
					this.clock.instant());
			statuses.add(health.status());
			listenerDetails.put(container.id(), health.text());
			String group = GroupHealth.describe(container);
			if (group != null) {
				groupDetails.put(container.id(), group);
			}
		}
		builder.status(worst(statuses)).withDetail("brokers", brokerDetails);
		if (!listenerDetails.isEmpty()) {
			builder.withDetail("listeners", listenerDetails);
		}
		if (!groupDetails.isEmpty()) {
			builder.withDetail("groups", groupDetails);
		}
	}

	private Set<String> deadLetterStreams() {
		Set<String> names = new HashSet<>();
		if (this.deadLetterSuffix != null) {
			for (ListenerContainer container : this.listeners.get()) {
				container.properties().getStreams().forEach((stream) -> names.add(stream + this.deadLetterSuffix));
			}
		}
		return names;
	}

	private static Status worst(List<Status> statuses) {
		if (statuses.contains(Status.DOWN)) {
			return Status.DOWN;
		}
		return statuses.contains(Status.UNKNOWN) ? Status.UNKNOWN : Status.UP;
	}

}
