package io.liftbridge.embedded;

import java.time.Duration;
import java.util.stream.IntStream;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.liftbridge.proto.Ack;
import io.liftbridge.proto.AckPolicy;
import io.liftbridge.proto.PublishAsyncError;
import io.liftbridge.proto.PublishResponse;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static io.liftbridge.embedded.RawClient.message;
import static io.liftbridge.embedded.RawClient.stream;
import static org.assertj.core.api.Assertions.assertThat;

class PublishAsyncTests extends BrokerTest {

	@Test
	void acknowledgesInOrder() {
		this.client.create("s", 1);
		Pipe pipe = this.client.pipe();
		for (int i = 0; i < 5000; i++) {
			pipe.send(message("s", "v" + i).setCorrelationId("c" + i));
		}
		assertThat(pipe.awaitResponses(5000)).extracting(PublishResponse::getCorrelationId)
			.containsExactlyElementsOf(IntStream.range(0, 5000).mapToObj((i) -> "c" + i).toList());
		assertThat(pipe.responses()).extracting((response) -> response.getAck().getOffset())
			.containsExactlyElementsOf(IntStream.range(0, 5000).mapToObj((i) -> (long) i).toList());
		assertThat(pipe.responses()).allSatisfy((response) -> {
			assertThat(response.hasAsyncError()).isFalse();
			assertThat(response.getAck().getCorrelationId()).isEqualTo(response.getCorrelationId());
		});
		Subscriber subscriber = this.client.subscribe(RawClient.fromEarliest("s"));
		subscriber.awaitMessages(5000);
		assertThat(subscriber.values())
			.containsExactlyElementsOf(IntStream.range(0, 5000).mapToObj((i) -> "v" + i).toList());
	}

	@Test
	void tellsFailuresBesideAnEmptyAckAndGoesOn() {
		this.client.create("s", 1);
		Pipe pipe = this.client.pipe();
		pipe.send(message("nope", "v").setCorrelationId("c1"));
		pipe.send(message("s", "v").setPartition(9).setCorrelationId("c2"));
		pipe.send(message("", "v"));
		pipe.send(message("s", "v").setCorrelationId("c3"));
		assertThat(pipe.awaitResponses(4)).containsSubsequence(
				error("c1", PublishAsyncError.Code.NOT_FOUND, "no such stream: nope"),
				error("c2", PublishAsyncError.Code.NOT_FOUND, "no such partition: 9"),
				error("", PublishAsyncError.Code.NOT_FOUND, "no such stream: "));
		assertThat(pipe.responses().get(3).getAck().getOffset()).isZero();
		assertThat(pipe.isOpen()).isTrue();
	}

	private static PublishResponse error(String correlationId, PublishAsyncError.Code code, String text) {
		return PublishResponse.newBuilder()
			.setCorrelationId(correlationId)
			.setAck(Ack.getDefaultInstance())
			.setAsyncError(PublishAsyncError.newBuilder().setCode(code).setMessage(text))
			.build();
	}

	@Test
	void tellsOtherFailures() {
		this.client.create(stream("occ").setOptimisticConcurrencyControl(PauseAndReadonlyTests.yes()));
		this.client.create("ro", 1);
		this.client.setReadonly("ro", true);
		this.client.create("s", 1);
		assertThat(this.client.pipe().send(message("ro", "v")).awaitError())
			.isEqualTo("READONLY readonly partition: 0");
		assertThat(this.client.pipe().send(message("occ", "v").setExpectedOffset(3)).awaitError())
			.isEqualTo("INCORRECT_OFFSET incorrect expected offset");
		assertThat(this.client.pipe().send(message("occ", "v").setAckPolicy(AckPolicy.NONE)).awaitError())
			.isEqualTo("BAD_REQUEST stream with concurrency control must have AckPolicy set");
		assertThat(this.client.pipe()
			.send(message("s", "").setValue(ByteString.copyFrom(new byte[1024 * 1024])).setAckPolicy(AckPolicy.NONE))
			.awaitError()).isEqualTo("BAD_REQUEST message exceeds max replication size");
	}

	@Test
	void answersPolicyNoneOnlyOnFailure() {
		this.client.create("s", 1);
		Pipe pipe = this.client.pipe();
		pipe.send(message("s", "v").setAckPolicy(AckPolicy.NONE).setCorrelationId("c1"));
		pipe.send(message("nope", "v").setAckPolicy(AckPolicy.NONE).setCorrelationId("c2"));
		pipe.send(message("s", "v").setCorrelationId("c3"));
		assertThat(pipe.awaitResponses(2)).extracting(PublishResponse::getCorrelationId).containsExactly("c2", "c3");
		assertThat(pipe.responses().get(1).getAck().getOffset()).isOne();
	}

	@Test
	void ignoresTheRequestsAckInbox() {
		this.client.create("s", 1);
		Pipe pipe = this.client.pipe().send(message("s", "v").setAckInbox("mine"));
		assertThat(pipe.awaitResponses(1).get(0).getAck().getAckInbox()).startsWith("liftbridge-default.ack.");
	}

	@Test
	void answersOncePerStreamOfASubject() {
		this.client.create(stream("s1").setSubject("shared"));
		this.client.create(stream("s2").setSubject("shared"));
		Pipe pipe = this.client.pipe().send(message("s1", "v").setCorrelationId("c"));
		assertThat(pipe.awaitResponses(2)).extracting((response) -> response.getAck().getStream())
			.containsExactlyInAnyOrder("s1", "s2");
	}

	@Test
	void endsPromptlyAfterHalfCloseOnceAllIsAcknowledged() {
		this.client.create("s", 1);
		Pipe pipe = this.client.pipe();
		for (int i = 0; i < 2000; i++) {
			pipe.send(message("s", "v"));
		}
		long start = System.nanoTime();
		pipe.halfClose();
		assertThat(pipe.awaitEnd().isOk()).isTrue();
		assertThat(pipe.responses()).hasSize(2000);
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
	}

	@Test
	void waitsFiveSecondsForAcksThatDoNotCome() {
		this.client.create("s", 1);
		Pipe pipe = this.client.pipe().send(message("s", "v").setAckPolicyValue(7));
		long start = System.nanoTime();
		pipe.halfClose();
		assertThat(pipe.awaitEnd().isOk()).isTrue();
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofMillis(4900),
				Duration.ofSeconds(8));
	}

	@Test
	void endsTheCallOnAnOversizedRequest() {
		this.client.create("s", 1);
		Pipe pipe = this.client.pipe().send(message("s", "").setValue(ByteString.copyFrom(new byte[4 * 1024 * 1024])));
		Status end = pipe.awaitEnd();
		assertThat(end.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
		assertThat(end.getDescription())
			.matches("grpc: received message larger than max \\(41943\\d\\d vs. 4194304\\)");
	}

	@Test
	void resumesPausedPartitions() {
		this.client.create("s", 1);
		this.client.pause("s");
		assertThat(this.client.pipe().send(message("s", "v")).awaitResponses(1).get(0).getAck().getOffset()).isZero();
	}

	@Test
	void doesNotReadOnForAClientThatDoesNotReadItsAnswers() {
		this.client.create("s", 1);
		Pipe deaf = new Pipe(this.client.channel(), 0);
		int sent = 100_000;
		for (int i = 0; i < sent; i++) {
			deaf.send(message("s", "v").setCorrelationId("a-correlation-id-of-some-length-" + i));
		}
		Awaitility.await()
			.during(Duration.ofMillis(500))
			.atMost(Duration.ofSeconds(20))
			.until(new NoChange(() -> this.client.partition("s", 0).getNewestOffset()));
		assertThat(this.client.partition("s", 0).getNewestOffset()).isLessThan(sent - 1);
		deaf.request(sent);
		assertThat(deaf.awaitResponses(sent)).hasSize(sent);
	}

}
