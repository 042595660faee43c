package io.liftbridge.test.client;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.AckPolicy;
import io.liftbridge.client.message.AckTimeoutException;
import io.liftbridge.client.message.ActivityDisabledException;
import io.liftbridge.client.message.IncorrectOffsetException;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.MessageTooLargeException;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.client.nats.NatsEnvelope;
import io.liftbridge.client.nats.NatsPublisher;
import io.liftbridge.client.producer.Producer;
import io.liftbridge.client.stream.StreamSpec;
import io.liftbridge.test.LiftbridgeServer;
import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Subscription;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * The scenarios on a real server, and what only it can do: encryption, and NATS.
 */
class RealServerPublishingIT extends PublishingScenarios {

	private LiftbridgeServer server;

	private Connection nats;

	private NatsPublisher publisher;

	@Override
	ScenarioBroker startBroker() {
		ScenarioBroker.Real real = ScenarioBroker
			.real((settings) -> settings.environment("LIFTBRIDGE_ENCRYPTION_KEY", "0123456789abcdef")
				.setting("clustering.replication.max.bytes", "100000"));
		this.server = real.server();
		return real;
	}

	@BeforeEach
	void connectToNats() throws Exception {
		this.nats = Nats.connect("nats://127.0.0.1:" + this.server.natsPort());
		this.publisher = new NatsPublisher(this.nats);
	}

	@AfterEach
	void disconnectFromNats() throws Exception {
		if (this.publisher != null) {
			this.publisher.close();
			this.nats.close();
		}
	}

	@Test
	void anEncryptedStreamIsReadAsItWasWritten() {
		this.client.streams().create(StreamSpec.named("secret").encryption(true));
		try (Producer producer = this.client.producer("secret").build()) {
			producer.sendAndWait(Message.of("k", "hidden"), LONG);
		}
		assertThat(first("secret", 0).text()).isEqualTo("hidden");
	}

	@Test
	void aServerThatTellsNoActivityIsNamed() {
		assertThatThrownBy(() -> this.client.activity().handler((event) -> {
		}).start().ended().get(LONG.toSeconds(), TimeUnit.SECONDS)).cause()
			.isInstanceOf(ActivityDisabledException.class)
			.hasMessageContaining("activity.stream.enabled");
	}

	@Test
	void aMessageOverNatsIsStoredWithAllItsParts() throws Exception {
		this.client.streams().create(StreamSpec.named("nats-parts").subject("natsparts").partitions(2));
		Message message = Message.builder()
			.key("k")
			.value("v")
			.header("h", "1")
			.partition(1)
			.correlationId("mine")
			.ackPolicy(AckPolicy.ALL)
			.build();
		Ack ack = get(this.publisher.publish("natsparts", message, LONG));
		assertThat(ack.stream()).isEqualTo("nats-parts");
		assertThat(ack.partition()).isEqualTo(1);
		assertThat(ack.offset()).isZero();
		assertThat(ack.policy()).isEqualTo(AckPolicy.ALL);
		assertThat(ack.correlationId()).isEqualTo("mine");
		assertThat(ack.receptionNanos()).isPositive();
		ReceivedMessage<byte[]> stored = first("nats-parts", 1);
		assertThat(stored.keyText()).isEqualTo("k");
		assertThat(stored.text()).isEqualTo("v");
		assertThat(stored.headers().text("h")).isEqualTo("1");
		assertThat(stored.timestampNanos()).isEqualTo(ack.receptionNanos());
	}

	@Test
	void eachOfManyMessagesOverNatsGetsItsAcknowledgement() throws Exception {
		this.client.streams().create(StreamSpec.named("nats-many"));
		List<CompletableFuture<Ack>> acks = new ArrayList<>();
		for (int i = 0; i < 500; i++) {
			acks.add(this.publisher.publish("nats-many", Message.of("k", "v" + i), LONG));
		}
		for (int i = 0; i < acks.size(); i++) {
			assertThat(get(acks.get(i)).offset()).isEqualTo(i);
		}
	}

	@Test
	void aMessageOverNatsIsStoredInEachStreamOnItsSubject() throws Exception {
		this.client.streams().create(StreamSpec.named("nats-one").subject("shared.*"));
		this.client.streams().create(StreamSpec.named("nats-two").subject("shared.a"));
		Ack ack = get(this.publisher.publish("shared.a", Message.of("k", "v"), LONG));
		assertThat(ack.stream()).isIn("nats-one", "nats-two");
		for (String stream : List.of("nats-one", "nats-two")) {
			ReceivedMessage<byte[]> stored = first(stream, 0);
			assertThat(stored.text()).isEqualTo("v");
			assertThat(stored.subject()).isEqualTo("shared.a");
		}
	}

	@Test
	void acknowledgementsOverNatsArriveAfterAReconnection() throws Exception {
		this.client.streams().create(StreamSpec.named("nats-again"));
		assertThat(get(this.publisher.publish("nats-again", Message.of("k", "v"), LONG)).offset()).isZero();
		this.nats.forceReconnect();
		assertThat(get(this.publisher.publish("nats-again", Message.of("k", "v"), LONG)).offset()).isEqualTo(1);
	}

	@Test
	void refusalsOverNatsAreExceptions() throws Exception {
		this.client.streams().create(StreamSpec.named("nats-occ").optimisticConcurrency(true));
		Message expecting = Message.builder().value("v").expectedOffset(5).build();
		assertThatThrownBy(() -> this.publisher.publish("nats-occ", expecting, LONG).join())
			.isInstanceOf(CompletionException.class)
			.hasCauseInstanceOf(IncorrectOffsetException.class);
		assertThat(
				get(this.publisher.publish("nats-occ", expecting.toBuilder().expectedOffset(0).build(), LONG)).offset())
			.isZero();
		Message large = Message.of("k", "v".repeat(200_000));
		assertThatThrownBy(() -> this.publisher.publish("nats-occ", large, LONG).join())
			.hasCauseInstanceOf(MessageTooLargeException.class);
		assertThatThrownBy(
				() -> this.publisher.publish("nats-nobody", Message.of("k", "v"), Duration.ofMillis(300)).join())
			.hasCauseInstanceOf(AckTimeoutException.class);
	}

	@Test
	void bytesWithoutEnvelopeAreAValueWithoutKey() throws Exception {
		this.client.streams().create(StreamSpec.named("nats-raw"));
		this.publisher.publishRaw("nats-raw", "raw".getBytes(StandardCharsets.UTF_8));
		ReceivedMessage<byte[]> stored = first("nats-raw", 0);
		assertThat(stored.key()).isNull();
		assertThat(stored.text()).isEqualTo("raw");
	}

	@Test
	void aMessageWithoutAcknowledgementIsStored() throws Exception {
		this.client.streams().create(StreamSpec.named("nats-none"));
		Message none = Message.builder().key("k").value("v").ackPolicy(AckPolicy.NONE).build();
		assertThat(get(this.publisher.publish("nats-none", none, LONG)).offset()).isEqualTo(-1);
		assertThat(first("nats-none", 0).keyText()).isEqualTo("k");
	}

	@Test
	void anInboxOfTheUsersOwnGetsTheAcknowledgement() throws Exception {
		this.client.streams().create(StreamSpec.named("nats-inbox"));
		Subscription acks = this.nats.subscribe("acks.mine");
		this.nats.flush(LONG);
		Message message = Message.builder().value("v").ackInbox("acks.mine").correlationId("mine").build();
		try (Producer producer = this.client.producer("nats-inbox").build()) {
			assertThat(producer.sendAndWait(message, LONG).offset()).isZero();
		}
		get(this.publisher.publish("nats-inbox", message, LONG));
		for (long offset = 0; offset < 2; offset++) {
			Ack ack = NatsEnvelope.decode(acks.nextMessage(LONG).getData()).orElseThrow().ack();
			assertThat(ack.stream()).isEqualTo("nats-inbox");
			assertThat(ack.offset()).isEqualTo(offset);
			assertThat(ack.correlationId()).isEqualTo("mine");
		}
	}

	private ReceivedMessage<byte[]> first(String stream, int partition) {
		return this.client.consumer(stream).partition(partition).from(StartPosition.earliest()).iterator().next();
	}

	private static <T> T get(CompletableFuture<T> future) throws Exception {
		return future.get(LONG.toSeconds(), TimeUnit.SECONDS);
	}

}
