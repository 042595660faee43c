package io.liftbridge.client.nats;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.AckPolicy;
import io.liftbridge.client.message.AckTimeoutException;
import io.liftbridge.client.message.BrokerUnavailableException;
import io.liftbridge.client.message.ClientClosedException;
import io.liftbridge.client.message.IncorrectOffsetException;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.LiftbridgeException.Outcome;
import io.liftbridge.client.message.MalformedEntryException;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.MessageTooLargeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class NatsPublisherTests {

	private static final Duration LONG = Duration.ofSeconds(20);

	private final FakeNats nats = new FakeNats();

	private final NatsPublisher publisher = new NatsPublisher(this.nats.connection());

	@AfterEach
	void close() {
		this.publisher.close();
	}

	@Test
	void givesBackTheAcknowledgement() throws Exception {
		this.nats.answer = FakeNats
			.acknowledging(io.liftbridge.proto.Ack.newBuilder().setStream("orders").setOffset(4));
		Message message = Message.builder().value("v").partition(2).correlationId("mine").build();
		Ack ack = this.publisher.publish("a.b", message, LONG).get(20, TimeUnit.SECONDS);
		assertThat(ack).isEqualTo(new Ack("orders", 2, 4, AckPolicy.LEADER, 0, 0, "mine"));
		assertThat(this.nats.subject).isEqualTo("a.b.2");
	}

	@Test
	void failsWithWhatTheLeaderSays() {
		this.nats.answer = FakeNats.acknowledging(io.liftbridge.proto.Ack.newBuilder()
			.setStream("orders")
			.setMsgSubject("a")
			.setAckError(io.liftbridge.proto.Ack.Error.INCORRECT_OFFSET));
		assertThat(failure(this.publisher.publish("a", Message.of("k", "v"), LONG)))
			.isInstanceOf(IncorrectOffsetException.class)
			.hasMessageContaining("'a'")
			.hasMessageContaining("'orders'");
	}

	@Test
	void failsWithWhatCannotBeRead() {
		this.nats.answer = (message) -> new byte[] { 1, 2, 3 };
		assertThat(failure(this.publisher.publish("a", Message.of("k", "v"), LONG)))
			.isInstanceOf(MalformedEntryException.class);
	}

	@Test
	void saysThatNobodyAnswered() {
		LiftbridgeException failure = failure(
				this.publisher.publish("a.b", Message.of("k", "v"), Duration.ofMillis(50)));
		assertThat(failure).isInstanceOf(AckTimeoutException.class)
			.hasMessageContaining("'a.b'")
			.hasMessageContaining("CONNECTED");
		assertThat(failure.outcome()).isEqualTo(Outcome.INDETERMINATE);
	}

	@Test
	void waitsForNothingThatWasNotAskedFor() {
		Message none = Message.builder().value("v").ackPolicy(AckPolicy.NONE).correlationId("mine").build();
		CompletableFuture<Ack> sent = this.publisher.publish("a", none, LONG);
		assertThat(sent).isCompletedWithValue(new Ack("", 0, -1, AckPolicy.NONE, 0, 0, "mine"));
		Message elsewhere = Message.builder().value("v").ackInbox("acks.mine").build();
		assertThat(this.publisher.publish("a", elsewhere, LONG)).isCompleted();
		assertThat(NatsEnvelope.decode(this.nats.data).orElseThrow().message().ackInbox()).isEqualTo("acks.mine");
	}

	@Test
	void sendsBytesAsTheyAre() {
		this.publisher.publishRaw("a", new byte[] { 1, 2 });
		assertThat(this.nats.data).containsExactly(1, 2);
	}

	@Test
	void refusesBytesThatWouldStopAServer() {
		byte[] deadly = { (byte) 0xB9, 0x0E, 0x43, (byte) 0xB4, 0, 100, 0, 0 };
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> this.publisher.publishRaw("a", deadly))
			.withMessageContaining("'a'");
		assertThat(this.nats.data).isNull();
	}

	@Test
	void refusesWhatIsTooLargeAndSubjectsThatReachEverybody() {
		Message large = Message.of("k", "v".repeat(2000));
		assertThatExceptionOfType(MessageTooLargeException.class)
			.isThrownBy(() -> this.publisher.publish("a", large, LONG))
			.withMessageContaining("'a'")
			.withMessageContaining("1000");
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> this.publisher.publish("a.*", Message.of("k", "v"), LONG));
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> this.publisher.publish("a", Message.builder().value("v").ackInbox("b.>").build(), LONG));
	}

	@Test
	void saysThatTheConnectionIsClosed() {
		this.nats.refusal = new IllegalStateException("Connection is Closed");
		LiftbridgeException failure = failure(this.publisher.publish("a", Message.of("k", "v"), LONG));
		assertThat(failure).isInstanceOf(BrokerUnavailableException.class).hasMessageContaining("Connection is Closed");
		assertThat(failure.outcome()).isEqualTo(Outcome.NOT_SENT);
	}

	@Test
	void listensAtOneInboxForAllMessagesUntilItIsClosed() throws Exception {
		this.nats.answer = FakeNats.acknowledging(io.liftbridge.proto.Ack.newBuilder().setStream("orders"));
		// Several streams on the subject.
		this.nats.answers = 3;
		for (int i = 0; i < 5; i++) {
			assertThat(this.publisher.publish("a", Message.of("k", "v"), LONG).get(20, TimeUnit.SECONDS).stream())
				.isEqualTo("orders");
		}
		this.publisher.close();
		assertThat(this.nats.listening).containsExactly("subscribe _INBOX.test.*", "closeDispatcher");
	}

	@Test
	void listensAgainAfterAFailureToListen() throws Exception {
		this.nats.answer = FakeNats.acknowledging(io.liftbridge.proto.Ack.newBuilder().setStream("orders"));
		this.nats.deafness = new IllegalStateException("Connection is Closed");
		assertThatExceptionOfType(BrokerUnavailableException.class)
			.isThrownBy(() -> this.publisher.publish("a", Message.of("k", "v"), LONG))
			.withMessageContaining("Connection is Closed");
		assertThat(this.nats.data).isNull();
		this.publisher.publish("a", Message.of("k", "v"), LONG).get(20, TimeUnit.SECONDS);
		assertThat(this.nats.listening).containsExactly("subscribe _INBOX.test.*");
	}

	@Test
	void failsWhatIsOpenWhenItIsClosed() {
		CompletableFuture<Ack> open = this.publisher.publish("a", Message.of("k", "v"), LONG);
		this.publisher.close();
		this.publisher.close();
		assertThat(failure(open)).isInstanceOf(ClientClosedException.class);
		assertThatExceptionOfType(ClientClosedException.class)
			.isThrownBy(() -> this.publisher.publish("a", Message.of("k", "v"), LONG));
	}

	private static LiftbridgeException failure(CompletableFuture<?> future) {
		try {
			throw new AssertionError("Expected a failure, but there was " + future.get(20, TimeUnit.SECONDS));
		}
		catch (ExecutionException ex) {
			return (LiftbridgeException) ex.getCause();
		}
		catch (Exception ex) {
			throw new AssertionError(ex);
		}
	}

}
