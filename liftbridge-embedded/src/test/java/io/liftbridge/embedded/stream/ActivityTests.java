package io.liftbridge.embedded.stream;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import io.liftbridge.proto.CreateStreamRequest;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ActivityTests {

	private static final int MANY = 100;

	private final ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1);

	@AfterEach
	void stop() {
		this.clock.shutdownNow();
	}

	@Test
	void eventsThatHaveToWaitNeedOneTimerForAll() throws Exception {
		Subjects subjects = new Subjects();
		MetadataLog metadata = new MetadataLog();
		Streams streams = new Streams(new Cluster("b", "ns", 1 << 20), subjects, new MetadataLeader(), metadata,
				StreamStorage.NONE);
		Activity activity = new Activity(streams, subjects, metadata);
		streams.setReadonly(StreamRules.ACTIVITY, List.of(0), true);
		activity.start(this.clock);
		for (int i = 0; i < MANY; i++) {
			streams
				.create(CreateStreamRequest.newBuilder().setName("s" + i).setSubject("s" + i).setPartitions(1).build());
			// Each event was tried.
			this.clock.submit(() -> {
			}).get(1, TimeUnit.MINUTES);
		}
		assertThat(this.clock.getQueue()).hasSizeLessThanOrEqualTo(1);
		streams.setReadonly(StreamRules.ACTIVITY, List.of(0), false);
		Stream stream = streams.find(StreamRules.ACTIVITY);
		Awaitility.await()
			.atMost(Duration.ofMinutes(1))
			.until(() -> stream.partitions().get(0).log().newestOffset() >= MANY);
	}

}
