package io.liftbridge.client.consumer;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.grpc.Status;
import io.liftbridge.client.fake.FakeClusterTest;
import io.liftbridge.client.fake.SubscriberCall;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.client.message.ReverseReadUnsupportedException;
import io.liftbridge.proto.SubscribeRequest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Reading from new to old. Without a script the broker is one that cannot do it, and
 * reads from old to new without a word.
 */
class ReverseTests extends FakeClusterTest {

	private final Collector received = new Collector();

	private SubscriptionBuilder reverse() {
		return this.client.subscribe("orders").reverse().handler(this.received);
	}

	@BeforeEach
	void fill() {
		for (int i = 0; i < 5; i++) {
			this.orders.append("m" + i);
		}
	}

	/** Answers as a broker that can do it. */
	private void serve(SubscriberCall call) {
		long newest = this.orders.newest();
		SubscribeRequest request = call.request();
		if (newest < 0) {
			call.end(Status.RESOURCE_EXHAUSTED.withDescription("Stream is empty"));
			return;
		}
		long start = switch (request.getStartPosition()) {
			case OFFSET -> request.getStartOffset();
			case TIMESTAMP -> Math.max(0, request.getStartTimestamp() / 1_000_000_000L - 1);
			default -> newest;
		};
		if (newest < start) {
			call.end(Status.INVALID_ARGUMENT
				.withDescription("Stop offset is before start offset: " + newest + " < " + start));
			return;
		}
		call.live();
		for (long offset = start; offset >= 0; offset--) {
			call.send(offset);
			if (offset == newest) {
				call.end(Status.RESOURCE_EXHAUSTED.withDescription("Stop offset reached"));
				return;
			}
		}
		call.end(Status.UNKNOWN.withDescription("EOF"));
	}

	@Test
	void readsDownToTheOldestMessage() {
		this.broker.onSubscribe(this::serve);
		Subscription subscription = reverse().start();
		assertThat(get(subscription.ended())).isEqualTo(EndReason.BEGINNING_OF_PARTITION);
		assertThat(this.received.offsets()).containsExactly(4L, 3L, 2L, 1L, 0L);
		assertThat(this.broker.subscriberCalls()).allMatch((call) -> call.request().getReverse());
	}

	@Test
	void beginsAtAnOffsetOrATimeAndAtTheNewestBehindTheEnd() {
		this.broker.onSubscribe(this::serve);
		get(reverse().from(StartPosition.offset(2)).start().ended());
		get(reverse().from(StartPosition.at(Instant.ofEpochSecond(2))).start().ended());
		get(reverse().from(StartPosition.offset(99)).until(StopPosition.offset(3)).start().ended());
		get(reverse().from(StartPosition.at(Instant.ofEpochSecond(99))).until(StopPosition.offset(4)).start().ended());
		assertThat(this.received.offsets()).containsExactly(2L, 1L, 0L, 1L, 0L, 4L, 3L, 4L);
	}

	@Test
	void stopsAtAnOffset() {
		this.broker.onSubscribe(this::serve);
		Subscription subscription = reverse().until(StopPosition.offset(3)).start();
		assertThat(get(subscription.ended())).isEqualTo(EndReason.STOP_REACHED);
		assertThat(this.received.offsets()).containsExactly(4L, 3L);
	}

	@Test
	void endsAtOnceWhereNothingIs() {
		this.cluster.stream("empty");
		this.broker.onSubscribe((call) -> call.end(Status.RESOURCE_EXHAUSTED.withDescription("Stream is empty")));
		Subscription subscription = this.client.subscribe("empty").reverse().handler(this.received).start();
		assertThat(get(subscription.ended())).isEqualTo(EndReason.BEGINNING_OF_PARTITION);
	}

	@Test
	void goesOnBelowTheLastMessageAfterAnInterruption() {
		AtomicInteger calls = new AtomicInteger();
		this.broker.onSubscribe((call) -> {
			if (calls.incrementAndGet() == 2) {
				call.live();
				call.send(3);
				call.send(2);
				call.end(Status.UNAVAILABLE);
			}
			else {
				serve(call);
			}
		});
		Subscription subscription = reverse().start();
		assertThat(get(subscription.ended())).isEqualTo(EndReason.BEGINNING_OF_PARTITION);
		assertThat(this.received.offsets()).containsExactly(4L, 3L, 2L, 1L, 0L);
	}

	@Test
	void neverReadsForwardOnABrokerThatCannotDoIt() {
		assertThat(failure(reverse().start().ended())).isInstanceOf(ReverseReadUnsupportedException.class)
			.hasMessageContaining("'orders'")
			.hasMessageContaining("v1.9.0");
		assertThat(this.received.offsets()).hasSizeLessThan(3).startsWith(4L);
		Collector other = new Collector();
		assertThat(failure(reverse().from(StartPosition.offset(1)).handler(other).start().ended()))
			.isInstanceOf(ReverseReadUnsupportedException.class);
		assertThat(other.offsets()).hasSizeLessThan(2);
	}

	@Test
	void aSingleMessageIsTheSameInBothDirections() {
		this.cluster.stream("single").append("m");
		Subscription subscription = this.client.subscribe("single").reverse().handler(this.received).start();
		assertThat(get(subscription.ended())).isEqualTo(EndReason.BEGINNING_OF_PARTITION);
		assertThat(this.received.offsets()).containsExactly(0L);
	}

	@Test
	void theOldestMessageIsTheEndEvenIfTheBrokerDiesWithIt() {
		this.cluster.stream("single").append("m");
		this.broker.onSubscribe((call) -> {
			call.live();
			call.send(0);
			call.end(Status.UNAVAILABLE);
		});
		Subscription subscription = this.client.subscribe("single").reverse().handler(this.received).start();
		assertThat(get(subscription.ended())).isEqualTo(EndReason.BEGINNING_OF_PARTITION);
		assertThat(this.received.offsets()).containsExactly(0L);
		assertThat(this.broker.subscriberCalls()).hasSize(1);
	}

	@Test
	void waitsForAFollowerThatHasLessThanTheOneBefore() {
		AtomicInteger calls = new AtomicInteger();
		this.broker.onSubscribe((call) -> {
			if (calls.incrementAndGet() == 2) {
				call.end(Status.INVALID_ARGUMENT.withDescription("Stop offset is before start offset: 2 < 3"));
			}
			else {
				serve(call);
			}
		});
		Subscription subscription = reverse().readIsrReplica(true).start();
		assertThat(get(subscription.ended())).isEqualTo(EndReason.BEGINNING_OF_PARTITION);
		assertThat(this.received.offsets()).containsExactly(4L, 3L, 2L, 1L, 0L);
	}

	@Test
	void noticesAnOldBrokerAlsoWhereTheMessageBelowIsGone() {
		var late = this.cluster.stream("late");
		late.beginAt(7);
		late.append("m");
		assertThat(failure(this.client.subscribe("late").reverse().handler(this.received).start().ended()))
			.isInstanceOf(ReverseReadUnsupportedException.class);
		assertThat(this.received.offsets()).containsExactly(7L);
	}

	@Test
	void failsWhenTheStreamIsAnotherOneAfterAnInterruption() {
		AtomicInteger calls = new AtomicInteger();
		this.broker.onSubscribe((call) -> {
			if (calls.incrementAndGet() == 1) {
				call.live();
				call.send(4);
				call.send(3);
				call.end(Status.UNAVAILABLE);
			}
			else {
				call.end(Status.INVALID_ARGUMENT.withDescription("Stop offset is before start offset: 0 < 2"));
			}
		});
		assertThat(failure(reverse().start().ended())).isExactlyInstanceOf(LiftbridgeException.class)
			.hasMessageContaining("begins again");
	}

	@Test
	void aConsumerReadsInReverse() {
		this.broker.onSubscribe(this::serve);
		List<Long> offsets = this.client.consumer("orders")
			.reverse()
			.filter((message) -> message.offset() != 2)
			.open()
			.stream()
			.map(ReceivedMessage::offset)
			.toList();
		assertThat(offsets).containsExactly(4L, 3L, 1L, 0L);
	}

	@Test
	void refusesPositionsThatMakeNoSense() {
		for (SubscriptionBuilder builder : List.of(reverse().from(StartPosition.earliest()),
				reverse().until(StopPosition.latest()),
				reverse().from(StartPosition.offset(2)).until(StopPosition.offset(3)))) {
			assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(builder::start)
				.withMessageContaining("'orders'")
				.withMessageContaining("everse");
		}
	}

}
