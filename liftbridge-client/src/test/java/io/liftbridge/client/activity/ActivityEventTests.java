package io.liftbridge.client.activity;

import java.time.Instant;
import java.util.List;

import io.liftbridge.client.message.Headers;
import io.liftbridge.client.message.MalformedEntryException;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.proto.ActivityStreamEvent;
import io.liftbridge.proto.ActivityStreamOp;
import io.liftbridge.proto.JoinConsumerGroupOp;
import io.liftbridge.proto.LeaveConsumerGroupOp;
import io.liftbridge.proto.ResumeStreamOp;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ActivityEventTests {

	private static final Instant TIME = Instant.ofEpochSecond(5);

	@Test
	void readsTheFieldsOfEachKind() {
		assertThat(read(ActivityStreamEvent.newBuilder()
			.setOp(ActivityStreamOp.JOIN_CONSUMER_GROUP)
			.setJoinConsumerGroupOp(JoinConsumerGroupOp.newBuilder()
				.setGroupId("g")
				.setConsumerId("c")
				.addStreams("a")
				.addStreams("b"))))
			.isEqualTo(new ActivityEvent.ConsumerGroupJoined(9, TIME, 3, "g", "c", List.of("a", "b")));
		assertThat(read(ActivityStreamEvent.newBuilder()
			.setOp(ActivityStreamOp.LEAVE_CONSUMER_GROUP)
			.setLeaveConsumerGroupOp(
					LeaveConsumerGroupOp.newBuilder().setGroupId("g").setConsumerId("c").setExpired(true))))
			.isEqualTo(new ActivityEvent.ConsumerGroupLeft(9, TIME, 3, "g", "c", true));
		assertThat(read(ActivityStreamEvent.newBuilder()
			.setOp(ActivityStreamOp.RESUME_STREAM)
			.setResumeStreamOp(ResumeStreamOp.newBuilder().setStream("s").addPartitions(2))))
			.isEqualTo(new ActivityEvent.StreamResumed(9, TIME, 3, "s", List.of(2)));
	}

	@Test
	void aKindOfTheFutureIsNoFailure() {
		assertThat(read(ActivityStreamEvent.newBuilder().setOpValue(99)))
			.isEqualTo(new ActivityEvent.Unknown(9, TIME, 3, 99));
	}

	@Test
	void whatIsNoEventIsRefused() {
		assertThatExceptionOfType(MalformedEntryException.class)
			.isThrownBy(() -> ActivityEvent.of(message(new byte[] { 10, 100, 1 })))
			.withMessageContaining("Offset 3");
	}

	@Property
	void anyBytesAreAnEventOrRefused(@ForAll @Size(max = 100) byte[] value) {
		assertHarmless(value);
	}

	@Property
	void aDamagedEventIsAnEventOrRefused(@ForAll int position, @ForAll byte damage) {
		byte[] value = ActivityStreamEvent.newBuilder()
			.setOp(ActivityStreamOp.JOIN_CONSUMER_GROUP)
			.setJoinConsumerGroupOp(JoinConsumerGroupOp.newBuilder().setGroupId("g").setConsumerId("c").addStreams("a"))
			.build()
			.toByteArray();
		value[Math.floorMod(position, value.length)] = damage;
		assertHarmless(value);
	}

	private static void assertHarmless(byte[] value) {
		try {
			assertThat(ActivityEvent.of(message(value)).offset()).isEqualTo(3);
		}
		catch (MalformedEntryException ex) {
			assertThat(ex).hasMessageContaining("Offset 3 of the activity stream");
		}
	}

	private static ActivityEvent read(ActivityStreamEvent.Builder event) {
		return ActivityEvent.of(message(event.setId(9).build().toByteArray()));
	}

	private static ReceivedMessage<byte[]> message(byte[] value) {
		return ReceivedMessage.of("__activity", 0, 3, 5_000_000_000L, null, value, Headers.empty(), "activity");
	}

}
