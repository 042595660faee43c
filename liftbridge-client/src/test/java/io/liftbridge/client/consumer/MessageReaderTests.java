package io.liftbridge.client.consumer;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

import io.liftbridge.client.fake.FakeClusterTest;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.PartitionNotFoundException;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.client.message.RequestTimeoutException;
import io.liftbridge.client.message.StreamNotFoundException;
import io.liftbridge.client.message.StreamPausedException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

class MessageReaderTests extends FakeClusterTest {

	private void store(int count) {
		for (int i = 0; i < count; i++) {
			this.orders.append("m" + (this.orders.newest() + 1));
		}
	}

	private List<Long> read(StartPosition start, int limit) {
		return this.client.reader()
			.read("orders", 0, start, limit, LONG)
			.stream()
			.map(ReceivedMessage::offset)
			.toList();
	}

	@Test
	void readsOneMessage() {
		store(3);
		ReceivedMessage<byte[]> message = this.client.reader().read("orders", 0, 1, LONG);
		assertThat(message).isNotNull();
		assertThat(message.text()).isEqualTo("m1");
		assertThat(this.client.reader().read("orders", 0, 3, LONG)).as("not yet").isNull();
		await().until(() -> this.broker.subscriberCalls().stream().allMatch((call) -> call.isEnded()));
	}

	@Test
	void findsNoMessageThatWasRemoved() {
		this.orders.beginAt(10);
		store(2);
		assertThat(this.client.reader().read("orders", 0, 3, LONG)).isNull();
		assertThat(this.client.reader().read("orders", 0, 10, LONG)).isNotNull();
	}

	@Test
	void readsUpToTheLimitOrTheEnd() {
		store(5);
		assertThat(read(StartPosition.earliest(), 3)).containsExactly(0L, 1L, 2L);
		assertThat(read(StartPosition.earliest(), 50)).containsExactly(0L, 1L, 2L, 3L, 4L);
		assertThat(read(StartPosition.offset(3), 50)).containsExactly(3L, 4L);
		assertThat(read(StartPosition.latest(), 50)).containsExactly(4L);
		assertThat(read(StartPosition.at(Instant.ofEpochSecond(4)), 50)).containsExactly(3L, 4L);
	}

	@Test
	void doesNotWaitForNewMessages() {
		assertThat(read(StartPosition.earliest(), 5)).isEmpty();
		store(2);
		assertThat(read(StartPosition.newOnly(), 5)).isEmpty();
		assertThat(read(StartPosition.offset(2), 5)).isEmpty();
		assertThat(read(StartPosition.at(Instant.now()), 5)).isEmpty();
	}

	@Test
	void tellsTheOffsetOfAPosition() {
		assertThat(offset(StartPosition.earliest())).isEmpty();
		this.orders.beginAt(10);
		store(5);
		assertThat(offset(StartPosition.earliest())).hasValue(10);
		assertThat(offset(StartPosition.latest())).hasValue(14);
		assertThat(offset(StartPosition.offset(3))).hasValue(10);
		assertThat(offset(StartPosition.at(Instant.ofEpochSecond(13)))).hasValue(12);
		assertThat(offset(StartPosition.at(Instant.now()))).isEmpty();
		assertThat(offset(StartPosition.newOnly())).isEmpty();
	}

	private OptionalLong offset(StartPosition start) {
		return this.client.reader().findOffset("orders", 0, start, LONG);
	}

	@Test
	void givesUpInTime() {
		store(1);
		this.broker.onSubscribe((call) -> {
		});
		assertThatExceptionOfType(RequestTimeoutException.class)
			.isThrownBy(() -> this.client.reader().read("orders", 0, 0, Duration.ofSeconds(1)))
			.withMessageContaining("stream 'orders' partition 0");
		await().until(() -> this.broker.subscriberCalls().stream().allMatch((call) -> call.isEnded()));
	}

	/** The leader of a paused partition does not even tell its newest offset. */
	@Test
	void givesUpInTimeForAPausedPartition() {
		client(builder().requestTimeout(Duration.ofMinutes(2)).connectTimeout(Duration.ofMinutes(2)));
		store(1);
		this.orders.paused(true);
		long begin = System.nanoTime();
		assertThatExceptionOfType(RequestTimeoutException.class)
			.isThrownBy(() -> this.client.reader().read("orders", 0, 0, Duration.ofMillis(100)));
		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofMinutes(1));
	}

	@Test
	void saysThatThePartitionIsPaused() {
		store(1);
		this.orders.paused(true);
		assertThatExceptionOfType(StreamPausedException.class)
			.isThrownBy(() -> this.client.reader().read("orders", 0, 0, LONG))
			.withMessageContaining("stream 'orders' partition 0");
	}

	@Test
	void saysWhyNothingArrived() {
		this.broker.kill();
		assertThatExceptionOfType(RequestTimeoutException.class)
			.isThrownBy(() -> this.client.reader().read("orders", 0, 0, Duration.ofSeconds(2)))
			.withMessageContaining("Cannot reach")
			.withMessageContaining(this.broker.address());
	}

	@Test
	void findsNothingInALogThatRetentionEmptied() {
		this.orders.beginAt(10);
		assertThat(this.client.reader().read("orders", 0, 3, LONG)).isNull();
		assertThat(read(StartPosition.earliest(), 5)).isEmpty();
		assertThat(read(StartPosition.offset(3), 5)).isEmpty();
		assertThat(read(StartPosition.latest(), 5)).isEmpty();
	}

	/** Any length of time is one: the longest means for ever. */
	@Test
	void waitsAsLongAsItIsTold() {
		store(1);
		assertThat(this.client.reader().read("orders", 0, 0, Duration.ofSeconds(Long.MAX_VALUE))).isNotNull();
	}

	@Test
	void saysWhatIsMissing() {
		assertThatExceptionOfType(StreamNotFoundException.class)
			.isThrownBy(() -> this.client.reader().read("nope", 0, 0, LONG));
		assertThatExceptionOfType(PartitionNotFoundException.class)
			.isThrownBy(() -> this.client.reader().read("orders", 4, 0, LONG));
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> this.client.reader().read("orders", 0, StartPosition.earliest(), 0, LONG));
	}

}
