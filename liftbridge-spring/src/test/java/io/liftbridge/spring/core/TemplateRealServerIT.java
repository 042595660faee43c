package io.liftbridge.spring.core;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.consumer.StopPosition;
import io.liftbridge.client.entry.Compression;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.client.stream.StreamSpec;
import io.liftbridge.spring.TestApplication;
import io.liftbridge.test.LiftbridgeServer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Template and administration on a real server.
 */
class TemplateRealServerIT {

	@Test
	void sendsInBulkReadsRangesAndFindsDifferences() {
		assumeTrue(LiftbridgeServer.isAvailable(), LiftbridgeServer::unavailableReason);
		try (LiftbridgeServer server = LiftbridgeServer.builder().start();
				TestApplication application = TestApplication.on(server.address()).start()) {
			LiftbridgeTemplate template = application.template();
			application.createStream("numbers", 1);
			List<Long> offsets = new ArrayList<>();
			template.sendAll("numbers", IntStream.range(0, 500).mapToObj((i) -> "n" + i))
				.forEach((result) -> offsets.add(result.ack().offset()));
			assertThat(offsets).isSorted().hasSize(500);
			List<Ack> records = template.sendBatchEntry("numbers", List.of("a", "b", "c"), Compression.GZIP).join();
			assertThat(records).extracting(Ack::offset).containsExactly(500L, 500L, 500L);
			assertThat(
					template.receive("numbers", 0, StartPosition.offset(498), StopPosition.latest(), 10, String.class))
				.extracting(ReceivedMessage::value)
				.containsExactly("n498", "n499", "a", "b", "c");
			assertThat(template.read("numbers")
				.from(StartPosition.offset(10))
				.until(StopPosition.offset(12))
				.as(String.class)
				.stream()
				.map(ReceivedMessage::value)).containsExactly("n10", "n11", "n12");
			assertThat(template.sendToSubject("numbers", "by subject").join().offset()).isEqualTo(501);
			LiftbridgeAdmin admin = new LiftbridgeAdmin(application.client(),
					List.of(StreamSpec.named("numbers").partitions(2), StreamSpec.named("more")));
			admin.start();
			try {
				TestApplication.eventually(() -> assertThat(admin.differences()).containsOnlyKeys("numbers"));
				assertThat(application.client().streams().describe("more").partitions()).hasSize(1);
			}
			finally {
				admin.stop();
			}
		}
	}

}
