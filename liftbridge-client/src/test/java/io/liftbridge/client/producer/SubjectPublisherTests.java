package io.liftbridge.client.producer;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

import io.liftbridge.client.fake.FakeClusterTest;
import io.liftbridge.client.message.AckPolicy;
import io.liftbridge.client.message.AckTimeoutException;
import io.liftbridge.client.message.EncryptionFailedException;
import io.liftbridge.client.message.IncorrectOffsetException;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.LiftbridgeException.Outcome;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.MessageTooLargeException;
import io.liftbridge.proto.Ack;
import io.liftbridge.proto.PublishToSubjectRequest;
import io.liftbridge.proto.PublishToSubjectResponse;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class SubjectPublisherTests extends FakeClusterTest {

	private void answer(Ack.Error error) {
		this.broker.<Object, PublishToSubjectResponse>on("PublishToSubject", (request, observer, usual) -> {
			observer.onNext(PublishToSubjectResponse.newBuilder()
				.setAck(Ack.newBuilder().setStream("orders").setAckError(error))
				.build());
			observer.onCompleted();
		});
	}

	@Test
	void sendsEachPartOfAMessage() {
		AtomicReference<PublishToSubjectRequest> seen = new AtomicReference<>();
		this.broker.<PublishToSubjectRequest, Object>on("PublishToSubject", (request, observer, usual) -> {
			seen.set(request);
			usual.run();
		});
		io.liftbridge.client.message.Ack ack = get(this.client.publishToSubject("a.b",
				Message.builder().key("k").value("v").header("h", "1").partition(2).ackPolicy(AckPolicy.ALL).build(),
				LONG));
		assertThat(ack.offset()).isEqualTo(7);
		assertThat(seen.get().getSubject()).isEqualTo("a.b.2");
		assertThat(seen.get().getKey().toStringUtf8()).isEqualTo("k");
		assertThat(seen.get().getValue().toStringUtf8()).isEqualTo("v");
		assertThat(seen.get().getHeadersMap().get("h").toStringUtf8()).isEqualTo("1");
		assertThat(seen.get().getAckPolicy()).isEqualTo(io.liftbridge.proto.AckPolicy.ALL);
		get(this.client.publishToSubject("a.b", Message.builder().partition(0).build(), LONG));
		assertThat(seen.get().getSubject()).as("partition 0 is the subject itself").isEqualTo("a.b");
	}

	@Test
	void looksForTheErrorInsideTheAck() {
		answer(Ack.Error.INCORRECT_OFFSET);
		assertThat(failure(this.client.publishToSubject("a", Message.of("k", "v"), LONG)))
			.isInstanceOf(IncorrectOffsetException.class)
			.hasMessageContaining("subject 'a'")
			.hasMessageContaining("'orders'");
		answer(Ack.Error.TOO_LARGE);
		assertThat(failure(this.client.publishToSubject("a", Message.of("k", "v"), LONG)))
			.isInstanceOf(MessageTooLargeException.class)
			.hasMessageContaining("'orders'");
		answer(Ack.Error.ENCRYPTION);
		assertThat(failure(this.client.publishToSubject("a", Message.of("k", "v"), LONG)))
			.isInstanceOf(EncryptionFailedException.class)
			.hasMessageContaining("'orders'");
		answer(Ack.Error.UNKNOWN);
		assertThat(failure(this.client.publishToSubject("a", Message.of("k", "v"), LONG)))
			.isExactlyInstanceOf(LiftbridgeException.class);
	}

	@Test
	void passesInboxAndMarkOnAndRefusesWhatItCannotSay() {
		AtomicReference<PublishToSubjectRequest> seen = new AtomicReference<>();
		this.broker.<PublishToSubjectRequest, Object>on("PublishToSubject", (request, observer, usual) -> {
			seen.set(request);
			usual.run();
		});
		assertThat(get(this.client.publishToSubject("a",
				Message.builder().value("v").ackInbox("acks.mine").correlationId("mine").build(), LONG))
			.correlationId()).isEqualTo("mine");
		assertThat(seen.get().getAckInbox()).isEqualTo("acks.mine");
		assertThat(seen.get().getCorrelationId()).isEqualTo("mine");
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(
				() -> this.client.publishToSubject("a", Message.builder().value("v").expectedOffset(3).build(), LONG))
			.withMessageContaining("offset 3");
	}

	@Test
	void saysThatNobodyListens() {
		this.broker.hang("PublishToSubject");
		LiftbridgeException failure = failure(
				this.client.publishToSubject("a.b", Message.of("k", "v"), Duration.ofMillis(200)));
		assertThat(failure).isInstanceOf(AckTimeoutException.class)
			.hasMessageContaining("'a.b'")
			.hasMessageContaining("No stream listens");
		assertThat(failure.outcome()).isEqualTo(Outcome.INDETERMINATE);
	}

	@Test
	void refusesSubjectsThatReachNobodyOrEverybody() {
		for (String subject : new String[] { "", "a b", "a.*", ">", "a..b" }) {
			assertThatExceptionOfType(InvalidRequestException.class)
				.isThrownBy(() -> this.client.publishToSubject(subject, Message.of("k", "v"), LONG));
		}
	}

	@Test
	void refusesATooLargeMessageBeforeItIsSent() {
		client(builder().maxMessageBytes(1000));
		assertThatExceptionOfType(MessageTooLargeException.class)
			.isThrownBy(() -> this.client.publishToSubject("a", Message.of("k", "v".repeat(2000)), LONG))
			.withMessageContaining("'a'")
			.withMessageContaining("liftbridge.max-message-size");
		assertThat(this.broker.count("PublishToSubject")).isZero();
	}

}
