package io.liftbridge.benchmarks;

/** What is shown of a sample. */
enum Figure {

	RATE("rate", "messages per second"),

	CPU("cpuSeconds", "client CPU, µs per message"),

	ALLOCATED("allocatedBytesPerMessage", "allocated bytes per message"),

	P50("p50us", "p50, µs"),

	P99("p99us", "p99, µs"),

	P999("p999us", "p99.9, µs");

	private final String key;

	private final String title;

	Figure(String key, String title) {
		this.key = key;
		this.title = title;
	}

	String key() {
		return this.key;
	}

	String title() {
		return this.title;
	}

}
