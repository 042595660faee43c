package io.liftbridge.spring.listener;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.TestApplication;
import io.liftbridge.spring.annotation.LiftbridgeListener;
import io.liftbridge.spring.support.LiftbridgeHeaders;
import io.liftbridge.test.LiftbridgeServer;
import org.junit.jupiter.api.Test;

import static io.liftbridge.spring.TestApplication.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * The whole way on a real server.
 */
class RealServerIT {

	@Test
	void survivesARestartOfTheServerWithoutGap() {
		assumeTrue(LiftbridgeServer.isAvailable(), LiftbridgeServer::unavailableReason);
		try (LiftbridgeServer server = LiftbridgeServer.builder().cursorPartitions(1).start()) {
			Collector listener = new Collector();
			TestApplication app = TestApplication.on(server.address()).listener(listener).start();
			app.createStream("in", 2);
			app.awaitRunning("collector");
			List<CompletableFuture<Ack>> acks = new ArrayList<>();
			List<String> sent = new ArrayList<>();
			for (int i = 0; i < 50; i++) {
				sent.add("m" + i);
				acks.add(app.template().send("in", "k" + i, "m" + i));
			}
			acks.forEach(CompletableFuture::join);
			app.template().send("in", "poison").join();
			eventually(() -> assertThat(listener.texts).containsAll(sent));
			server.stop();
			eventually(() -> assertThat(app.container("collector").partitions())
				.anyMatch((status) -> status.state() == PartitionState.INTERRUPTED));
			server.restart();
			for (int i = 50; i < 100; i++) {
				sent.add("m" + i);
				app.template().send("in", "k" + i, "m" + i).join();
			}
			eventually(() -> assertThat(new LinkedHashSet<>(listener.texts)).containsAll(sent));
			eventually(() -> assertThat(app.container("collector").partitions()).allSatisfy((status) -> {
				assertThat(status.state()).isEqualTo(PartitionState.LIVE);
				assertThat(status.stored()).isEqualTo(status.position());
			}));
			List<ReceivedMessage<byte[]>> letters = new ArrayList<>(app.messages("in.dlt", 0));
			letters.addAll(app.messages("in.dlt", 1));
			assertThat(letters).singleElement()
				.satisfies((letter) -> assertThat(letter.headers().text(LiftbridgeHeaders.DLT_STREAM)).isEqualTo("in"));
			app.close();
			Collector second = new Collector();
			try (TestApplication again = TestApplication.on(server.address()).listener(second).start()) {
				again.awaitRunning("collector");
				again.template().send("in", "last").join();
				eventually(() -> assertThat(second.texts).containsExactly("last"));
			}
		}
	}

	static class Collector {

		final Queue<String> texts = new ConcurrentLinkedQueue<>();

		@LiftbridgeListener(id = "collector", streams = "in", concurrency = "2")
		void on(String text) {
			if (text.equals("poison")) {
				throw new IllegalArgumentException("poison");
			}
			this.texts.add(text);
		}

	}

}
