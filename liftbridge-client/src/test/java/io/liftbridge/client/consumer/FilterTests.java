package io.liftbridge.client.consumer;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.liftbridge.client.fake.FakeClusterTest;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.client.producer.Producer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

class FilterTests extends FakeClusterTest {

	private final Collector received = new Collector();

	private SubscriptionBuilder all() {
		return this.client.subscribe("orders").from(StartPosition.earliest()).until(StopPosition.latest());
	}

	private void publish(String... regions) {
		try (Producer producer = this.client.producer("orders").build()) {
			for (String region : regions) {
				Message.Builder message = Message.builder().value(region);
				get(producer.send((region.isEmpty() ? message : message.header("region", region)).build()));
			}
		}
	}

	@Test
	void deliversWhatHasOneOfTheValues() {
		publish("eu", "us", "", "asia", "eu");
		get(all().filter("region", "eu", "asia").handler(this.received).start().ended());
		assertThat(this.received.offsets()).containsExactly(0L, 3L, 4L);
	}

	@Test
	void deliversWhatHasNoSuchHeaderIfWanted() {
		publish("eu", "us", "", "eu");
		get(all().filter("region", "eu").matchUnfiltered(true).handler(this.received).start().ended());
		assertThat(this.received.offsets()).containsExactly(0L, 2L, 3L);
	}

	@Test
	void headersAndConditionsMustAllFit() {
		publish("eu", "us", "eu", "eu");
		get(all().filter("region", "eu")
			.filter((message) -> message.offset() > 0)
			.filter((message) -> message.offset() < 3)
			.handler(this.received)
			.start()
			.ended());
		assertThat(this.received.offsets()).containsExactly(2L);
	}

	@Test
	void whatIsFilteredOutIsProcessed() {
		publish("us", "eu", "us", "us");
		Subscription subscription = this.client.subscribe("orders")
			.from(StartPosition.earliest())
			.filter("region", "eu")
			.handler(this.received)
			.start();
		await().atMost(LONG).until(() -> subscription.lastProcessed() == 3);
		assertThat(subscription.lastDelivered()).isEqualTo(1);
		publish("us");
		await().atMost(LONG).until(() -> subscription.lastProcessed() == 4);
		subscription.close();
	}

	@Test
	void whatTheHandlerHasNotFinishedIsNotProcessed() {
		publish("us", "eu", "us", "eu", "us");
		Subscription subscription = this.client.subscribe("orders")
			.from(StartPosition.earliest())
			.filter("region", "eu")
			.handler((message) -> {
				if (message.offset() == 3) {
					throw new IllegalStateException("no");
				}
			})
			.start();
		assertThatExceptionOfType(Exception.class).isThrownBy(() -> subscription.ended().join())
			.withMessageContaining("no");
		// What was filtered out behind 1 counts if it came in an earlier batch.
		assertThat(subscription.lastProcessed()).isBetween(1L, 2L);
	}

	@Test
	void aBatchIsProcessedWithAllThatWasLeftOutOfIt() {
		publish("us", "eu", "us", "eu", "us");
		Subscription subscription = all().filter("region", "eu").batchHandler(10, (messages) -> {
		}).start();
		get(subscription.ended());
		assertThat(subscription.lastDelivered()).isEqualTo(3);
		assertThat(subscription.lastProcessed()).isEqualTo(4);
	}

	@Test
	void theHandlerMayLearnWhatIsFilteredOut() {
		publish("us", "eu", "us", "us");
		List<String> told = new CopyOnWriteArrayList<>();
		Subscription subscription = all().filter("region", "eu").handler(new MessageHandler() {

			@Override
			public void onMessage(ReceivedMessage<byte[]> message) {
				told.add("message " + message.offset());
			}

			@Override
			public void onFilteredOut(long offset) {
				told.add("up to " + offset);
			}

		}).start();
		get(subscription.ended());
		assertThat(told).contains("message 1").endsWith("up to 3");
	}

	@Test
	void manyMessagesThatAreLeftOutDoNotStopTheFlow() {
		for (int i = 0; i < 5000; i++) {
			this.orders.append("m" + i);
		}
		get(all().prefetch(10)
			.filter((message) -> message.offset() % 2500 == 0)
			.handler(this.received)
			.start()
			.ended());
		assertThat(this.received.offsets()).containsExactly(0L, 2500L);
	}

	@Test
	void aConditionThatFailsEndsTheSubscription() {
		publish("eu");
		Subscription subscription = all().filter((message) -> {
			throw new IllegalStateException("no condition");
		}).handler(this.received).start();
		assertThatExceptionOfType(Exception.class).isThrownBy(() -> subscription.ended().join())
			.withMessageContaining("no condition");
	}

	@Test
	void aConsumerKnowsWhatIsLeft() {
		publish("us", "eu", "us", "eu", "us");
		try (Consumer consumer = this.client.consumer("orders")
			.from(StartPosition.earliest())
			.maxPoll(1)
			.filter("region", "eu")
			.open()) {
			assertThat(offsets(consumer)).containsExactly(1L);
			assertThat(consumer.lastProcessed(0)).isBetween(1L, 2L);
			assertThat(offsets(consumer)).containsExactly(3L);
			await().atMost(LONG).until(() -> {
				assertThat(consumer.poll(Duration.ofMillis(50))).isEmpty();
				return consumer.lastProcessed(0) == 4;
			});
			assertThat(consumer.lastProcessed(7)).isEqualTo(-1);
		}
	}

	@Test
	void refusesAFilterThatLetsNothingPass() {
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> all().filter("region"))
			.withMessageContaining("'region'");
	}

	private static List<Long> offsets(Consumer consumer) {
		return consumer.poll(LONG).stream().map(ReceivedMessage::offset).toList();
	}

}
