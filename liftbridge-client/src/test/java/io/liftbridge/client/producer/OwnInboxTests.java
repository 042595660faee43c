package io.liftbridge.client.producer;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

import io.grpc.Status;
import io.liftbridge.client.fake.FakeClusterTest;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.AckPolicy;
import io.liftbridge.client.message.AckTimeoutException;
import io.liftbridge.client.message.ClientClosedException;
import io.liftbridge.client.message.EncryptionFailedException;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.LiftbridgeException.Outcome;
import io.liftbridge.client.message.Message;
import io.liftbridge.proto.PublishRequest;
import io.liftbridge.proto.PublishResponse;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Marks and acknowledgement inboxes of the user's own.
 */
class OwnInboxTests extends FakeClusterTest {

	private static final Message INBOX = Message.builder()
		.key("k")
		.value("v")
		.header("h", "1")
		.ackInbox("acks.mine")
		.correlationId("mine")
		.build();

	@Test
	void givesTheMarkBackFromThePipe() {
		Producer producer = this.client.producer("orders").build();
		Ack marked = get(producer.send(Message.builder().value("v").correlationId("mine").build()));
		assertThat(marked.correlationId()).isEqualTo("mine");
		assertThat(get(producer.send(Message.of("k", "v"))).correlationId()).isEmpty();
		Message none = Message.builder().value("v").correlationId("mine").ackPolicy(AckPolicy.NONE).build();
		assertThat(get(producer.send(none)).correlationId()).isEqualTo("mine");
	}

	@Test
	void sendsAMessageWithAnInboxInACallOfItsOwn() {
		AtomicReference<PublishRequest> seen = new AtomicReference<>();
		this.broker.<PublishRequest, PublishResponse>on("Publish", (request, observer, usual) -> {
			seen.set(request);
			usual.run();
		});
		Producer producer = this.client.producer("orders").ackPolicy(AckPolicy.ALL).build();
		assertThat(get(producer.send(Message.of("k", "before"))).offset()).isZero();
		assertThat(get(producer.send(INBOX))).isEqualTo(new Ack("orders", 0, 1, AckPolicy.ALL, 0, 0, "mine"));
		assertThat(seen.get().getAckInbox()).isEqualTo("acks.mine");
		assertThat(seen.get().getCorrelationId()).isEqualTo("mine");
		assertThat(seen.get().getExpectedOffset()).isEqualTo(Message.ANY_OFFSET);
		assertThat(seen.get().getHeadersMap().get("h").toStringUtf8()).isEqualTo("1");
		await().until(() -> producer.inFlight() == 0);
	}

	@Test
	void saysWhyItFailed() {
		this.broker.<PublishRequest, PublishResponse>on("Publish", (request, observer, usual) -> observer
			.onError(Status.INTERNAL.withDescription("encryption failed on partition").asRuntimeException()));
		Producer producer = this.client.producer("orders").ackTimeout(Duration.ofSeconds(2)).build();
		assertThat(failure(producer.send(INBOX))).isInstanceOf(EncryptionFailedException.class)
			.hasMessageContaining("'orders'");
		this.broker.hang("Publish");
		assertThat(failure(producer.send(INBOX))).isInstanceOf(AckTimeoutException.class)
			.satisfies((timeout) -> assertThat(timeout.outcome()).isEqualTo(Outcome.INDETERMINATE));
		await().until(() -> producer.inFlight() == 0);
	}

	@Test
	void flushWaitsForItAndCloseFailsIt() {
		this.broker.hang("Publish");
		Producer producer = this.client.producer("orders").build();
		CompletableFuture<Ack> open = producer.send(INBOX);
		assertThat(producer.flush(Duration.ofMillis(100))).isFalse();
		producer.close(Duration.ZERO);
		assertThat(failure(open)).isInstanceOf(ClientClosedException.class);
	}

	@Test
	void refusesAnInboxThatCannotWork() {
		Producer producer = this.client.producer("orders").build();
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> producer.send(INBOX.toBuilder().ackInbox("a.*").build()))
			.withMessageContaining("a.*");
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> producer.send(INBOX.toBuilder().ackPolicy(AckPolicy.NONE).build()))
			.withMessageContaining("'acks.mine'");
	}

}
