package io.liftbridge.client.consumer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import com.google.protobuf.ByteString;
import io.liftbridge.client.entry.Codecs;
import io.liftbridge.client.entry.Compression;
import io.liftbridge.client.entry.EncodedEntry;
import io.liftbridge.client.entry.EntryEncoder;
import io.liftbridge.client.entry.EntryHeaders;
import io.liftbridge.client.entry.EntryOptions;
import io.liftbridge.client.entry.RecordBatchEncoder;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.proto.Message;
import org.junit.jupiter.api.Test;

import static io.liftbridge.client.consumer.Chunks.chunk;
import static io.liftbridge.client.consumer.Chunks.plain;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What becomes of chunks between the buffer and the handler.
 */
class LargeMessagesTests {

	private final Chunks chunks = new Chunks();

	/** Notes messages, and the offsets that are passed without one. */
	private Delivery delivery(MessageFilter filter, List<Long> passed) {
		return this.chunks.delivery(EntryOptions.DEFAULT, false, filter, new MessageHandler() {

			@Override
			public void onMessage(ReceivedMessage<byte[]> message) {
				LargeMessagesTests.this.chunks.note(message);
			}

			@Override
			public void onFilteredOut(long offset) {
				passed.add(offset);
			}

		});
	}

	@Test
	void theLastChunkDeliversTheMessageWithItsKeyAndHeaders() {
		Delivery delivery = this.chunks.each();
		this.chunks.run(delivery, chunk(5, "a", 0, 3), chunk(6, "a", 1, 3));
		assertThat(this.chunks.seen).isEmpty();
		assertThat(this.chunks.consumed).as("room for those behind them").isEqualTo(2);
		assertThat(delivery.lastProcessed()).isEqualTo(-1);
		this.chunks.run(delivery,
				chunk(7, "a", 2, 3, "2").putHeaders(EntryHeaders.CHUNK_KEY, ByteString.copyFromUtf8("k"))
					.putHeaders("h", ByteString.copyFromUtf8("1"))
					.build());
		assertThat(this.chunks.seen).containsExactly("7<7 012");
		ReceivedMessage<byte[]> message = this.chunks.messages.get(0);
		assertThat(message.keyText()).isEqualTo("k");
		assertThat(message.headers().names()).containsExactlyInAnyOrder("subject", "reply", "h");
		assertThat(message.timestampNanos()).isEqualTo(7_000_000_000L);
		assertThat(message.resumeOffset()).isEqualTo(5);
		assertThat(message.subject()).isEqualTo("s");
		assertThat(delivery.lastProcessed()).isEqualTo(7);
		assertThat(this.chunks.consumed).isEqualTo(3);
	}

	@Test
	void positionsStayBelowTheFirstChunkOfWhatIsNotComplete() {
		Delivery delivery = this.chunks.each();
		this.chunks.run(delivery, plain(0), chunk(1, "a", 0, 2), plain(2), chunk(3, "b", 0, 2), plain(4));
		assertThat(delivery.lastProcessed()).isZero();
		assertThat(delivery.lastDelivered()).isEqualTo(4);
		this.chunks.run(delivery, chunk(5, "a", 1, 2), plain(6));
		assertThat(delivery.lastProcessed()).isEqualTo(2);
		this.chunks.run(delivery, chunk(7, "b", 1, 2), plain(8));
		assertThat(delivery.lastProcessed()).isEqualTo(8);
		assertThat(this.chunks.seen).containsExactly("0<0 plain", "2<0 plain", "4<0 plain", "5<2 01", "6<2 plain",
				"7<7 01", "8<8 plain");
		assertThat(this.chunks.messages).extracting(ReceivedMessage::resumeOffset)
			.containsExactly(0L, 1L, 1L, 1L, 3L, 3L, 8L);
	}

	@Test
	void whatIsFilteredOutMovesNoPositionBeyondAChunk() {
		List<Long> passed = new ArrayList<>();
		Delivery delivery = delivery(MessageFilter.ALL.and((message) -> message.text().equals("01")), passed);
		this.chunks.run(delivery, plain(0), chunk(1, "a", 0, 2), plain(2), chunk(3, "c", 0, 1));
		assertThat(delivery.lastProcessed()).isZero();
		assertThat(passed).containsExactly(0L);
		this.chunks.run(delivery, chunk(4, "a", 1, 2), plain(5));
		assertThat(this.chunks.seen).containsExactly("4<4 01");
		assertThat(passed).containsExactly(0L, 5L);
		assertThat(delivery.lastProcessed()).isEqualTo(5);
	}

	@Test
	void chunksThatComeAgainOrInAnotherOrderAreThatMessageOnce() {
		Delivery delivery = this.chunks.each();
		this.chunks.run(delivery, chunk(0, "a", 0, 3), chunk(1, "a", 2, 3), chunk(2, "a", 0, 3), chunk(3, "a", 1, 3),
				chunk(4, "a", 1, 3), chunk(5, "a", 2, 3), plain(6));
		assertThat(this.chunks.seen).containsExactly("3<3 012", "6<6 plain");
		assertThat(delivery.lastProcessed()).isEqualTo(6);
		assertThat(this.chunks.consumed).isEqualTo(7);
	}

	@Test
	void aValueIsDecompressedAsAWholeAndABatchTakenApart() {
		RecordBatchEncoder batch = new RecordBatchEncoder(0);
		batch.add(io.liftbridge.client.message.Message.of("k", "one"), 1);
		batch.add(io.liftbridge.client.message.Message.of("k", "two"), 1);
		EncodedEntry entry = new EntryEncoder(Codecs.STANDARD, Compression.ZLIB, 0, EntryHeaders.ENCODING)
			.encode(batch);
		ByteString value = ByteString.copyFrom(entry.array(), 0, entry.length());
		Message.Builder last = chunk(8, "a", 1, 2, "").setValue(value.substring(9));
		entry.forEachHeader((name, content) -> last.putHeaders(name, ByteString.copyFrom(content)));
		this.chunks.run(this.chunks.each(), chunk(4, "a", 0, 2, "").setValue(value.substring(0, 9)).build(), plain(6),
				last.build());
		assertThat(this.chunks.seen).containsExactly("6<3 plain", "8<3 one", "8<8 two");
		assertThat(this.chunks.messages).extracting(ReceivedMessage::resumeOffset).containsOnly(4L);
	}

	@Test
	void whatHasNoPlaceAmongChunksIsMalformedAndReadingGoesOn() {
		Delivery delivery = this.chunks.each();
		this.chunks.run(delivery, Chunks.wire(0).putHeaders(EntryHeaders.CHUNK, ByteString.EMPTY).build(),
				chunk(1, "a", 3, 3), chunk(2, "a", 0, 2), chunk(3, "a", 1, 3), chunk(4, "a", 1, 2), plain(5));
		assertThat(this.chunks.seen).containsExactly("malformed 0<0", "malformed 1<1", "malformed 3<3", "5<5 plain");
		assertThat(this.chunks.malformed.get(2)).hasMessageContaining("stream 's' partition 0 offset 3")
			.hasMessageContaining("has 3 chunks, the one at offset 2 said 2");
		assertThat(delivery.lastProcessed()).isEqualTo(5);
		assertThat(this.chunks.consumed).isEqualTo(6);
	}

	@Test
	void aMessageOverTheLimitIsMalformedOnce() {
		Delivery delivery = this.chunks.each(EntryOptions.DEFAULT.maxLargeMessageBytes(25));
		this.chunks.run(delivery, chunk(0, "a", 0, 3, "0123456789").build(), chunk(1, "a", 1, 3, "0123456789").build(),
				chunk(2, "a", 2, 3, "012345").build(), chunk(3, "a", 2, 3, "012345").build(),
				chunk(4, "b", 0, 2, "0123456789").build(), chunk(5, "b", 1, 2, "0123456789abcde").build());
		assertThat(this.chunks.seen).containsExactly("malformed 2<2", "5<5 01234567890123456789abcde");
		assertThat(this.chunks.malformed.get(0)).hasMessageContaining("26 bytes, over the limit of 25")
			.hasMessageContaining("maxLargeMessageBytes");
	}

	@Test
	void whatItsProducerDoesNotCompleteIsGivenUpBeforeTheFirstMessageThatComesTooLate() {
		Delivery delivery = this.chunks.each(EntryOptions.DEFAULT.largeMessageTimeout(Duration.ofSeconds(10)));
		this.chunks.run(delivery, plain(0), chunk(1, "a", 0, 3), chunk(2, "a", 1, 3), plain(12));
		assertThat(this.chunks.seen).containsExactly("0<0 plain", "12<0 plain");
		this.chunks.run(delivery, plain(13), chunk(14, "a", 2, 3), plain(15));
		assertThat(this.chunks.seen).containsExactly("0<0 plain", "12<0 plain", "malformed 2<2", "13<13 plain",
				"15<15 plain");
		assertThat(this.chunks.malformed.get(0))
			.hasMessageContaining("only 2 of its message's 3 chunks were read, from offset 1 on")
			.hasMessageContaining("PT10S (largeMessageTimeout)");
		assertThat(delivery.lastProcessed()).isEqualTo(15);
		assertThat(this.chunks.consumed).isEqualTo(7);
	}

	@Test
	void whereReadingBeginsBehindTheFirstChunkThatIsToldAtTheEnd() {
		Delivery delivery = this.chunks.each();
		delivery.offer(List.of(chunk(5, "a", 1, 3), chunk(6, "a", 2, 3), plain(7)));
		delivery.end(EndReason.STOP_REACHED);
		this.chunks.runAll();
		assertThat(this.chunks.seen).containsExactly("7<4 plain", "malformed 6<4");
		assertThat(this.chunks.finished).containsExactly("STOP_REACHED");
		assertThat(delivery.lastProcessed()).isEqualTo(4);
	}

	@Test
	void whatIsNotCompleteWhereAReadOnlyPartitionEndsIsToldAndPassed() {
		List<Long> passed = new ArrayList<>();
		Delivery delivery = delivery(MessageFilter.ALL, passed);
		delivery.offer(List.of(plain(0), chunk(1, "a", 0, 2), plain(2), chunk(3, "b", 0, 2)));
		delivery.end(EndReason.END_OF_PARTITION);
		this.chunks.runAll();
		assertThat(this.chunks.seen).containsExactly("0<0 plain", "2<0 plain", "malformed 1<0", "malformed 3<0");
		assertThat(this.chunks.finished).containsExactly("END_OF_PARTITION");
		assertThat(passed).containsExactly(3L);
		assertThat(delivery.lastProcessed()).isEqualTo(3);
	}

	@Test
	void anEndDuringAPauseTellsOfWhatIsNotCompleteWhenItIsOver() {
		Delivery delivery = this.chunks.each();
		this.chunks.run(delivery, chunk(0, "a", 0, 2));
		delivery.pause();
		delivery.end(EndReason.STOP_REACHED);
		this.chunks.runAll();
		assertThat(this.chunks.finished).isEmpty();
		delivery.resume();
		this.chunks.runAll();
		assertThat(this.chunks.seen).containsExactly("malformed 0<-1");
		assertThat(this.chunks.finished).containsExactly("STOP_REACHED");
	}

	@Test
	void whatWasCompleteBeforeReadingGoesOnIsNotMalformedThen() {
		EntryOptions entries = EntryOptions.DEFAULT.largeMessageTimeout(Duration.ofSeconds(10));
		this.chunks.run(this.chunks.each(entries), chunk(1, "a", 0, 2), chunk(2, "b", 0, 2), chunk(3, "a", 1, 2));
		assertThat(this.chunks.seen).containsExactly("3<1 01");
		// So reading goes on behind 1, among the chunks of what was processed.
		Delivery delivery = this.chunks.after(1, entries);
		this.chunks.run(delivery, chunk(2, "b", 0, 2), chunk(3, "a", 1, 2), chunk(4, "b", 1, 2), plain(14));
		assertThat(this.chunks.seen).containsExactly("3<1 01", "4<2 01", "14<14 plain");
		assertThat(delivery.lastProcessed()).isEqualTo(14);
		// Those that begin later are told of, and those that lack another chunk.
		this.chunks.run(delivery, chunk(15, "c", 1, 2), plain(30));
		delivery = this.chunks.after(1, entries);
		this.chunks.run(delivery, chunk(2, "b", 0, 2), plain(14));
		assertThat(this.chunks.seen.subList(3, 7)).containsExactly("malformed 15<15", "30<30 plain", "malformed 2<2",
				"14<14 plain");
	}

	@Test
	void whatIsCutOffWhereReadingGoesOnIsNotMalformedAtTheEnd() {
		Delivery delivery = this.chunks.after(5, EntryOptions.DEFAULT);
		delivery.offer(List.of(chunk(6, "a", 2, 3), plain(7), chunk(8, "b", 0, 2)));
		delivery.end(EndReason.STOP_REACHED);
		this.chunks.runAll();
		assertThat(this.chunks.seen).containsExactly("7<5 plain", "malformed 8<5");
	}

	@Test
	void headersOfWhatIsNotCompleteCountAsWell() {
		Delivery delivery = this.chunks.each(EntryOptions.DEFAULT.maxLargeMessageBytes(1 << 20));
		ByteString large = ByteString.copyFromUtf8("x".repeat(700_000));
		for (int i = 0; i < 4; i++) {
			this.chunks.run(delivery, chunk(i, "id" + i, 0, 2, "").putHeaders("h", large).build());
		}
		this.chunks.run(delivery, plain(4));
		assertThat(this.chunks.seen).containsExactly("malformed 0<0", "4<0 plain");
	}

	@Test
	void theOldestMakesRoomWhereTooManyAreNotComplete() {
		Delivery delivery = this.chunks.each();
		List<Message> many = new ArrayList<>();
		for (int i = 0; i <= 1000; i++) {
			many.add(chunk(i, "id" + i, 0, 2).toBuilder().setTimestamp(1).build());
		}
		delivery.offer(many);
		this.chunks.runAll();
		this.chunks.run(delivery, plain(1001).toBuilder().setTimestamp(1).build(), chunk(1002, "id0", 1, 2),
				chunk(1003, "id1", 1, 2));
		assertThat(this.chunks.seen).startsWith("malformed 0<0", "1001<0 plain");
		assertThat(this.chunks.malformed.get(0)).hasMessageContaining("take too much memory");
	}

	@Test
	void manyBytesThatAreNotCompleteMakeTheOldestMalformed() {
		Delivery delivery = this.chunks.each(EntryOptions.DEFAULT.maxLargeMessageBytes(1 << 20));
		String half = "x".repeat(700_000);
		this.chunks.run(delivery, chunk(0, "a", 0, 2, half).build(), chunk(1, "b", 0, 2, half).build(),
				chunk(2, "c", 0, 2, half).build(), chunk(3, "d", 0, 2, half).build(), plain(4));
		assertThat(this.chunks.seen).containsExactly("malformed 0<0", "4<0 plain");
	}

	@Test
	void chunksAreMessagesIfNothingIsUnpacked() {
		Delivery delivery = this.chunks.each(EntryOptions.DEFAULT.unpack(false));
		this.chunks.run(delivery, chunk(0, "a", 0, 2), chunk(1, "a", 1, 2));
		assertThat(this.chunks.seen).containsExactly("0<0 0", "1<1 1");
		assertThat(this.chunks.messages.get(1).headers().text(EntryHeaders.CHUNK)).isEqualTo("1;a;1;2");
	}

	@Test
	void inReverseTheFirstChunkDeliversTheMessage() {
		Delivery delivery = this.chunks.delivery(EntryOptions.DEFAULT, true, MessageFilter.ALL, this.chunks::note);
		this.chunks.run(delivery, plain(4), chunk(3, "a", 1, 2), plain(2), chunk(1, "a", 0, 2), plain(0));
		assertThat(this.chunks.messages).extracting((message) -> message.offset() + " " + message.text())
			.containsExactly("4 plain", "2 plain", "3 01", "0 plain");
		assertThat(delivery.lastProcessed()).isZero();
	}

	@Test
	void whatWasProcessedAmongChunksIsNotDeliveredAgainWhenReadingGoesOnBeforeThem() {
		RecordMark mark = new RecordMark();
		List<Long> positions = new ArrayList<>();
		HandlerObserver observer = new HandlerObserver() {

			@Override
			public RecordMark records() {
				return mark;
			}

			@Override
			public void processed(long offset) {
				positions.add(offset);
			}

		};
		for (int attempt = 0; attempt < 2; attempt++) {
			Delivery delivery = this.chunks.lists(EntryOptions.DEFAULT, false, MessageFilter.ALL,
					ObservedHandler.of(new SubscriptionBuilder.EachMessage(this.chunks::note), observer));
			this.chunks.run(delivery, chunk(1, "a", 0, 2), plain(2), plain(3));
			if (attempt == 1) {
				this.chunks.run(delivery, chunk(4, "a", 1, 2), plain(5));
			}
		}
		assertThat(this.chunks.seen).containsExactly("2<0 plain", "3<0 plain", "4<4 01", "5<5 plain");
		assertThat(positions).containsExactly(0L, 0L, 4L, 5L);
	}

	@Test
	void listsKeepPositionsBelowChunksToo() {
		List<String> lists = new ArrayList<>();
		Delivery delivery = this.chunks.lists(EntryOptions.DEFAULT, false, MessageFilter.ALL,
				(messages) -> lists.add(messages.stream().map(ReceivedMessage::offset).toList().toString()));
		this.chunks.run(delivery, plain(0), chunk(1, "a", 0, 2), plain(2));
		assertThat(delivery.lastProcessed()).isZero();
		this.chunks.run(delivery, chunk(3, "a", 1, 2), plain(4), chunk(5, "b", 0, 2));
		assertThat(delivery.lastProcessed()).isEqualTo(4);
		assertThat(lists).containsExactly("[0, 2]", "[3, 4]");
	}

}
