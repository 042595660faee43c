package io.liftbridge.client.cluster;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

import org.jspecify.annotations.Nullable;

/**
 * What this client last saw of a broker. Never asks anybody.
 *
 * @param id the broker's id, or its address while the id is not known
 * @param address where it is reached
 * @param state what is known
 * @param since when the state was entered
 * @param reason why it is down, if it is
 * @param partitions partitions stored on it, as of the last metadata
 * @param leaders partitions led by it, as of the last metadata
 */
public record BrokerStatus(String id, Address address, State state, Instant since, @Nullable String reason,
		int partitions, int leaders) {

	/**
	 * What is known of a broker.
	 */
	public enum State {

		/** Nobody needed it so far. */
		UNKNOWN,

		/** The last call or connection went well. */
		UP,

		/** The last call or connection failed. */
		DOWN

	}

	@Override
	public String toString() {
		return this.state + ((this.state == State.DOWN)
				? " since " + this.since.truncatedTo(ChronoUnit.SECONDS) + ": " + this.reason : "");
	}

}
