package io.liftbridge.boot.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import io.liftbridge.spring.listener.delivery.ListenerMetrics;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class CompositeListenerMetricsTests {

	private final List<String> told = new ArrayList<>();

	@Test
	void oneThatFailsHidesNothingFromTheOthers() {
		ListenerMetrics metrics = CompositeListenerMetrics
			.of(List.of(new Telling("first", true), new Telling("second", false)));
		metrics.received("billing", "orders", 2);
		metrics.processed("billing", "orders", 1, 5);
		metrics.failed("billing", "orders", new IllegalStateException("no such customer"));
		metrics.retried("billing", "orders");
		metrics.deadLettered("billing", "orders");
		metrics.passedOver("billing", "orders");
		assertThat(this.told).containsExactly("first received", "second received", "first processed",
				"second processed", "first failed", "second failed", "first retried", "second retried",
				"first deadLettered", "second deadLettered", "first passedOver", "second passedOver");
	}

	private final class Telling implements ListenerMetrics {

		private final String name;

		private final boolean failing;

		Telling(String name, boolean failing) {
			this.name = name;
			this.failing = failing;
		}

		private void tell(String what) {
			CompositeListenerMetricsTests.this.told.add(this.name + " " + what);
			if (this.failing) {
				throw new IllegalStateException("the registry is closed");
			}
		}

		@Override
		public void passedOver(String listener, String stream) {
			tell("passedOver");
		}

		@Override
		public void received(String listener, String stream, int messages) {
			tell("received");
		}

		@Override
		public void processed(String listener, String stream, int messages, long nanos) {
			tell("processed");
		}

		@Override
		public void failed(String listener, String stream, Throwable cause) {
			tell("failed");
		}

		@Override
		public void retried(String listener, String stream) {
			tell("retried");
		}

		@Override
		public void deadLettered(String listener, String stream) {
			tell("deadLettered");
		}

	}

}
