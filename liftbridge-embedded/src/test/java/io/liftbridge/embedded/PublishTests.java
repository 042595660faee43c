package io.liftbridge.embedded;

import java.util.HashSet;
import java.util.Set;

import com.google.protobuf.ByteString;
import io.liftbridge.proto.Ack;
import io.liftbridge.proto.AckPolicy;
import io.liftbridge.proto.Message;
import io.liftbridge.proto.NullableInt32;
import io.liftbridge.proto.PublishRequest;
import io.liftbridge.proto.PublishResponse;
import org.junit.jupiter.api.Test;

import static io.liftbridge.embedded.RawClient.message;
import static io.liftbridge.embedded.RawClient.stream;
import static org.assertj.core.api.Assertions.assertThat;

class PublishTests extends BrokerTest {

	private String refusal(PublishRequest.Builder request) {
		return this.client.failure((call) -> call.publish(request.build()));
	}

	@Test
	void refusesWhatGoesNowhere() {
		this.client.create("s", 2);
		assertThat(refusal(message("", "v"))).isEqualTo("INVALID_ARGUMENT no stream provided");
		assertThat(refusal(message("nope", "v"))).isEqualTo("NOT_FOUND no such stream: nope");
		assertThat(refusal(message("s", "v").setPartition(9))).isEqualTo("NOT_FOUND no such partition: 9");
		assertThat(refusal(message("s", "v").setPartition(-1))).isEqualTo("NOT_FOUND no such partition: -1");
	}

	@Test
	void acknowledgesWithAllFields() {
		this.client.create(stream("s").setSubject("sub").setPartitions(3));
		this.client.publish(message("s", "a").setPartition(2));
		PublishResponse response = this.client.call()
			.publish(message("s", "b").setPartition(2).setCorrelationId("c1").setAckPolicy(AckPolicy.ALL).build());
		assertThat(response.getCorrelationId()).isEmpty();
		assertThat(response.hasAsyncError()).isFalse();
		Ack ack = response.getAck();
		assertThat(ack.getStream()).isEqualTo("s");
		assertThat(ack.getPartitionSubject()).isEqualTo("sub");
		assertThat(ack.getMsgSubject()).isEqualTo("sub.2");
		assertThat(ack.getOffset()).isEqualTo(1);
		assertThat(ack.getAckInbox()).matches("liftbridge-default\\.ack\\.[0-9A-Za-z]{22}");
		assertThat(ack.getCorrelationId()).isEqualTo("c1");
		assertThat(ack.getAckPolicy()).isEqualTo(AckPolicy.ALL);
		assertThat(ack.getAckError()).isEqualTo(Ack.Error.OK);
		assertThat(ack.getReceptionTimestamp()).isPositive();
		assertThat(ack.getCommitTimestamp()).isGreaterThanOrEqualTo(ack.getReceptionTimestamp());
		Message stored = this.client.subscribe(RawClient.fromOffset("s", 1).setPartition(2)).awaitMessages(1).get(0);
		assertThat(stored.getTimestamp()).isEqualTo(ack.getReceptionTimestamp());
	}

	@Test
	void keepsTheCallersAckInbox() {
		this.client.create("s", 1);
		assertThat(this.client.publish(message("s", "v").setAckInbox("my.inbox")).getAckInbox()).isEqualTo("my.inbox");
		assertThat(refusal(message("s", "v").setAckInbox("a b")))
			.isEqualTo("UNKNOWN failed to subscribe to ack inbox: nats: invalid subject");
		assertThat(this.client.partition("s", 0).getNewestOffset()).isZero();
	}

	@Test
	void answersAtOnceWithoutDeadlineAndLosesLaterErrors() {
		this.client.create(stream("s").setOptimisticConcurrencyControl(PauseAndReadonlyTests.yes()));
		PublishResponse response = this.client.withoutDeadline()
			.publish(message("s", "v").setExpectedOffset(5).build());
		assertThat(response).isEqualTo(PublishResponse.getDefaultInstance());
		assertThat(this.client.partition("s", 0).getNewestOffset()).isEqualTo(-1);
		assertThat(this.client.withoutDeadline().publish(message("s", "v").build()).hasAck()).isFalse();
		assertThat(this.client.partition("s", 0).getNewestOffset()).isZero();
		assertThat(RawClient.failureOf(() -> this.client.withoutDeadline().publish(message("nope", "").build())))
			.isEqualTo("NOT_FOUND no such stream: nope");
	}

	@Test
	void answersAtOnceWithPolicyNone() {
		this.client.create("s", 1);
		assertThat(this.client.call().publish(message("s", "v").setAckPolicy(AckPolicy.NONE).build()).hasAck())
			.isFalse();
		assertThat(this.client.partition("s", 0).getNewestOffset()).isZero();
	}

	@Test
	void storesButNeverAcknowledgesUnknownPolicies() {
		this.client.create("s", 1);
		assertThat(RawClient
			.failureOf(() -> this.client.call(1000).publish(message("s", "v").setAckPolicyValue(7).build())))
			.startsWith("DEADLINE_EXCEEDED");
		assertThat(this.client.partition("s", 0).getHighWatermark()).isZero();
	}

	@Test
	void neverCommitsForAllWithTooFewReplicasUntilALaterMessageDoes() {
		this.client.create(stream("s").setMinIsr(NullableInt32.newBuilder().setValue(2)));
		assertThat(RawClient
			.failureOf(() -> this.client.call(1000).publish(message("s", "all").setAckPolicy(AckPolicy.ALL).build())))
			.startsWith("DEADLINE_EXCEEDED");
		assertThat(this.client.partition("s", 0).getNewestOffset()).isZero();
		assertThat(this.client.partition("s", 0).getHighWatermark()).isEqualTo(-1);
		Subscriber subscriber = this.client.subscribe(RawClient.fromEarliest("s")).awaitLive();
		assertThat(subscriber.messages()).isEmpty();
		this.client.publish("s", "leader");
		subscriber.awaitMessages(2);
		assertThat(subscriber.values()).containsExactly("all", "leader");
	}

	@Test
	void storesAMessageWithAllItsParts() {
		this.client.create("s", 2);
		this.client.publish(message("s", "value").setPartition(1)
			.setKey(ByteString.copyFromUtf8("key"))
			.putHeaders("h", ByteString.copyFromUtf8("x"))
			.putHeaders("subject", ByteString.copyFromUtf8("forged"))
			.putHeaders("reply", ByteString.copyFromUtf8("forged"))
			.setCorrelationId("c")
			.setAckInbox("inbox"));
		Message stored = this.client.subscribe(RawClient.fromEarliest("s").setPartition(1)).awaitMessages(1).get(0);
		assertThat(stored).isEqualTo(Message.newBuilder()
			.setOffset(0)
			.setKey(ByteString.copyFromUtf8("key"))
			.setValue(ByteString.copyFromUtf8("value"))
			.setTimestamp(stored.getTimestamp())
			.setStream("s")
			.setPartition(1)
			.setSubject("s.1")
			.putHeaders("h", ByteString.copyFromUtf8("x"))
			.putHeaders("subject", ByteString.copyFromUtf8("s.1"))
			.putHeaders("reply", ByteString.EMPTY)
			.build());
		assertThat(stored.getTimestamp()).isPositive();
	}

	@Test
	void storesEmptyValuesAndKeys() {
		this.client.create("s", 1);
		this.client.publish("s", "");
		Message stored = this.client.subscribe(RawClient.fromEarliest("s")).awaitMessages(1).get(0);
		assertThat(stored.getValue()).isEmpty();
		assertThat(stored.getKey()).isEmpty();
	}

	@Test
	void refusesMessagesLargerThanTheReplicationLimit() {
		this.client.create("s", 1);
		int limit = 1024 * 1024;
		assertThat(refusal(message("s", "").setValue(ByteString.copyFrom(new byte[limit]))))
			.isEqualTo("INVALID_ARGUMENT message exceeds max replication size");
		PublishRequest.Builder fits = message("s", "").setAckInbox("i").setExpectedOffset(0);
		int overhead = 8 + Message.newBuilder()
			.setStream("s")
			.setSubject("s")
			.setAckInbox("i")
			.setValue(ByteString.copyFrom(new byte[limit]))
			.build()
			.getSerializedSize() - limit;
		fits.setValue(ByteString.copyFrom(new byte[limit - overhead]));
		assertThat(this.client.publish(fits).getOffset()).isZero();
		fits.setValue(ByteString.copyFrom(new byte[limit - overhead + 1]));
		assertThat(refusal(fits)).isEqualTo("INVALID_ARGUMENT message exceeds max replication size");
	}

	@Test
	void storesInAllStreamsOfASubjectAndAcknowledgesOnce() {
		this.client.create(stream("s1").setSubject("shared"));
		this.client.create(stream("s2").setSubject("shared"));
		Ack ack = this.client.publish("s1", "v");
		assertThat(ack.getStream()).isIn("s1", "s2");
		assertThat(this.client.partition("s1", 0).getNewestOffset()).isZero();
		assertThat(this.client.partition("s2", 0).getNewestOffset()).isZero();
	}

	@Test
	void storesInOneStreamOfAQueueGroup() {
		this.client.create(stream("q1").setSubject("shared").setGroup("g"));
		this.client.create(stream("q2").setSubject("shared").setGroup("g"));
		Set<String> storedBy = new HashSet<>();
		for (int i = 0; i < 100; i++) {
			storedBy.add(this.client.publish("q1", "v").getStream());
		}
		assertThat(storedBy).containsExactlyInAnyOrder("q1", "q2");
		assertThat(this.client.partition("q1", 0).getNewestOffset() + this.client.partition("q2", 0).getNewestOffset())
			.isEqualTo(98);
	}

	@Test
	void usesThePatternItselfAsSubject() {
		this.client.create(stream("w").setSubject("foo.*"));
		assertThat(this.client.publish("w", "v").getMsgSubject()).isEqualTo("foo.*");
		assertThat(this.client.subscribe(RawClient.fromEarliest("w")).awaitMessages(1).get(0).getSubject())
			.isEqualTo("foo.*");
	}

	@Test
	void publishesToReservedStreams() {
		assertThat(this.client.publish("__cursors", "v").getMsgSubject()).isEqualTo("liftbridge-default.cursors");
	}

}
