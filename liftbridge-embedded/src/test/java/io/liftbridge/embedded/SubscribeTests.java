package io.liftbridge.embedded;

import java.util.List;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.liftbridge.proto.Consumer;
import io.liftbridge.proto.Message;
import io.liftbridge.proto.StartPosition;
import io.liftbridge.proto.StopPosition;
import io.liftbridge.proto.SubscribeRequest;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.liftbridge.embedded.RawClient.from;
import static io.liftbridge.embedded.RawClient.fromEarliest;
import static io.liftbridge.embedded.RawClient.fromOffset;
import static org.assertj.core.api.Assertions.assertThat;

class SubscribeTests extends BrokerTest {

	private List<Long> timestamps;

	@BeforeEach
	void publishFive() {
		this.client.create("s", 1);
		this.client.create("empty", 1);
		this.client.publishAll("s", "m0", "m1", "m2", "m3", "m4");
		Subscriber all = this.client.subscribe(fromEarliest("s"));
		this.timestamps = all.awaitMessages(5).stream().map(Message::getTimestamp).toList();
		all.cancel();
	}

	private String refusal(SubscribeRequest.Builder request) {
		Subscriber subscriber = this.client.subscribe(request);
		String end = subscriber.awaitEndText();
		assertThat(subscriber.raw()).isEmpty();
		return end;
	}

	private List<String> upTo(SubscribeRequest.Builder request, StopPosition stop) {
		Subscriber subscriber = this.client.subscribe(request.setStopPosition(stop));
		assertThat(subscriber.awaitEndText()).isEqualTo("RESOURCE_EXHAUSTED Stop offset reached");
		return subscriber.values();
	}

	@Test
	void startsWithAnEmptyMessage() {
		Subscriber subscriber = this.client.subscribe(from("s", StartPosition.NEW_ONLY)).awaitLive();
		assertThat(subscriber.raw()).containsExactly(Message.getDefaultInstance());
		this.client.publish("s", "m5");
		subscriber.awaitMessages(1);
		assertThat(subscriber.values()).containsExactly("m5");
		assertThat(subscriber.isLive()).isTrue();
	}

	@Test
	void refusesWhatIsNotThere() {
		assertThat(refusal(fromEarliest("nope"))).isEqualTo("NOT_FOUND No such partition");
		assertThat(refusal(fromEarliest("s").setPartition(1))).isEqualTo("NOT_FOUND No such partition");
		assertThat(refusal(fromEarliest("s").setPartition(-1))).isEqualTo("NOT_FOUND No such partition");
	}

	@Test
	void refusesUnknownPositions() {
		assertThat(refusal(SubscribeRequest.newBuilder().setStream("s").setStartPositionValue(9)))
			.isEqualTo("INVALID_ARGUMENT Unknown StartPosition 9");
		assertThat(refusal(fromEarliest("s").setStopPositionValue(9)))
			.isEqualTo("INVALID_ARGUMENT Unknown StopPosition 9");
	}

	@Test
	void refusesAGroupWithoutConsumer() {
		assertThat(refusal(fromEarliest("nope").setConsumer(Consumer.newBuilder().setGroupId("g"))))
			.isEqualTo("INVALID_ARGUMENT Consumer id cannot be empty when group id is provided");
	}

	@Test
	void takesReadIsrReplicaAsTheLeader() {
		Subscriber subscriber = this.client.subscribe(fromEarliest("s").setReadISRReplica(true));
		assertThat(subscriber.awaitMessages(5)).hasSize(5);
	}

	@Test
	void startsAtEveryPosition() {
		assertThat(upTo(fromEarliest("s"), StopPosition.STOP_LATEST)).containsExactly("m0", "m1", "m2", "m3", "m4");
		assertThat(upTo(from("s", StartPosition.LATEST), StopPosition.STOP_LATEST)).containsExactly("m4");
		assertThat(upTo(fromOffset("s", 3), StopPosition.STOP_LATEST)).containsExactly("m3", "m4");
		assertThat(upTo(fromOffset("s", -7), StopPosition.STOP_LATEST)).hasSize(5);
		assertThat(upTo(at(this.timestamps.get(2)), StopPosition.STOP_LATEST)).containsExactly("m2", "m3", "m4");
		assertThat(upTo(at(0), StopPosition.STOP_LATEST)).hasSize(5);
		assertThat(upTo(at(-5), StopPosition.STOP_LATEST)).hasSize(5);
	}

	private static SubscribeRequest.Builder at(long timestamp) {
		return from("s", StartPosition.TIMESTAMP).setStartTimestamp(timestamp);
	}

	@Test
	void aTimeInTheFutureIsTheNextMessage() {
		Subscriber subscriber = this.client.subscribe(at(Long.MAX_VALUE)).awaitLive();
		this.client.publish("s", "m5");
		subscriber.awaitMessages(1);
		assertThat(subscriber.values()).containsExactly("m5");
	}

	@Test
	void anOffsetBeyondTheEndIsTheNextMessage() {
		Subscriber subscriber = this.client.subscribe(fromOffset("s", 10)).awaitLive();
		Subscriber stopped = this.client
			.subscribe(fromOffset("s", 10).setStopPosition(StopPosition.STOP_OFFSET).setStopOffset(12))
			.awaitLive();
		this.client.publishAll("s", "m5", "m6");
		subscriber.awaitMessages(2);
		stopped.awaitMessages(2);
		assertThat(subscriber.values()).containsExactly("m5", "m6");
		assertThat(stopped.values()).containsExactly("m5", "m6");
	}

	@Test
	void stopsAtAnOffsetIncluded() {
		assertThat(upTo(fromEarliest("s").setStopOffset(2), StopPosition.STOP_OFFSET)).containsExactly("m0", "m1",
				"m2");
		assertThat(upTo(fromOffset("s", 2).setStopOffset(2), StopPosition.STOP_OFFSET)).containsExactly("m2");
		Subscriber future = this.client
			.subscribe(fromEarliest("s").setStopPosition(StopPosition.STOP_OFFSET).setStopOffset(6));
		future.awaitMessages(5);
		assertThat(future.isLive()).isTrue();
		this.client.publishAll("s", "m5", "m6", "m7");
		assertThat(future.awaitEndText()).isEqualTo("RESOURCE_EXHAUSTED Stop offset reached");
		assertThat(future.offsets()).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L);
	}

	@Test
	void stopsAtATime() {
		long between = this.timestamps.get(3);
		assertThat(upTo(fromEarliest("s").setStopTimestamp(between), StopPosition.STOP_TIMESTAMP)).containsExactly("m0",
				"m1", "m2", "m3");
		assertThat(upTo(fromEarliest("s").setStopTimestamp(Long.MAX_VALUE), StopPosition.STOP_TIMESTAMP)).hasSize(5);
		assertThat(refusal(fromEarliest("s").setStopPosition(StopPosition.STOP_TIMESTAMP).setStopTimestamp(1)))
			.isEqualTo("INTERNAL Failed to lookup offset for timestamp: timestamp is before the beginning of the log");
		assertThat(refusal(fromEarliest("empty").setStopPosition(StopPosition.STOP_TIMESTAMP).setStopTimestamp(1)))
			.isEqualTo("INTERNAL Failed to lookup offset for timestamp: "
					+ "failed to find log segment for timestamp: EOF");
	}

	@Test
	void refusesAStopBeforeTheStart() {
		assertThat(refusal(fromOffset("s", 3).setStopPosition(StopPosition.STOP_OFFSET).setStopOffset(1)))
			.isEqualTo("INVALID_ARGUMENT Stop offset is before start offset: 1 < 3");
		assertThat(refusal(from("s", StartPosition.NEW_ONLY).setStopPosition(StopPosition.STOP_LATEST)))
			.isEqualTo("INVALID_ARGUMENT Stop offset is before start offset: 4 < 5");
		assertThat(refusal(fromEarliest("s").setStopPosition(StopPosition.STOP_OFFSET).setStopOffset(-2)))
			.isEqualTo("INVALID_ARGUMENT Stop offset is before start offset: -2 < 0");
	}

	@Test
	void neverStopsAtMinusOne() {
		Subscriber subscriber = this.client
			.subscribe(fromEarliest("s").setStopPosition(StopPosition.STOP_OFFSET).setStopOffset(-1));
		subscriber.awaitMessages(5);
		this.client.publish("s", "m5");
		assertThat(subscriber.awaitMessages(6)).hasSize(6);
		assertThat(subscriber.isLive()).isTrue();
	}

	@Test
	void hasNoLatestMessageToStopAtInAnEmptyStream() {
		assertThat(refusal(fromEarliest("empty").setStopPosition(StopPosition.STOP_LATEST)))
			.isEqualTo("RESOURCE_EXHAUSTED Stream is empty");
	}

	@Test
	void anEmptyStreamIsReadFromItsFirstMessage() {
		for (StartPosition position : List.of(StartPosition.NEW_ONLY, StartPosition.EARLIEST, StartPosition.LATEST,
				StartPosition.TIMESTAMP)) {
			this.client.delete("empty");
			this.client.create("empty", 1);
			Subscriber subscriber = this.client.subscribe(from("empty", position)).awaitLive();
			this.client.publish("empty", "first");
			subscriber.awaitMessages(1);
			assertThat(subscriber.values()).containsExactly("first");
		}
	}

	@Test
	void endsWhenTheStreamIsDeleted() {
		Subscriber subscriber = this.client.subscribe(fromEarliest("s"));
		subscriber.awaitMessages(5);
		this.client.delete("s");
		assertThat(subscriber.awaitEndText()).isEqualTo("NOT_FOUND commit log was deleted");
	}

	@Test
	void canBeCancelled() {
		Subscriber subscriber = this.client.subscribe(fromEarliest("s"));
		subscriber.awaitMessages(5);
		subscriber.cancel();
		assertThat(subscriber.awaitEnd().getCode()).isEqualTo(Status.Code.CANCELLED);
		assertThat(this.client.publish("s", "m5").getOffset()).isEqualTo(5);
	}

	@Test
	void readsFromNewToOld() {
		assertThat(reverse(from("s", StartPosition.LATEST))).containsExactly("m4", "m3", "m2", "m1", "m0");
		assertThat(reverse(from("s", StartPosition.NEW_ONLY))).containsExactly("m4", "m3", "m2", "m1", "m0");
		assertThat(reverse(fromOffset("s", 2))).containsExactly("m2", "m1", "m0");
		assertThat(reverse(fromOffset("s", 99))).hasSize(5);
		assertThat(reverse(fromOffset("s", -1))).containsExactly("m0");
		assertThat(reverse(fromEarliest("s"))).containsExactly("m0");
		assertThat(reverse(at(this.timestamps.get(1)))).containsExactly("m1", "m0");
	}

	private List<String> reverse(SubscribeRequest.Builder request) {
		Subscriber subscriber = this.client.subscribe(request.setReverse(true));
		assertThat(subscriber.awaitEndText()).isEqualTo("UNKNOWN EOF");
		assertThat(subscriber.raw().get(0)).isEqualTo(Message.getDefaultInstance());
		return subscriber.values();
	}

	@Test
	void stopsInReverseOnlyAtItsStart() {
		assertThat(upTo(from("s", StartPosition.LATEST).setReverse(true), StopPosition.STOP_LATEST))
			.containsExactly("m4");
		assertThat(
				refusal(fromOffset("s", 3).setReverse(true).setStopPosition(StopPosition.STOP_OFFSET).setStopOffset(1)))
			.isEqualTo("INVALID_ARGUMENT Stop offset is before start offset: 1 < 3");
	}

	@Test
	void hasNothingToReadInReverseInAnEmptyStream() {
		assertThat(refusal(from("empty", StartPosition.LATEST).setReverse(true)))
			.isEqualTo("INTERNAL Failed to create stream reader: segment not found");
	}

	@Test
	void aSubscriberThatDoesNotReadDisturbsNobody() {
		Subscriber deaf = this.client.subscribeSlowly(fromEarliest("s"), 0);
		Subscriber other = this.client.subscribe(fromEarliest("s"));
		byte[] value = new byte[10_000];
		for (int i = 0; i < 2000; i++) {
			this.client.withoutDeadline()
				.publish(RawClient.message("s", "").setValue(ByteString.copyFrom(value)).build());
		}
		assertThat(other.awaitMessages(2005)).hasSize(2005);
		assertThat(deaf.raw()).isEmpty();
		deaf.request(10_000);
		assertThat(deaf.awaitMessages(2005)).hasSize(2005);
	}

	@Test
	void fencesSubscribersOfAGroupByEpoch() {
		Subscriber first = this.client.subscribe(member("a", 3)).awaitLive();
		assertThat(refusal(member("b", 2)))
			.isEqualTo("FAILED_PRECONDITION Consumer is not currently assigned this partition");
		Subscriber same = this.client.subscribe(member("b", 3)).awaitLive();
		assertThat(first.awaitEnd().isOk()).isTrue();
		Subscriber higher = this.client.subscribe(member("c", 7)).awaitLive();
		assertThat(same.awaitEnd().isOk()).isTrue();
		higher.cancel();
		Awaitility.await().untilAsserted(() -> {
			Subscriber lower = this.client.subscribe(member("d", 0));
			lower.awaitLive();
			assertThat(lower.awaitMessages(5)).hasSize(5);
			lower.cancel();
		});
	}

	private static SubscribeRequest.Builder member(String consumer, long epoch) {
		return fromEarliest("s")
			.setConsumer(Consumer.newBuilder().setGroupId("g").setConsumerId(consumer).setGroupEpoch(epoch));
	}

	@Test
	void aRefusedMemberDoesNotDisplaceThePresentOne() {
		Subscriber present = this.client.subscribe(member("a", 3)).awaitLive();
		assertThat(refusal(member("b", 4).setStopPosition(StopPosition.STOP_OFFSET).setStopOffset(-2)))
			.startsWith("INVALID_ARGUMENT");
		this.client.publish("s", "m5");
		assertThat(present.awaitMessages(6)).hasSize(6);
		assertThat(present.isLive()).isTrue();
	}

	@Test
	void aConsumerWithoutGroupIsAnyReader() {
		Consumer consumer = Consumer.newBuilder().setConsumerId("c").build();
		Subscriber one = this.client.subscribe(fromEarliest("s").setConsumer(consumer));
		Subscriber two = this.client.subscribe(fromEarliest("s").setConsumer(consumer));
		assertThat(one.awaitMessages(5)).hasSize(5);
		assertThat(two.awaitMessages(5)).hasSize(5);
		assertThat(one.isLive()).isTrue();
	}

}
