package io.liftbridge.client.producer;

import java.util.stream.Stream;

import io.liftbridge.client.message.EncryptionFailedException;
import io.liftbridge.client.message.IncorrectOffsetException;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.LiftbridgeException.Outcome;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.MessageTooLargeException;
import io.liftbridge.client.message.NotAuthorizedException;
import io.liftbridge.client.message.PartitionNotFoundException;
import io.liftbridge.client.message.ReadonlyPartitionException;
import io.liftbridge.client.message.StreamNotFoundException;
import io.liftbridge.proto.PublishAsyncError;
import io.liftbridge.proto.PublishAsyncError.Code;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

class AnswersTests {

	static Stream<Arguments> answers() {
		return Stream.of(
				arguments(Code.NOT_FOUND, "no such stream: orders", StreamNotFoundException.class, Outcome.REFUSED,
						"Create"),
				arguments(Code.NOT_FOUND, "no such stream: partitions", StreamNotFoundException.class, Outcome.REFUSED,
						"Create"),
				arguments(Code.NOT_FOUND, "no such partition: 9", PartitionNotFoundException.class, Outcome.REFUSED,
						"number of partitions"),
				arguments(Code.READONLY, "readonly partition: 3", ReadonlyPartitionException.class, Outcome.REFUSED,
						"read-only"),
				arguments(Code.INCORRECT_OFFSET, "incorrect expected offset", IncorrectOffsetException.class,
						Outcome.REFUSED, "newest offset"),
				arguments(Code.BAD_REQUEST, "message exceeds max replication size", MessageTooLargeException.class,
						Outcome.REFUSED, "clustering.replication.max.bytes"),
				arguments(Code.BAD_REQUEST, "stream with concurrency control must have AckPolicy set",
						InvalidRequestException.class, Outcome.REFUSED, "AckPolicy"),
				arguments(Code.INTERNAL, "failed to publish to NATS: nats: maximum payload exceeded",
						MessageTooLargeException.class, Outcome.REFUSED, "max_payload"),
				arguments(Code.INTERNAL, "failed to resume stream: timeout", LiftbridgeException.class,
						Outcome.INDETERMINATE, "failed to resume"),
				arguments(Code.ENCRYPTION_FAILED, "encryption failed on partition", EncryptionFailedException.class,
						Outcome.REFUSED, "key"),
				// The server stores the message although it says this.
				arguments(Code.PERMISSION_DENIED, "The client is not authorized to call Publish on resource orders",
						NotAuthorizedException.class, Outcome.INDETERMINATE, "policy"),
				arguments(Code.UNKNOWN, "unknown error", LiftbridgeException.class, Outcome.INDETERMINATE,
						"unknown error"));
	}

	@Test
	void saysHowToStoreWhatIsOverTheServersLimit() {
		PublishAsyncError error = PublishAsyncError.newBuilder()
			.setCode(Code.BAD_REQUEST)
			.setMessage("message exceeds max replication size")
			.build();
		assertThat(Answers.failure(error, "orders", 3, 2000, Message.ANY_OFFSET)).hasMessageContaining("2000 bytes")
			.hasMessageContaining("liftbridge.max-message-size")
			.hasMessageContaining("largeMessages")
			.hasMessageContaining("clustering.replication.max.bytes");
	}

	@ParameterizedTest
	@MethodSource("answers")
	void saysWhatHappenedWhereAndWhatToDo(Code code, String text, Class<? extends LiftbridgeException> type,
			Outcome outcome, String remedy) {
		LiftbridgeException failure = Answers
			.failure(PublishAsyncError.newBuilder().setCode(code).setMessage(text).build(), "orders", 3, 1234, 7);
		assertThat(failure).isExactlyInstanceOf(type)
			.hasMessageContaining("stream 'orders' partition 3")
			.hasMessageContaining(code.name())
			.hasMessageContaining(text)
			.hasMessageContaining(remedy);
		assertThat(failure.outcome()).isEqualTo(outcome);
	}

	@Test
	void saysWhichOffsetWasExpectedOrThatNoneWas() {
		PublishAsyncError error = PublishAsyncError.newBuilder()
			.setCode(Code.INCORRECT_OFFSET)
			.setMessage("incorrect expected offset")
			.build();
		assertThat(Answers.failure(error, "orders", 3, 1234, 7)).hasMessageContaining("expected offset 7");
		assertThat(Answers.failure(error, "orders", 3, 1234, Message.ANY_OFFSET))
			.hasMessageContaining("the message says no expectedOffset");
	}

}
