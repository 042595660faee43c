package io.liftbridge.client.consumer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

import com.google.protobuf.ByteString;
import io.liftbridge.client.entry.Codecs;
import io.liftbridge.client.entry.Compression;
import io.liftbridge.client.entry.EncodedEntry;
import io.liftbridge.client.entry.EntryDecoder;
import io.liftbridge.client.entry.EntryEncoder;
import io.liftbridge.client.entry.EntryHeaders;
import io.liftbridge.client.entry.EntryOptions;
import io.liftbridge.client.entry.RecordBatchEncoder;
import io.liftbridge.client.message.MalformedEntryException;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.proto.Message;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What becomes of entries between the buffer and the handler.
 */
class EntryDeliveryTests {

	private final Deque<Runnable> executor = new ArrayDeque<>();

	private final List<String> seen = new ArrayList<>();

	private final AtomicInteger consumed = new AtomicInteger();

	private final List<String> finished = new ArrayList<>();

	private final Delivery.Callbacks callbacks = new Delivery.Callbacks() {

		@Override
		public void consumed(int messages) {
			assertThat(messages).isPositive();
			EntryDeliveryTests.this.consumed.addAndGet(messages);
		}

		@Override
		public void malformed(MalformedEntryException malformed) {
			EntryDeliveryTests.this.seen.add("malformed " + malformed.raw());
		}

		@Override
		public void finished(EndReason reason, Throwable failure) {
			EntryDeliveryTests.this.finished.add((reason != null) ? reason.toString() : failure.toString());
		}

	};

	@Test
	void deliversRecordsWithOffsetAndIndex() {
		Delivery delivery = each(this::note);
		delivery.offer(List.of(plain(4), entry(5, 3), plain(6)));
		runAll();
		assertThat(this.seen).containsExactly("4.0/1 plain 4", "5.0/3 r0", "5.1/3 r1", "5.2/3 r2", "6.0/1 plain 6");
		assertThat(delivery.lastProcessed()).isEqualTo(6);
		assertThat(this.consumed).hasValue(3);
	}

	@Test
	void movesThePositionWithTheLastRecordOnly() {
		List<Long> positions = new ArrayList<>();
		AtomicReference<Delivery> delivery = new AtomicReference<>();
		delivery.set(each((message) -> positions.add(delivery.get().lastProcessed())));
		delivery.get().offer(List.of(plain(4), entry(5, 3), plain(6)));
		runAll();
		assertThat(positions).containsExactly(-1L, 4L, 4L, 4L, 5L);
	}

	@Test
	void splitsAnEntryOverBatches() {
		List<Long> positions = new ArrayList<>();
		AtomicReference<Delivery> delivery = new AtomicReference<>();
		delivery.set(batches(2, (messages) -> {
			positions.add(delivery.get().lastProcessed());
			this.seen.add(messages.stream().map((m) -> m.offset() + "." + m.index()).toList().toString());
		}));
		delivery.get().offer(List.of(plain(4), entry(5, 4), entry(6, 1)));
		runAll();
		assertThat(this.seen).containsExactly("[4.0, 5.0]", "[5.1, 5.2]", "[5.3, 6.0]");
		assertThat(positions).containsExactly(-1L, 4L, 4L);
		assertThat(delivery.get().lastProcessed()).isEqualTo(6);
		assertThat(this.consumed).hasValue(3);
	}

	@Test
	void goesOnBehindTheRecordWhereItWasPaused() {
		AtomicReference<Delivery> delivery = new AtomicReference<>();
		delivery.set(each((message) -> {
			note(message);
			delivery.get().pause();
		}));
		delivery.get().offer(List.of(entry(0, 3), plain(1)));
		runAll();
		assertThat(this.seen).containsExactly("0.0/3 r0");
		assertThat(this.consumed).hasValue(0);
		for (int i = 0; i < 3; i++) {
			assertThat(delivery.get().lastProcessed()).isEqualTo(-1);
			delivery.get().resume();
			runAll();
			if (i == 1) {
				assertThat(delivery.get().lastProcessed()).isZero();
				assertThat(this.consumed).hasValue(1);
				break;
			}
		}
		delivery.get().resume();
		runAll();
		assertThat(this.seen).containsExactly("0.0/3 r0", "0.1/3 r1", "0.2/3 r2", "1.0/1 plain 1");
		delivery.get().resume();
		runAll();
		assertThat(this.consumed).hasValue(2);
		assertThat(delivery.get().lastProcessed()).isEqualTo(1);
	}

	@Test
	void endsBehindTheLastRecord() {
		AtomicReference<Delivery> delivery = new AtomicReference<>();
		delivery.set(batches(2, (messages) -> {
			messages.forEach(this::note);
			delivery.get().pause();
		}));
		delivery.get().offer(List.of(entry(0, 4)));
		delivery.get().end(EndReason.STOP_REACHED);
		runAll();
		assertThat(this.finished).isEmpty();
		delivery.get().resume();
		runAll();
		delivery.get().resume();
		runAll();
		assertThat(this.seen).hasSize(4);
		assertThat(this.finished).containsExactly("STOP_REACHED");
	}

	@Test
	void filtersEachRecord() {
		List<Long> passed = new ArrayList<>();
		MessageFilter filter = MessageFilter.ALL.and((message) -> message.index() == 1 || message.text().equals("x"));
		Delivery delivery = delivery(500, false, filter, new SubscriptionBuilder.EachMessage(new MessageHandler() {

			@Override
			public void onMessage(ReceivedMessage<byte[]> message) {
				note(message);
			}

			@Override
			public void onFilteredOut(long offset) {
				passed.add(offset);
			}

		}));
		delivery.offer(List.of(entry(0, 3)));
		runAll();
		assertThat(this.seen).containsExactly("0.1/3 r1");
		assertThat(passed).containsExactly(0L);
		assertThat(delivery.lastProcessed()).isZero();
		delivery.offer(List.of(entry(1, 2), entry(2, 1), plain(3)));
		runAll();
		assertThat(this.seen).containsExactly("0.1/3 r1", "1.1/2 r1");
		assertThat(passed).containsExactly(0L, 3L);
		assertThat(this.consumed).hasValue(4);
		assertThat(delivery.lastProcessed()).isEqualTo(3);
	}

	@Test
	void goesOnBehindWhatIsMalformed() {
		Delivery delivery = each(this::note);
		delivery.offer(List.of(plain(0), broken(1), entry(2, 2), broken(3), broken(4)));
		runAll();
		assertThat(this.seen).containsExactly("0.0/1 plain 0", "malformed ReceivedMessage[s/0@1]", "2.0/2 r0",
				"2.1/2 r1", "malformed ReceivedMessage[s/0@3]", "malformed ReceivedMessage[s/0@4]");
		assertThat(delivery.lastProcessed()).isEqualTo(4);
		assertThat(this.consumed).hasValue(5);
		assertThat(this.finished).isEmpty();
	}

	@Test
	void letsTheHandlerTakeCareOfWhatIsMalformed() {
		List<Long> passed = new ArrayList<>();
		Delivery delivery = delivery(500, false, MessageFilter.ALL, new BatchHandler() {

			@Override
			public void onMessages(List<ReceivedMessage<byte[]>> messages) {
				messages.forEach(EntryDeliveryTests.this::note);
			}

			@Override
			public boolean onMalformed(MalformedEntryException malformed) {
				EntryDeliveryTests.this.seen.add("mine " + malformed.raw());
				return true;
			}

			@Override
			public void onFilteredOut(long offset) {
				passed.add(offset);
			}

		});
		delivery.offer(List.of(plain(0), broken(1), plain(2)));
		runAll();
		assertThat(this.seen).containsExactly("0.0/1 plain 0", "mine ReceivedMessage[s/0@1]", "2.0/1 plain 2");
		assertThat(passed).containsExactly(1L);
	}

	@Test
	void readsRecordsBackwardsInReverse() {
		Delivery delivery = delivery(2, true, MessageFilter.ALL, new SubscriptionBuilder.EachMessage(this::note));
		delivery.offer(List.of(entry(5, 3), plain(4)));
		runAll();
		assertThat(this.seen).containsExactly("5.2/3 r2", "5.1/3 r1", "5.0/3 r0", "4.0/1 plain 4");
		assertThat(delivery.lastProcessed()).isEqualTo(4);
		assertThat(this.consumed).hasValue(2);
	}

	/** Entries may become thousands of times what was prefetched. */
	@Test
	void unpacksNoMoreAtATimeThanMayWaitInMemory() {
		List<Integer> sizes = new ArrayList<>();
		Delivery delivery = batches(1_000_000, (messages) -> sizes.add(messages.size()));
		delivery.offer(List.of(entry(0, 5, 400), entry(1, 5, 400)));
		runAll();
		// At 1000 bytes it is enough: two, or three with what records take themselves.
		assertThat(sizes).allSatisfy((size) -> assertThat(size).isLessThanOrEqualTo(3));
		assertThat(sizes.stream().mapToInt(Integer::intValue).sum()).isEqualTo(10);
	}

	@Test
	void doesNotHandOutAgainWhatAnObserverKnowsToBeProcessed() {
		RecordMark records = new RecordMark();
		List<Long> positions = new ArrayList<>();
		HandlerObserver observer = new HandlerObserver() {

			@Override
			public void processed(long offset) {
				positions.add(offset);
			}

			@Override
			public RecordMark records() {
				return records;
			}

		};
		AtomicInteger failing = new AtomicInteger();
		MessageHandler handler = (message) -> {
			if (message.index() == 2 && failing.getAndIncrement() == 0) {
				throw new IllegalStateException("first time");
			}
			note(message);
		};
		for (int attempt = 0; attempt < 2; attempt++) {
			Delivery delivery = delivery(500, false, MessageFilter.ALL,
					ObservedHandler.of(new SubscriptionBuilder.EachMessage(handler), observer));
			delivery.offer(List.of(entry(7, 4)));
			runAll();
		}
		assertThat(this.seen).containsExactly("7.0/4 r0", "7.1/4 r1", "7.2/4 r2", "7.3/4 r3");
		assertThat(positions).containsExactly(6L, 6L, 6L, 7L);
		List<String> lists = new ArrayList<>();
		records.clear();
		records.processed(Delivery.convert(entry(7, 4)).record(1, 4, 0, null, new byte[0], null));
		Delivery batches = delivery(3, false, MessageFilter.ALL, ObservedHandler
			.of((messages) -> lists.add(messages.stream().map(ReceivedMessage::index).toList().toString()), observer));
		batches.offer(List.of(entry(7, 4)));
		runAll();
		assertThat(lists).containsExactly("[2]", "[3]");
	}

	private void note(ReceivedMessage<byte[]> message) {
		this.seen
			.add(message.offset() + "." + message.index() + "/" + message.recordCount() + " " + message.text().strip());
	}

	private Delivery each(MessageHandler handler) {
		return delivery(500, false, MessageFilter.ALL, new SubscriptionBuilder.EachMessage(handler));
	}

	private Delivery batches(int size, BatchHandler handler) {
		return delivery(size, false, MessageFilter.ALL, handler);
	}

	private Delivery delivery(int size, boolean reverse, MessageFilter filter, BatchHandler handler) {
		SubscriptionOptions options = new SubscriptionOptions("s", 0, StartPosition.earliest(), StopPosition.never(),
				reverse, filter, false, false, 1000, 1000, size, handler, null, SubscriptionListener.NONE, null, null,
				EntryOptions.DEFAULT);
		return new Delivery(options, new EntryDecoder(Codecs.STANDARD, options.entries()), this.executor::add,
				this.callbacks);
	}

	private void runAll() {
		for (Runnable next = this.executor.poll(); next != null; next = this.executor.poll()) {
			next.run();
		}
	}

	private static Message plain(long offset) {
		return wire(offset).setValue(ByteString.copyFromUtf8("plain " + offset)).build();
	}

	private static Message broken(long offset) {
		return wire(offset).putHeaders(EntryHeaders.BATCH, ByteString.copyFromUtf8("1;2")).build();
	}

	private static Message entry(long offset, int records) {
		return entry(offset, records, 0);
	}

	private static Message entry(long offset, int records, int padding) {
		Function<Integer, String> value = (i) -> "r" + i + " ".repeat(padding);
		RecordBatchEncoder batch = new RecordBatchEncoder(0);
		for (int i = 0; i < records; i++) {
			batch.add(io.liftbridge.client.message.Message.of(value.apply(i).getBytes()), 1);
		}
		EncodedEntry encoded = new EntryEncoder(Codecs.STANDARD, Compression.ZLIB, 0, EntryHeaders.ENCODING)
			.encode(batch);
		Message.Builder wire = wire(offset)
			.setValue(ByteString.copyFrom(Arrays.copyOf(encoded.array(), encoded.length())));
		encoded.forEachHeader((name, content) -> wire.putHeaders(name, ByteString.copyFrom(content)));
		return wire.build();
	}

	private static Message.Builder wire(long offset) {
		return Message.newBuilder()
			.setStream("s")
			.setOffset(offset)
			.putHeaders("subject", ByteString.copyFromUtf8("s"))
			.putHeaders("reply", ByteString.EMPTY);
	}

}
