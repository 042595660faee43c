package io.liftbridge.client.producer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

import io.liftbridge.client.cluster.BrokerStatus;
import io.liftbridge.client.fake.FakeClusterTest;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.AckPolicy;
import io.liftbridge.client.message.BrokerUnavailableException;
import io.liftbridge.client.message.ClientClosedException;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.LiftbridgeException.Outcome;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.StreamNotFoundException;
import io.liftbridge.proto.PublishRequest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** What keeps messages from being stored exactly once, and what is said then. */
class IdempotenceLimitsTests extends FakeClusterTest {

	@BeforeEach
	void control() {
		this.orders.control();
	}

	private ProducerBuilder idempotent() {
		return this.client.producer("orders").idempotence(true);
	}

	private static List<CompletableFuture<Ack>> send(Producer producer, List<String> values) {
		List<CompletableFuture<Ack>> futures = new ArrayList<>();
		values.forEach((value) -> futures.add(producer.send(Message.of("k", value))));
		return futures;
	}

	private static List<String> names(int from, int to) {
		return IntStream.range(from, to).mapToObj((i) -> "m" + (100 + i)).toList();
	}

	private static boolean isProbe(PublishRequest request) {
		return request.getExpectedOffset() == -2;
	}

	@Test
	void aStreamWithoutConcurrencyControlIsNamed() {
		var plain = this.cluster.stream("plain");
		try (Producer producer = this.client.producer("plain").idempotence(true).build()) {
			List<CompletableFuture<Ack>> futures = List.of(producer.send(Message.of("k", "a")),
					producer.send(Message.of("k", "b")));
			assertThat(failure(futures.get(0))).hasMessageContaining("stream 'plain' partition 0")
				.hasMessageContaining("no optimistic concurrency control")
				.hasMessageContaining("stored at offset 0");
			assertThat(failure(futures.get(0)).outcome()).isEqualTo(Outcome.INDETERMINATE);
			assertThat(failure(futures.get(1)).outcome()).isEqualTo(Outcome.NOT_SENT);
			assertThat(failure(producer.send(Message.of("k", "c"))).outcome()).isEqualTo(Outcome.NOT_SENT);
		}
		assertThat(plain.values()).containsExactly("a");
	}

	@Test
	void refusesWhatCannotBeIdempotent() {
		assertThatThrownBy(() -> idempotent().ackPolicy(AckPolicy.NONE).build())
			.isInstanceOf(InvalidRequestException.class)
			.hasMessageContaining("a stream with concurrency control must have AckPolicy set");
		assertThatThrownBy(() -> idempotent().retries(3).build()).isInstanceOf(InvalidRequestException.class)
			.hasMessageContaining("retries is 3");
		try (Producer producer = idempotent().build()) {
			for (Message message : List.of(Message.builder().ackPolicy(AckPolicy.NONE).build(),
					Message.builder().expectedOffset(0).build(), Message.builder().ackInbox("a").build())) {
				assertThatThrownBy(() -> producer.send(message)).isInstanceOf(InvalidRequestException.class)
					.hasMessageContaining("idempotence");
			}
		}
	}

	@Test
	void aStreamThatIsDeletedFailsTheMessages() {
		AtomicBoolean deleted = new AtomicBoolean();
		this.broker.onPublish((request, call) -> {
			if (request.getValue().toStringUtf8().equals("m102") && !deleted.getAndSet(true)) {
				this.cluster.remove("orders");
			}
			call.store(request);
		});
		try (Producer producer = idempotent().build()) {
			List<CompletableFuture<Ack>> futures = send(producer, names(0, 5));
			futures.forEach((future) -> await().atMost(LONG).until(future::isDone));
			assertThat(failure(futures.get(2))).isInstanceOf(StreamNotFoundException.class);
			assertThat(failure(futures.get(4))).isInstanceOf(StreamNotFoundException.class);
			assertThat(producer.inFlight()).isZero();
		}
	}

	@Test
	void whatFailedAsNotSentIsNotStoredWhenTheBrokerIsBack() {
		try (Producer producer = idempotent().ackTimeout(Duration.ofSeconds(1)).build()) {
			get(producer.send(Message.of("k", "start")));
			this.broker.kill();
			await().atMost(LONG)
				.until(() -> this.client.brokers().stream().allMatch((b) -> b.state() == BrokerStatus.State.DOWN));
			send(producer, names(0, 3)).forEach((future) -> {
				assertThat(failure(future)).isInstanceOf(BrokerUnavailableException.class);
				assertThat(failure(future).outcome()).isEqualTo(Outcome.NOT_SENT);
			});
			this.broker.start();
			await().atMost(LONG)
				.ignoreExceptions()
				.until(() -> producer.sendAndWait(Message.of("k", "next"), LONG).offset() > 0);
		}
		assertThat(this.orders.values()).startsWith("start", "next").doesNotContainAnyElementsOf(names(0, 3));
	}

	@Test
	void closingFailsWhatHasNoAnswer() {
		this.broker.onPublish((request, call) -> {
			if (isProbe(request)) {
				call.store(request);
			}
		});
		Producer producer = idempotent().build();
		List<CompletableFuture<Ack>> futures = send(producer, names(0, 3));
		producer.close(Duration.ofMillis(200));
		futures.forEach((future) -> assertThat(failure(future)).isInstanceOf(ClientClosedException.class));
	}

}
