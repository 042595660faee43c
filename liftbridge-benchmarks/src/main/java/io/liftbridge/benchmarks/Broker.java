package io.liftbridge.benchmarks;

import io.liftbridge.embedded.EmbeddedBroker;
import io.liftbridge.test.LiftbridgeServer;
import org.jspecify.annotations.Nullable;

/**
 * The broker to measure against, started where none is given.
 *
 * @param seeds where it is
 * @param kind what it is, for the result
 * @param stop stops what was started
 */
record Broker(String seeds, String kind, Runnable stop) implements AutoCloseable {

	static Broker of(@Nullable String seeds) {
		if (seeds != null) {
			return new Broker(seeds, "given", () -> {
			});
		}
		if (LiftbridgeServer.isAvailable()) {
			LiftbridgeServer server = LiftbridgeServer.builder().start();
			return new Broker(server.address(), "a real server", server::close);
		}
		EmbeddedBroker broker = EmbeddedBroker.start();
		return new Broker(broker.address(), "the embedded one", broker::close);
	}

	@Override
	public void close() {
		this.stop.run();
	}

}
