package io.liftbridge.test.conformance;

import io.grpc.Status.Code;
import io.liftbridge.proto.CreateStreamRequest;
import io.liftbridge.proto.StreamMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Deleting streams.
 */
abstract class DeleteStreamScenarios extends Scenarios {

	@ParameterizedTest
	@ValueSource(strings = { "", "no-such-stream" })
	void unknownStreamIsNotFound(String name) {
		assertRefused(Code.NOT_FOUND, "stream does not exist", () -> delete(name));
	}

	@ParameterizedTest
	@ValueSource(strings = { "__cursors", "__activity" })
	void reservedStreamIsRefused(String name) {
		assertRefused(Code.INVALID_ARGUMENT, "Stream is reserved", () -> delete(name));
	}

	@Test
	void deletedStreamIsUnknown() {
		String stream = newStreamWith("value");
		delete(stream);
		assertThat(describe(stream).getError()).isEqualTo(StreamMetadata.Error.UNKNOWN_STREAM);
		assertRefused(Code.NOT_FOUND, "no such stream: " + stream, () -> publish(stream, "value"));
		assertStatus(subscribe(stream, (request) -> request).end(), Code.NOT_FOUND, "No such partition");
	}

	@Test
	void streamCanBeDeletedOnce() {
		String stream = newStream();
		delete(stream);
		assertRefused(Code.NOT_FOUND, "stream does not exist", () -> delete(stream));
	}

	@Test
	void recreatedStreamStartsAtOffsetZero() {
		String stream = newStreamWith("a", "b");
		delete(stream);
		api().createStream(CreateStreamRequest.newBuilder().setName(stream).setSubject(stream).build());
		assertThat(publish(stream, "c").getOffset()).isZero();
		assertThat(subscribeFromEarliest(stream).values(1)).containsExactly("c");
	}

	@Test
	void subscriptionsOfDeletedStreamEnd() {
		String stream = newStreamWith("value");
		Subscriber subscriber = subscribeFromEarliest(stream);
		subscriber.next();
		delete(stream);
		assertStatus(subscriber.end(), Code.NOT_FOUND, "commit log was deleted");
	}

	@Test
	void readonlyStreamCanBeDeleted() {
		String stream = newStreamWith("value");
		setReadonly(stream, true);
		delete(stream);
		assertThat(describe(stream).getError()).isEqualTo(StreamMetadata.Error.UNKNOWN_STREAM);
	}

	@Test
	void pausedStreamCanBeDeleted() {
		String stream = newStreamWith("value");
		pause(stream);
		delete(stream);
		assertThat(describe(stream).getError()).isEqualTo(StreamMetadata.Error.UNKNOWN_STREAM);
	}

}
