package io.liftbridge.test.conformance;

import java.util.List;

import io.grpc.Status.Code;
import io.liftbridge.proto.Ack;
import io.liftbridge.proto.AckPolicy;
import io.liftbridge.proto.PublishAsyncError;
import io.liftbridge.proto.PublishResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Streams with optimistic concurrency control: messages name the offset they expect to
 * get.
 */
abstract class ConcurrencyControlScenarios extends Scenarios {

	@Test
	void metExpectationIsAccepted() {
		String stream = newControlledStream();
		assertThat(publishExpecting(stream, 0).getOffset()).isZero();
		assertThat(publishExpecting(stream, 1).getOffset()).isEqualTo(1);
		assertThat(publishExpecting(stream, 2).getOffset()).isEqualTo(2);
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, 1, 3, 100, -2 })
	void unmetExpectationIsRefused(long offset) {
		String stream = newControlledStream();
		publishExpecting(stream, 0);
		publishExpecting(stream, 1);
		assertRefused(Code.UNKNOWN, "incorrect expected offset", () -> publishExpecting(stream, offset));
	}

	@Test
	void refusedMessageTakesNoOffset() {
		String stream = newControlledStream();
		publishExpecting(stream, 0);
		assertRefused(Code.UNKNOWN, "incorrect expected offset", () -> publishExpecting(stream, 5));
		assertThat(publishExpecting(stream, 1).getOffset()).isEqualTo(1);
	}

	@Test
	void minusOneExpectsNothing() {
		String stream = newControlledStream();
		assertThat(publishExpecting(stream, -1).getOffset()).isZero();
		assertThat(publishExpecting(stream, -1).getOffset()).isEqualTo(1);
	}

	@Test
	void missingPolicyIsRefused() {
		String stream = newControlledStream();
		assertRefused(Code.INVALID_ARGUMENT, "stream with concurrency control must have AckPolicy set",
				() -> publish(stream, (request) -> request.setAckPolicy(AckPolicy.NONE)));
	}

	@Test
	void readonlyIsToldBeforeMissingPolicy() {
		String stream = newControlledStream();
		setReadonly(stream, true);
		assertRefused(Code.FAILED_PRECONDITION, "readonly partition: 0",
				() -> publish(stream, (request) -> request.setAckPolicy(AckPolicy.NONE)));
	}

	@Test
	void missingPolicyDoesNotResume() {
		String stream = newControlledStream();
		pause(stream);
		assertRefused(Code.INVALID_ARGUMENT, "stream with concurrency control must have AckPolicy set",
				() -> publish(stream, (request) -> request.setAckPolicy(AckPolicy.NONE)));
		assertRefused(Code.FAILED_PRECONDITION, "The request should be sent to partition leader",
				() -> describePartition(stream, 0));
	}

	@Test
	void missingPolicyInPipeIsTold() {
		String stream = newControlledStream();
		PublishResponse response = openPipe()
			.send(publishRequest(stream).setAckPolicy(AckPolicy.NONE).setCorrelationId("c-1"))
			.next();
		assertThat(response.getCorrelationId()).isEqualTo("c-1");
		assertThat(response.getAsyncError().getCode()).isEqualTo(PublishAsyncError.Code.BAD_REQUEST);
		assertThat(response.getAsyncError().getMessage())
			.isEqualTo("stream with concurrency control must have AckPolicy set");
	}

	@Test
	void commitCanBeAwaited() {
		String stream = newControlledStream();
		assertThat(publish(stream, (request) -> request.setExpectedOffset(0).setAckPolicy(AckPolicy.ALL)).getOffset())
			.isZero();
		assertRefused(Code.UNKNOWN, "incorrect expected offset",
				() -> publish(stream, (request) -> request.setExpectedOffset(0).setAckPolicy(AckPolicy.ALL)));
	}

	@Test
	void unmetExpectationInPipeIsToldPerMessage() {
		String stream = newControlledStream();
		Pipe pipe = openPipe();
		for (long expected : List.of(0L, 1L, 1L, 2L)) {
			pipe.send(publishRequest(stream).setExpectedOffset(expected).setCorrelationId("c-" + expected));
		}
		List<PublishResponse> responses = pipe.responses().next(4);
		assertThat(responses).filteredOn(PublishResponse::hasAsyncError)
			.containsExactly(PublishResponse.newBuilder()
				.setCorrelationId("c-1")
				.setAck(Ack.getDefaultInstance())
				.setAsyncError(PublishAsyncError.newBuilder()
					.setCode(PublishAsyncError.Code.INCORRECT_OFFSET)
					.setMessage("incorrect expected offset"))
				.build());
		assertThat(responses).filteredOn((response) -> !response.hasAsyncError())
			.extracting((response) -> response.getAck().getOffset())
			.containsExactly(0L, 1L, 2L);
	}

	@Test
	void pipelineThatExpectsItsOwnOrderIsAccepted() {
		String stream = newControlledStream();
		Pipe pipe = openPipe();
		for (int offset = 0; offset < 100; offset++) {
			pipe.send(publishRequest(stream).setExpectedOffset(offset));
		}
		assertThat(pipe.responses().next(100)).noneMatch(PublishResponse::hasAsyncError);
		assertThat(describePartition(stream, 0).getNewestOffset()).isEqualTo(99);
	}

	@Test
	void eachPartitionCountsForItself() {
		String stream = newStream((request) -> request.setOptimisticConcurrencyControl(enabled()).setPartitions(2));
		publishExpecting(stream, 0);
		assertThat(publish(stream, (request) -> request.setPartition(1).setExpectedOffset(0)).getOffset()).isZero();
	}

	private String newControlledStream() {
		return newStream((request) -> request.setOptimisticConcurrencyControl(enabled()));
	}

	private Ack publishExpecting(String stream, long offset) {
		return publish(stream, (request) -> request.setExpectedOffset(offset));
	}

}
