package io.liftbridge.embedded;

import com.google.protobuf.ByteString;
import io.liftbridge.proto.Ack;
import io.liftbridge.proto.AckPolicy;
import io.liftbridge.proto.Message;
import io.liftbridge.proto.PublishToSubjectRequest;
import org.junit.jupiter.api.Test;

import static io.liftbridge.embedded.RawClient.stream;
import static org.assertj.core.api.Assertions.assertThat;

class PublishToSubjectTests extends BrokerTest {

	private static PublishToSubjectRequest.Builder to(String subject) {
		return PublishToSubjectRequest.newBuilder().setSubject(subject).setValue(ByteString.copyFromUtf8("v"));
	}

	private Ack publish(PublishToSubjectRequest.Builder request) {
		return this.client.call().publishToSubject(request.build()).getAck();
	}

	private String timeout(String subject) {
		return RawClient.failureOf(() -> this.client.call(100).publishToSubject(to(subject).build()));
	}

	@Test
	void reachesTheStreamsThatListen() {
		this.client.create(stream("s").setSubject("a.b").setPartitions(2));
		Ack ack = publish(to("a.b.1").setCorrelationId("c"));
		assertThat(ack.getStream()).isEqualTo("s");
		assertThat(ack.getMsgSubject()).isEqualTo("a.b.1");
		assertThat(ack.getPartitionSubject()).isEqualTo("a.b");
		assertThat(ack.getCorrelationId()).isEqualTo("c");
		assertThat(this.client.partition("s", 1).getNewestOffset()).isZero();
	}

	@Test
	void reachesNobodyAtPartitionZeroByNumber() {
		this.client.create("s", 2);
		assertThat(timeout("s.0")).startsWith("DEADLINE_EXCEEDED");
		assertThat(timeout("s.2")).startsWith("DEADLINE_EXCEEDED");
		assertThat(timeout("*")).startsWith("DEADLINE_EXCEEDED");
	}

	@Test
	void matchesWildcards() {
		this.client.create(stream("one").setSubject("x.*"));
		this.client.create(stream("rest").setSubject("x.y.>"));
		assertThat(publish(to("x.q")).getStream()).isEqualTo("one");
		assertThat(publish(to("x.y.z")).getStream()).isEqualTo("rest");
		assertThat(publish(to("x.y.z.z")).getStream()).isEqualTo("rest");
		assertThat(timeout("x")).startsWith("DEADLINE_EXCEEDED");
		assertThat(timeout("y.q")).startsWith("DEADLINE_EXCEEDED");
		Message stored = this.client.subscribe(RawClient.fromEarliest("one")).awaitMessages(1).get(0);
		assertThat(stored.getSubject()).isEqualTo("x.q");
		assertThat(stored.getHeadersMap().get("subject").toStringUtf8()).isEqualTo("x.q");
	}

	@Test
	void answersEmptyWithoutWaiting() {
		assertThat(this.client.withoutDeadline().publishToSubject(to("nobody").build()).hasAck()).isFalse();
		assertThat(this.client.call().publishToSubject(to("nobody").setAckPolicy(AckPolicy.NONE).build()).hasAck())
			.isFalse();
	}

	@Test
	void refusesAnEmptySubject() {
		assertThat(this.client.failure((call) -> call.publishToSubject(to("").build())))
			.isEqualTo("UNKNOWN failed to publish to NATS: nats: invalid subject");
		assertThat(this.client.failure((call) -> call.publishToSubject(to("s").setAckInbox("a..b").build())))
			.isEqualTo("UNKNOWN failed to subscribe to ack inbox: nats: invalid subject");
	}

	@Test
	void takesASecondWordAsReplySubject() {
		this.client.create("a", 1);
		publish(to("a b"));
		Message stored = this.client.subscribe(RawClient.fromEarliest("a")).awaitMessages(1).get(0);
		assertThat(stored.getSubject()).isEqualTo("a");
		assertThat(stored.getReplySubject()).isEqualTo("b");
		assertThat(stored.getHeadersMap().get("reply").toStringUtf8()).isEqualTo("b");
	}

	@Test
	void tellsFailuresInTheAckOnly() {
		this.client.create(stream("s").setOptimisticConcurrencyControl(PauseAndReadonlyTests.yes()));
		assertThat(publish(to("s")).getAckError()).isEqualTo(Ack.Error.OK);
		Ack refused = publish(to("s"));
		assertThat(refused.getAckError()).isEqualTo(Ack.Error.INCORRECT_OFFSET);
		assertThat(refused.getOffset()).isZero();
		assertThat(refused.getCommitTimestamp()).isPositive();
		Ack tooLarge = publish(to("s").setValue(ByteString.copyFrom(new byte[1024 * 1024])));
		assertThat(tooLarge.getAckError()).isEqualTo(Ack.Error.TOO_LARGE);
		assertThat(tooLarge.getCommitTimestamp()).isZero();
		assertThat(tooLarge.getReceptionTimestamp()).isPositive();
	}

	@Test
	void isDroppedByReadonlyAndPausedPartitions() {
		this.client.create("s", 1);
		this.client.setReadonly("s", true);
		assertThat(timeout("s")).startsWith("DEADLINE_EXCEEDED");
		this.client.setReadonly("s", false);
		this.client.pause("s");
		assertThat(timeout("s")).startsWith("DEADLINE_EXCEEDED");
		assertThat(this.client.publish("s", "v").getOffset()).isZero();
	}

}
