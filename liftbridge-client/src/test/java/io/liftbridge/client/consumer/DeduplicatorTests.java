package io.liftbridge.client.consumer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import io.liftbridge.client.message.Headers;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.PublishingId;
import io.liftbridge.client.message.ReceivedMessage;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class DeduplicatorTests {

	private final Deduplicator duplicates = new Deduplicator();

	/** When the stream was. */
	private long created;

	private ReceivedMessage<byte[]> message(int partition, long offset, String producer, String id) {
		Headers headers = Headers.empty();
		if (!producer.isEmpty()) {
			headers = headers.with(PublishingId.PRODUCER_HEADER, producer);
		}
		if (!id.isEmpty()) {
			headers = headers.with(PublishingId.HEADER, id);
		}
		return ReceivedMessage.of("orders", partition, offset, this.created + offset, null, new byte[0], headers,
				"orders");
	}

	private ReceivedMessage<byte[]> message(long offset, long id) {
		return message(0, offset, "p", Long.toString(id));
	}

	@Test
	void leavesOutWhatWasStoredTwice() {
		List<Long> passed = new ArrayList<>();
		long[] ids = { 1, 2, 3, 2, 3, 4, 4, 7 };
		for (int offset = 0; offset < ids.length; offset++) {
			if (this.duplicates.test(message(offset, ids[offset]))) {
				passed.add((long) offset);
			}
		}
		assertThat(passed).containsExactly(0L, 1L, 2L, 5L, 7L);
	}

	@Test
	void tellsProducersAndPartitionsApart() {
		assertThat(this.duplicates.test(message(0, 1, "p", "5"))).isTrue();
		assertThat(this.duplicates.test(message(0, 2, "q", "5"))).isTrue();
		assertThat(this.duplicates.test(message(1, 2, "p", "5"))).isTrue();
		assertThat(this.duplicates.test(message(0, 3, "p", "5"))).isFalse();
	}

	@Test
	void letsPassWhatHasNoIds() {
		assertThat(this.duplicates.test(message(0, 1, "", ""))).isTrue();
		assertThat(this.duplicates.test(message(0, 2, "p", ""))).isTrue();
		assertThat(this.duplicates.test(message(0, 3, "p", "?"))).isTrue();
		assertThat(this.duplicates.test(message(0, 4, "p", "-3"))).isTrue();
		assertThat(this.duplicates.test(message(0, 5, "", "5"))).isTrue();
		assertThat(this.duplicates.seen()).isEmpty();
	}

	@Test
	void knowsRecordsOfAnEntryThatHasOneNumberForAll() {
		ReceivedMessage<byte[]> entry = message(0, 1, "p", "10+");
		for (int i = 0; i < 3; i++) {
			ReceivedMessage<byte[]> one = entry.record(i, 3, 0, null, new byte[0], entry.headers());
			assertThat(PublishingId.of(one)).hasValue(10 + i);
			assertThat(this.duplicates.test(one)).isTrue();
		}
		assertThat(this.duplicates.test(message(2, 12))).isFalse();
		assertThat(this.duplicates.test(message(3, 13))).isTrue();
	}

	@Test
	void handsOnAgainWhatAHandlerHasFailedWith() throws Exception {
		List<String> handled = new ArrayList<>();
		MessageHandler handler = this.duplicates.wrap((message) -> {
			handled.add("" + message.offset());
			if (handled.size() == 2) {
				throw new IllegalStateException("not now");
			}
		});
		handler.onMessage(message(0, 1));
		assertThatThrownBy(() -> handler.onMessage(message(1, 2))).hasMessage("not now");
		handler.onMessage(message(1, 2));
		handler.onMessage(message(2, 2));
		assertThat(handled).containsExactly("0", "1", "1");
	}

	@Test
	void letsPassWhatIsDeliveredAgainFromAnEarlierPosition() {
		for (long offset = 0; offset < 4; offset++) {
			assertThat(this.duplicates.test(message(offset, offset))).isTrue();
		}
		for (long offset = 1; offset < 4; offset++) {
			assertThat(this.duplicates.test(message(offset, offset))).isTrue();
		}
		assertThat(this.duplicates.test(message(4, 3))).isFalse();
	}

	@Test
	void letsPassAllOfAStreamThatWasCreatedAnewAndWhoseIdsBeginAgain() {
		for (long offset = 0; offset < 4; offset++) {
			this.duplicates.test(message(offset, 100 + offset));
		}
		this.created = 1_000_000;
		for (long offset = 0; offset < 8; offset++) {
			assertThat(this.duplicates.test(message(offset, offset))).as("offset %d", offset).isTrue();
		}
		assertThat(this.duplicates.test(message(8, 7))).isFalse();
	}

	@Test
	void goesOnWithWhatWasSeenBeforeARestart() {
		this.duplicates.test(message(0, 1));
		this.duplicates.test(message(1, 2));
		List<Deduplicator.Seen> seen = this.duplicates.seen();
		assertThat(seen).containsExactly(new Deduplicator.Seen("orders", 0, "p", 2, 1, 0, 1));
		Deduplicator next = new Deduplicator();
		next.seed(seen);
		assertThat(next.test(message(2, 2))).isFalse();
		assertThat(next.test(message(3, 3))).isTrue();
		next.seed(seen);
		assertThat(next.test(message(4, 3))).as("the higher id counts").isFalse();
	}

	@Test
	void forgetsWhoWasNotSeenForLongest() {
		Deduplicator few = new Deduplicator(2);
		few.test(message(0, 1, "a", "1"));
		few.test(message(0, 2, "b", "1"));
		few.test(message(0, 3, "a", "2"));
		few.test(message(0, 4, "c", "1"));
		assertThat(few.seen()).extracting(Deduplicator.Seen::producer).containsExactly("a", "c");
		assertThatThrownBy(() -> new Deduplicator(0)).isInstanceOf(InvalidRequestException.class)
			.hasMessageContaining("0 producers");
	}

	@Test
	void takesNamesThatAreNotAscii() {
		ReceivedMessage<byte[]> message = message(0, 1, "日本", "1");
		assertThat(PublishingId.producer(message)).isEqualTo("日本");
		assertThat(message.headers().get(PublishingId.PRODUCER_HEADER))
			.isEqualTo("日本".getBytes(StandardCharsets.UTF_8));
	}

}
