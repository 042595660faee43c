package io.liftbridge.test.conformance;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import io.grpc.Status;
import io.liftbridge.proto.Ack;
import io.liftbridge.proto.AckPolicy;
import io.liftbridge.proto.PauseStreamRequest;
import io.liftbridge.proto.PublishAsyncError;
import io.liftbridge.proto.PublishResponse;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Publishing pipelines of messages.
 */
abstract class PublishAsyncScenarios extends Scenarios {

	@Test
	void successCarriesCorrelationIdAndAcknowledgement() {
		String stream = newStream();
		PublishResponse response = openPipe().send(publishRequest(stream).setCorrelationId("c-1")).next();
		assertThat(response.getCorrelationId()).isEqualTo("c-1");
		assertThat(response.hasAsyncError()).isFalse();
		Ack ack = response.getAck();
		assertThat(ack.getStream()).isEqualTo(stream);
		assertThat(ack.getPartitionSubject()).isEqualTo(stream);
		assertThat(ack.getMsgSubject()).isEqualTo(stream);
		assertThat(ack.getOffset()).isZero();
		assertThat(ack.getCorrelationId()).isEqualTo("c-1");
		assertThat(ack.getAckPolicy()).isEqualTo(AckPolicy.LEADER);
		assertThat(ack.getReceptionTimestamp()).isPositive();
		assertThat(ack.getCommitTimestamp()).isGreaterThanOrEqualTo(ack.getReceptionTimestamp());
	}

	@Test
	void commitIsAcknowledged() {
		Ack ack = openPipe().send(publishRequest(newStream()).setAckPolicy(AckPolicy.ALL)).next().getAck();
		assertThat(ack.getAckPolicy()).isEqualTo(AckPolicy.ALL);
		assertThat(ack.getOffset()).isZero();
	}

	@Test
	void callersAckInboxIsIgnored() {
		String inbox = uniqueName("inbox");
		Ack ack = openPipe().send(publishRequest(newStream()).setAckInbox(inbox)).next().getAck();
		assertThat(ack.getAckInbox()).isNotEmpty().isNotEqualTo(inbox);
	}

	@Test
	void withoutPolicySuccessIsSilent() {
		String stream = newStream();
		PublishResponse response = openPipe()
			.send(publishRequest(stream).setAckPolicy(AckPolicy.NONE).setCorrelationId("silent"))
			.send(publishRequest(stream).setCorrelationId("loud"))
			.next();
		assertThat(response.getCorrelationId()).isEqualTo("loud");
		assertThat(response.getAck().getOffset()).isEqualTo(1);
	}

	@Test
	void withoutPolicyFailureIsTold() {
		PublishResponse response = openPipe()
			.send(publishRequest("nope").setAckPolicy(AckPolicy.NONE).setCorrelationId("c-1"))
			.next();
		assertError(response, "c-1", PublishAsyncError.Code.NOT_FOUND, "no such stream: nope");
	}

	@Test
	void emptyCorrelationIdIsEchoed() {
		assertThat(openPipe().send(publishRequest(newStream())).next().getCorrelationId()).isEmpty();
	}

	@Test
	void sameCorrelationIdIsAnsweredTwice() {
		String stream = newStream();
		Pipe pipe = openPipe().send(publishRequest(stream).setCorrelationId("twin"))
			.send(publishRequest(stream).setCorrelationId("twin"));
		assertThat(pipe.responses().next(2)).extracting(PublishResponse::getCorrelationId)
			.containsExactly("twin", "twin");
		assertThat(describePartition(stream, 0).getNewestOffset()).isEqualTo(1);
	}

	@Test
	void unknownStreamIsToldPerMessage() {
		assertError(openPipe().send(publishRequest("nope").setCorrelationId("c-1")).next(), "c-1",
				PublishAsyncError.Code.NOT_FOUND, "no such stream: nope");
	}

	@Test
	void emptyStreamIsUnknown() {
		assertError(openPipe().send(publishRequest("").setCorrelationId("c-1")).next(), "c-1",
				PublishAsyncError.Code.NOT_FOUND, "no such stream: ");
	}

	@Test
	void unknownPartitionIsToldPerMessage() {
		String stream = newStream();
		Pipe pipe = openPipe();
		assertError(pipe.send(publishRequest(stream).setPartition(9).setCorrelationId("c-1")).next(), "c-1",
				PublishAsyncError.Code.NOT_FOUND, "no such partition: 9");
		assertError(pipe.send(publishRequest(stream).setPartition(-1).setCorrelationId("c-2")).next(), "c-2",
				PublishAsyncError.Code.NOT_FOUND, "no such partition: -1");
	}

	@Test
	void readonlyPartitionIsToldPerMessage() {
		String stream = newStream();
		setReadonly(stream, true);
		assertError(openPipe().send(publishRequest(stream).setCorrelationId("c-1")).next(), "c-1",
				PublishAsyncError.Code.READONLY, "readonly partition: 0");
	}

	@Test
	void errorsDoNotEndThePipe() {
		String stream = newStream();
		Pipe pipe = openPipe();
		pipe.send(publishRequest("nope")).next();
		pipe.send(publishRequest(stream).setPartition(9)).next();
		assertThat(pipe.send(publishRequest(stream)).next().getAck().getOffset()).isZero();
		assertThat(pipe.responses().hasEnded()).isFalse();
	}

	@Test
	void orderOfOnePartitionIsKept() {
		String stream = newStream();
		Pipe pipe = openPipe();
		List<String> ids = IntStream.range(0, 500).mapToObj((index) -> "c-" + index).toList();
		ids.forEach((id) -> pipe.send(publishRequest(stream).setCorrelationId(id).setValue(bytes(id))));
		List<PublishResponse> responses = pipe.responses().next(ids.size());
		assertThat(responses).extracting(PublishResponse::getCorrelationId).isEqualTo(ids);
		assertThat(responses).extracting((response) -> response.getAck().getOffset())
			.containsExactlyElementsOf(IntStream.range(0, ids.size()).mapToObj(Long::valueOf).toList());
		assertThat(subscribeFromEarliest(stream).values(ids.size())).isEqualTo(ids);
	}

	@Test
	void onePipeServesManyStreamsAndPartitions() {
		String first = newStream((request) -> request.setPartitions(2));
		String second = newStream();
		Pipe pipe = openPipe().send(publishRequest(first).setCorrelationId("a"))
			.send(publishRequest(first).setPartition(1).setCorrelationId("b"))
			.send(publishRequest(second).setAckPolicy(AckPolicy.ALL).setCorrelationId("c"));
		List<PublishResponse> responses = pipe.responses().next(3);
		assertThat(responses).extracting(PublishResponse::getCorrelationId).containsExactlyInAnyOrder("a", "b", "c");
		assertThat(responses).allSatisfy((response) -> assertThat(response.getAck().getOffset()).isZero());
	}

	@Test
	void closedPipeEndsOnceAllIsAcknowledged() {
		String stream = newStream();
		Pipe pipe = openPipe();
		for (int count = 0; count < 10; count++) {
			pipe.send(publishRequest(stream));
		}
		pipe.requests().onCompleted();
		assertThat(pipe.responses().untilEnd()).hasSize(10);
		assertThat(pipe.responses().end()).isEqualTo(Status.OK);
	}

	@Test
	void deletedStreamIsToldPerMessage() {
		String stream = newStream();
		Pipe pipe = openPipe();
		pipe.send(publishRequest(stream)).next();
		delete(stream);
		assertError(pipe.send(publishRequest(stream).setCorrelationId("c-1")).next(), "c-1",
				PublishAsyncError.Code.NOT_FOUND, "no such stream: " + stream);
	}

	@Test
	void pausedPartitionsAreResumedTogetherIfAskedSoAtPause() {
		String stream = newStream((request) -> request.setPartitions(2));
		api().pauseStream(PauseStreamRequest.newBuilder().setName(stream).setResumeAll(true).build());
		openPipe().send(publishRequest(stream)).next();
		assertThat(describePartition(stream, 1).getNewestOffset()).isEqualTo(-1);
	}

	@Test
	void unusedPipeEndsWhenClosed() {
		Pipe pipe = openPipe();
		pipe.requests().onCompleted();
		assertThat(pipe.responses().end()).isEqualTo(Status.OK);
	}

	@Test
	void closedPipeWaitsFiveSecondsForAcknowledgementsThatNeverCome() {
		String stream = newStream();
		Pipe pipe = openPipe();
		long start = System.nanoTime();
		pipe.send(publishRequest(stream).setAckPolicyValue(7)).requests().onCompleted();
		assertThat(pipe.responses().end()).isEqualTo(Status.OK);
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofMillis(4900),
				Duration.ofSeconds(9));
		assertThat(describePartition(stream, 0).getNewestOffset()).isZero();
	}

	private static void assertError(PublishResponse response, String correlationId, PublishAsyncError.Code code,
			String message) {
		assertThat(response).isEqualTo(PublishResponse.newBuilder()
			.setCorrelationId(correlationId)
			.setAck(Ack.getDefaultInstance())
			.setAsyncError(PublishAsyncError.newBuilder().setCode(code).setMessage(message))
			.build());
	}

}
