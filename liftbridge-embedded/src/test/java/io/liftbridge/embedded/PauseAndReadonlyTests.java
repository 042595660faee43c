package io.liftbridge.embedded;

import java.time.Duration;
import java.util.List;

import io.liftbridge.proto.AckPolicy;
import io.liftbridge.proto.NullableBool;
import io.liftbridge.proto.NullableInt64;
import io.liftbridge.proto.PauseStreamRequest;
import io.liftbridge.proto.SetStreamReadonlyRequest;
import io.liftbridge.proto.StartPosition;
import io.liftbridge.proto.StopPosition;
import io.liftbridge.proto.SubscribeRequest;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static io.liftbridge.embedded.RawClient.from;
import static io.liftbridge.embedded.RawClient.fromEarliest;
import static io.liftbridge.embedded.RawClient.fromOffset;
import static io.liftbridge.embedded.RawClient.message;
import static io.liftbridge.embedded.RawClient.stream;
import static org.assertj.core.api.Assertions.assertThat;

class PauseAndReadonlyTests extends BrokerTest {

	static NullableBool yes() {
		return NullableBool.newBuilder().setValue(true).build();
	}

	static NullableInt64 number(long value) {
		return NullableInt64.newBuilder().setValue(value).build();
	}

	private String end(SubscribeRequest.Builder request) {
		return this.client.subscribe(request).awaitEndText();
	}

	@Test
	void refusesToPauseOrLockWhatIsNotThere() {
		this.client.create("s", 1);
		for (String name : List.of("nope", "")) {
			assertThat(this.client
				.failure((call) -> call.pauseStream(PauseStreamRequest.newBuilder().setName(name).build())))
				.isEqualTo("NOT_FOUND stream not found");
			assertThat(this.client.failure((call) -> call
				.setStreamReadonly(SetStreamReadonlyRequest.newBuilder().setName(name).setReadonly(true).build())))
				.isEqualTo("NOT_FOUND stream not found");
			assertThat(this.client.failure(
					(call) -> call.pauseStream(PauseStreamRequest.newBuilder().setName(name).addPartitions(0).build())))
				.isEqualTo("NOT_FOUND stream does not exist");
			assertThat(this.client.failure((call) -> call
				.setStreamReadonly(SetStreamReadonlyRequest.newBuilder().setName(name).addPartitions(0).build())))
				.isEqualTo("NOT_FOUND stream does not exist");
		}
		assertThat(this.client
			.failure((call) -> call.pauseStream(PauseStreamRequest.newBuilder().setName("s").addPartitions(9).build())))
			.isEqualTo("NOT_FOUND partition does not exist");
		assertThat(this.client.failure((call) -> call
			.setStreamReadonly(SetStreamReadonlyRequest.newBuilder().setName("s").addPartitions(-1).build())))
			.isEqualTo("NOT_FOUND partition does not exist");
	}

	@Test
	void pausesUntilPublishedTo() {
		this.client.create("s", 2);
		this.client.publish("s", "m0");
		this.client.pause("s");
		this.client.pause("s");
		assertThat(this.client.partition("s", 0).getPaused()).isTrue();
		assertThat(this.client.partition("s", 1).getPaused()).isTrue();
		assertThat(this.client.partition("s", 0).getPauseTimestamps().getFirstTimestamp()).isPositive();
		assertThat(this.client.publish("s", "m1").getOffset()).isOne();
		Subscriber subscriber = this.client.subscribe(fromEarliest("s"));
		subscriber.awaitMessages(2);
		assertThat(subscriber.values()).containsExactly("m0", "m1");
	}

	@Test
	void goesOnToShowAResumedPartitionAsPaused() {
		this.client.create("s", 1);
		this.client.pause("s", 0);
		this.client.publish("s", "m0");
		assertThat(this.client.partition("s", 0).getPaused()).isTrue();
	}

	@Test
	void resumesOnePartitionOrAll() {
		this.client.create("s", 3);
		this.client.pause("s");
		this.client.publish("s", "v");
		assertThat(end(fromEarliest("s").setPartition(1))).isEqualTo("FAILED_PRECONDITION commit log was closed");
		this.client.call().pauseStream(PauseStreamRequest.newBuilder().setName("s").setResumeAll(true).build());
		this.client.publish("s", "v");
		assertThat(this.client.subscribe(fromEarliest("s").setPartition(2)).awaitLive().isLive()).isTrue();
	}

	@Test
	void endsLiveSubscriptions() {
		this.client.create("s", 1);
		Subscriber subscriber = this.client.subscribe(fromEarliest("s")).awaitLive();
		this.client.pause("s");
		assertThat(subscriber.awaitEndText()).isEqualTo("FAILED_PRECONDITION commit log was closed");
	}

	@Test
	void readsPausedPartitionsOnlyWithResume() {
		this.client.create("s", 1);
		this.client.publish("s", "m0");
		this.client.pause("s");
		for (SubscribeRequest.Builder request : List.of(fromEarliest("s"), fromOffset("s", 0),
				from("s", StartPosition.LATEST))) {
			assertThat(end(request)).isEqualTo("INTERNAL Failed to create stream reader: segment has been closed");
		}
		assertThat(end(from("s", StartPosition.TIMESTAMP).setStartTimestamp(1)))
			.isEqualTo("INTERNAL Failed to lookup offset for timestamp: "
					+ "failed to find log segment for timestamp: segment has been closed");
		for (SubscribeRequest.Builder request : List.of(from("s", StartPosition.NEW_ONLY), fromOffset("s", 1),
				from("s", StartPosition.LATEST).setReverse(true))) {
			Subscriber subscriber = this.client.subscribe(request);
			assertThat(subscriber.awaitEndText()).isEqualTo("FAILED_PRECONDITION commit log was closed");
			assertThat(subscriber.raw()).hasSize(1);
		}
		Subscriber resumed = this.client.subscribe(fromEarliest("s").setResume(true));
		resumed.awaitMessages(1);
		assertThat(resumed.values()).containsExactly("m0");
	}

	@Test
	void locksAndUnlocks() {
		this.client.create("s", 1);
		this.client.setReadonly("s", true);
		this.client.setReadonly("s", true);
		assertThat(this.client.partition("s", 0).getReadonly()).isTrue();
		assertThat(this.client.partition("s", 0).getReadonlyTimestamps().getLatestTimestamp()).isPositive();
		assertThat(this.client.failure((call) -> call.publish(message("s", "v").build())))
			.isEqualTo("FAILED_PRECONDITION readonly partition: 0");
		this.client.setReadonly("s", false);
		assertThat(this.client.partition("s", 0).getReadonly()).isFalse();
		assertThat(this.client.publish("s", "v").getOffset()).isZero();
	}

	@Test
	void readonlyPartitionsEnd() {
		this.client.create("s", 1);
		this.client.create("empty", 1);
		this.client.publishAll("s", "m0", "m1");
		Subscriber live = this.client.subscribe(fromEarliest("s"));
		live.awaitMessages(2);
		this.client.setReadonly("s", true);
		this.client.setReadonly("empty", true);
		assertThat(live.awaitEndText()).isEqualTo("RESOURCE_EXHAUSTED End of readonly partition");
		assertThat(end(fromEarliest("s"))).isEqualTo("RESOURCE_EXHAUSTED Stop offset reached");
		assertThat(end(from("s", StartPosition.NEW_ONLY)))
			.isEqualTo("INVALID_ARGUMENT Stop offset is before start offset: 1 < 2");
		assertThat(end(fromOffset("s", 2))).isEqualTo("INVALID_ARGUMENT Stop offset is before start offset: 1 < 2");
		assertThat(end(fromEarliest("s").setStopPosition(StopPosition.STOP_OFFSET).setStopOffset(9)))
			.isEqualTo("RESOURCE_EXHAUSTED End of readonly partition");
		Subscriber empty = this.client.subscribe(fromEarliest("empty"));
		assertThat(empty.awaitEndText()).isEqualTo("RESOURCE_EXHAUSTED End of readonly partition");
		assertThat(empty.raw()).hasSize(1);
		Subscriber reverse = this.client.subscribe(from("s", StartPosition.LATEST).setReverse(true));
		assertThat(reverse.awaitEndText()).isEqualTo("RESOURCE_EXHAUSTED Stop offset reached");
		assertThat(reverse.values()).containsExactly("m1");
	}

	@Test
	void refusesToPublishToWhatIsPausedAndReadonly() {
		this.client.create("s", 1);
		this.client.pause("s");
		this.client.setReadonly("s", true);
		assertThat(this.client.failure((call) -> call.publish(message("s", "v").build())))
			.isEqualTo("FAILED_PRECONDITION readonly partition: 0");
	}

	@Test
	void losesReadonlyByPauseAndResume() {
		this.client.create("s", 1);
		this.client.setReadonly("s", true);
		this.client.pause("s");
		this.client.subscribe(fromEarliest("s").setResume(true)).awaitLive();
		assertThat(this.client.partition("s", 0).getReadonly()).isTrue();
		assertThat(this.client.publish("s", "v").getOffset()).isZero();
	}

	@Test
	void pausesItselfWhenIdle() {
		this.client.create(stream("s").setAutoPauseTime(number(1000)));
		Subscriber subscriber = this.client.subscribe(fromEarliest("s"));
		assertThat(subscriber.awaitEndText()).isEqualTo("FAILED_PRECONDITION commit log was closed");
		assertThat(this.client.publish("s", "v").getOffset()).isZero();
		Subscriber again = this.client.subscribe(fromEarliest("s"));
		assertThat(again.awaitEndText()).isEqualTo("FAILED_PRECONDITION commit log was closed");
		assertThat(again.values()).containsExactly("v");
	}

	@Test
	void doesNotPauseItselfWithSubscribersIfToldSo() {
		this.client.create(stream("s").setAutoPauseTime(number(1000)).setAutoPauseDisableIfSubscribers(yes()));
		Subscriber subscriber = this.client.subscribe(fromEarliest("s")).awaitLive();
		Awaitility.await()
			.during(Duration.ofMillis(2500))
			.atMost(Duration.ofSeconds(20))
			.until(() -> !this.client.partition("s", 0).getPaused());
		assertThat(subscriber.isLive()).isTrue();
		subscriber.cancel();
		Awaitility.await().until(() -> this.client.partition("s", 0).getPaused());
	}

	@Test
	void controlsConcurrency() {
		this.client.create(stream("s").setOptimisticConcurrencyControl(yes()));
		this.client.create("free", 1);
		assertThat(refusal("s", 1)).isEqualTo("UNKNOWN incorrect expected offset");
		assertThat(this.client.publish(message("s", "v").setExpectedOffset(0)).getOffset()).isZero();
		assertThat(refusal("s", 0)).isEqualTo("UNKNOWN incorrect expected offset");
		assertThat(refusal("s", -2)).isEqualTo("UNKNOWN incorrect expected offset");
		assertThat(this.client.publish(message("s", "v").setExpectedOffset(1)).getOffset()).isOne();
		assertThat(this.client.publish(message("s", "v").setExpectedOffset(-1)).getOffset()).isEqualTo(2);
		assertThat(this.client.failure((call) -> call.publish(message("s", "v").setAckPolicy(AckPolicy.NONE).build())))
			.isEqualTo("INVALID_ARGUMENT stream with concurrency control must have AckPolicy set");
		assertThat(this.client.publish(message("free", "v").setExpectedOffset(77)).getOffset()).isZero();
	}

	private String refusal(String stream, long expectedOffset) {
		return this.client
			.failure((call) -> call.publish(message(stream, "v").setExpectedOffset(expectedOffset).build()));
	}

}
