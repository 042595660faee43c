package io.liftbridge.embedded;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;

import io.liftbridge.proto.Message;
import org.junit.jupiter.api.Test;

import static io.liftbridge.embedded.RawClient.fromEarliest;
import static io.liftbridge.embedded.RawClient.message;
import static org.assertj.core.api.Assertions.assertThat;

class ConcurrencyTests extends BrokerTest {

	private static final int PUBLISHERS = 4;

	private static final int EACH = 5000;

	@Test
	void publishersKeepTheirOrderAndOffsetsAreDense() {
		this.client.create("s", 1);
		Subscriber live = this.client.subscribe(fromEarliest("s")).awaitLive();
		List<RawClient> clients = new ArrayList<>();
		List<CompletableFuture<Void>> running = new ArrayList<>();
		for (int p = 0; p < PUBLISHERS; p++) {
			RawClient own = new RawClient(this.broker);
			clients.add(own);
			String name = "p" + p;
			running.add(CompletableFuture.runAsync(() -> {
				Pipe pipe = own.pipe();
				for (int i = 0; i < EACH; i++) {
					pipe.send(message("s", name + ":" + i));
				}
				assertThat(pipe.awaitResponses(EACH)).hasSize(EACH);
			}));
		}
		running.forEach(CompletableFuture::join);
		List<Message> received = live.awaitMessages(PUBLISHERS * EACH);
		clients.forEach(RawClient::close);
		assertThat(received).extracting(Message::getOffset)
			.containsExactlyElementsOf(LongStream.range(0, PUBLISHERS * EACH).boxed().toList());
		Map<String, Integer> next = new HashMap<>();
		for (String value : live.values()) {
			String[] parts = value.split(":");
			assertThat(Integer.parseInt(parts[1])).isEqualTo(next.getOrDefault(parts[0], 0));
			next.merge(parts[0], 1, Integer::sum);
		}
		assertThat(received).extracting(Message::getTimestamp).isSorted();
	}

	@Test
	void pauseAndPublishDoNotLoseAcknowledgedMessages() {
		this.client.create("s", 1);
		CompletableFuture<Void> pauses = CompletableFuture.runAsync(() -> {
			for (int i = 0; i < 200; i++) {
				this.client.pause("s");
			}
		});
		Pipe pipe = this.client.pipe();
		for (int i = 0; i < EACH; i++) {
			pipe.send(message("s", "v" + i).setCorrelationId("v" + i));
		}
		pauses.join();
		this.client.publish("s", "last");
		Subscriber subscriber = this.client.subscribe(fromEarliest("s"));
		subscriber.awaitMessages((int) this.client.partition("s", 0).getNewestOffset() + 1);
		assertThat(subscriber.values())
			.containsAll(pipe.responses().stream().map((response) -> response.getCorrelationId()).toList());
		assertThat(pipe.responses()).allSatisfy((response) -> assertThat(response.hasAsyncError()).isFalse());
	}

}
