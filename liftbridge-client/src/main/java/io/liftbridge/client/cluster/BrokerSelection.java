package io.liftbridge.client.cluster;

/**
 * Which broker is asked first when any of them can answer. Those that are known to be
 * down come last in any case.
 */
public enum BrokerSelection {

	/** Any, which spreads many clients evenly. */
	RANDOM,

	/**
	 * The one that answered fastest lately (a moving average); those that were not asked
	 * yet come first, to be measured.
	 */
	LOWEST_LATENCY,

	/** The one with the fewest partitions stored and led, as of the last metadata. */
	LOWEST_LOAD

}
