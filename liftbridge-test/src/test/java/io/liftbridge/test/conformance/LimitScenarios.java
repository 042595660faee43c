package io.liftbridge.test.conformance;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.liftbridge.proto.Ack;
import io.liftbridge.proto.AckPolicy;
import io.liftbridge.proto.PublishAsyncError;
import io.liftbridge.proto.PublishRequest;
import io.liftbridge.proto.PublishResponse;
import io.liftbridge.proto.PublishToSubjectRequest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Messages that are too large.
 */
abstract class LimitScenarios extends Scenarios {

	private static final int REPLICATION_LIMIT = 1024 * 1024;

	private static final int CALL_LIMIT = 4 * 1024 * 1024;

	@Test
	void almostAMebibyteIsAccepted() {
		String stream = newStream();
		ByteString value = zeros(REPLICATION_LIMIT - 1024);
		assertThat(publish(stream, (request) -> request.setValue(value)).getOffset()).isZero();
		assertThat(subscribeFromEarliest(stream).next().getValue()).isEqualTo(value);
	}

	@Test
	void aMebibyteAndItsEnvelopeAreRefused() {
		String stream = newStream();
		assertRefused(Code.INVALID_ARGUMENT, "message exceeds max replication size",
				() -> publish(stream, (request) -> request.setValue(zeros(REPLICATION_LIMIT))));
		assertThat(publish(stream, "small").getOffset()).isZero();
	}

	@Test
	void largeKeyAndHeadersCountToo() {
		String stream = newStream();
		assertRefused(Code.INVALID_ARGUMENT, "message exceeds max replication size",
				() -> publish(stream, (request) -> request.setKey(zeros(REPLICATION_LIMIT))));
		assertRefused(Code.INVALID_ARGUMENT, "message exceeds max replication size",
				() -> publish(stream, (request) -> request.putHeaders("large", zeros(REPLICATION_LIMIT))));
	}

	@Test
	void tooLargeMessageInPipeIsToldAndThePipeGoesOn() {
		String stream = newStream();
		Pipe pipe = openPipe();
		PublishResponse response = pipe
			.send(publishRequest(stream).setValue(zeros(REPLICATION_LIMIT)).setCorrelationId("c-1"))
			.next();
		assertThat(response).isEqualTo(PublishResponse.newBuilder()
			.setCorrelationId("c-1")
			.setAck(Ack.getDefaultInstance())
			.setAsyncError(PublishAsyncError.newBuilder()
				.setCode(PublishAsyncError.Code.BAD_REQUEST)
				.setMessage("message exceeds max replication size"))
			.build());
		assertThat(pipe.send(publishRequest(stream)).next().getAck().getOffset()).isZero();
	}

	@Test
	void tooLargeMessageForSubjectIsToldInTheAcknowledgement() {
		String stream = newStream();
		Ack ack = api()
			.publishToSubject(
					PublishToSubjectRequest.newBuilder().setSubject(stream).setValue(zeros(REPLICATION_LIMIT)).build())
			.getAck();
		assertThat(ack.getAckError()).isEqualTo(Ack.Error.TOO_LARGE);
		assertThat(ack.getStream()).isEqualTo(stream);
		assertThat(ack.getOffset()).isZero();
		assertThat(ack.getCommitTimestamp()).isZero();
	}

	@Test
	void tooLargeMessageWithoutPolicyIsDroppedSilently() {
		String stream = newStream();
		PublishRequest.Builder request = publishRequest(stream).setValue(zeros(REPLICATION_LIMIT));
		assertThat(api().publish(request.setAckPolicy(AckPolicy.NONE).build()))
			.isEqualTo(PublishResponse.getDefaultInstance());
		assertThat(publish(stream, "small").getOffset()).isZero();
	}

	@Test
	void callOfMoreThanFourMebibytesIsRefused() {
		PublishRequest request = publishRequest(newStream()).setValue(zeros(CALL_LIMIT)).build();
		assertRefused(Code.RESOURCE_EXHAUSTED, tooLarge(request), () -> api().publish(request));
	}

	@Test
	void callOfMoreThanFourMebibytesEndsThePipe() {
		PublishRequest.Builder request = publishRequest(newStream()).setValue(zeros(CALL_LIMIT));
		Status end = openPipe().send(request).responses().end();
		assertStatus(end, Code.RESOURCE_EXHAUSTED, tooLarge(request.build()));
	}

	private static String tooLarge(PublishRequest request) {
		return "grpc: received message larger than max (" + request.getSerializedSize() + " vs. " + CALL_LIMIT + ")";
	}

	private static ByteString zeros(int size) {
		return ByteString.copyFrom(new byte[size]);
	}

}
