package io.liftbridge.benchmarks;

import java.util.UUID;

import io.liftbridge.spring.annotation.LiftbridgeListener;

/**
 * Reads a stream from its beginning by a {@link LiftbridgeListener}.
 */
final class ListenerRound {

	private final Options options;

	private final String seeds;

	ListenerRound(Options options, String seeds) {
		this.options = options;
		this.seeds = seeds;
	}

	Sample run() throws Exception {
		try (ListenerApplication application = new ListenerApplication(this.options, this.seeds)) {
			Arrivals arrivals = new Arrivals(this.options);
			if (this.options.isText()) {
				application.add("reader", Texts.class, new Texts(arrivals));
			}
			else {
				application.add("reader", Bytes.class, new Bytes(arrivals));
			}
			application.add("stream", String.class, this.options.stream());
			// A cursor of its own: the next round begins at the beginning, too.
			application.add("cursor", String.class, "round-" + UUID.randomUUID());
			application.start();
			application.registry().containers().forEach((container) -> container.start());
			return arrivals.await();
		}
	}

	/** Receives values as they are stored. */
	static class Bytes {

		private final Arrivals arrivals;

		Bytes(Arrivals arrivals) {
			this.arrivals = arrivals;
		}

		@LiftbridgeListener(id = "bytes", streams = "#{stream}", cursorId = "#{cursor}", autoStartup = "false")
		void on(byte[] value) {
			this.arrivals.next();
		}

	}

	/** Receives values as text. */
	static class Texts {

		private final Arrivals arrivals;

		Texts(Arrivals arrivals) {
			this.arrivals = arrivals;
		}

		@LiftbridgeListener(id = "texts", streams = "#{stream}", cursorId = "#{cursor}", autoStartup = "false")
		void on(String value) {
			this.arrivals.next();
		}

	}

}
