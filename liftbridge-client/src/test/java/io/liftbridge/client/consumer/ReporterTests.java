package io.liftbridge.client.consumer;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ReporterTests {

	/** Who waits for the end would else wait for ever. */
	@Test
	void tellsTheEndAlthoughThereIsNoThread() {
		List<EndReason> told = new ArrayList<>();
		Reporter reporter = new Reporter(null, new SubscriptionListener() {

			@Override
			public void onEnd(Subscription subscription, EndReason reason) {
				told.add(reason);
			}

		}, (task) -> {
			throw new InternalError("no thread");
		});
		reporter.ended(EndReason.STOP_REACHED);
		assertThat(told).containsExactly(EndReason.STOP_REACHED);
		assertThat(reporter.whenStarted()).isCompleted();
		assertThat(reporter.whenEnded()).isCompletedWithValue(EndReason.STOP_REACHED);
	}

}
