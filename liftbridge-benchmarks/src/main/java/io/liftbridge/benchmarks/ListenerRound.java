package io.liftbridge.benchmarks;

import java.util.UUID;
import java.util.concurrent.CompletableFuture;

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
			Count count = new Count(this.options.n());
			if (this.options.isText()) {
				application.add("reader", Texts.class, new Texts(count));
			}
			else {
				application.add("reader", Bytes.class, new Bytes(count));
			}
			application.add("stream", String.class, this.options.stream());
			// A cursor of its own: the next round begins at the beginning, too.
			application.add("cursor", String.class, "round-" + UUID.randomUUID());
			application.start();
			Meter meter = new Meter();
			application.registry().containers().forEach((container) -> container.start());
			count.done.get();
			return meter.stop(this.options.n());
		}
	}

	/** What has arrived, on one thread at a time. */
	private static final class Count {

		private final CompletableFuture<Boolean> done = new CompletableFuture<>();

		private final int n;

		private int got;

		Count(int n) {
			this.n = n;
		}

		void next() {
			if (++this.got == this.n) {
				this.done.complete(true);
			}
		}

	}

	/** Receives values as they are stored. */
	static class Bytes {

		private final Count count;

		Bytes(Count count) {
			this.count = count;
		}

		@LiftbridgeListener(id = "bytes", streams = "#{stream}", cursorId = "#{cursor}", autoStartup = "false")
		void on(byte[] value) {
			this.count.next();
		}

	}

	/** Receives values as text. */
	static class Texts {

		private final Count count;

		Texts(Count count) {
			this.count = count;
		}

		@LiftbridgeListener(id = "texts", streams = "#{stream}", cursorId = "#{cursor}", autoStartup = "false")
		void on(String value) {
			this.count.next();
		}

	}

}
