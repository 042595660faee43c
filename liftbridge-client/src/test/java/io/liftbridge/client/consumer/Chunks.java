package io.liftbridge.client.consumer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import com.google.protobuf.ByteString;
import io.liftbridge.client.entry.Codecs;
import io.liftbridge.client.entry.EntryDecoder;
import io.liftbridge.client.entry.EntryHeaders;
import io.liftbridge.client.entry.EntryOptions;
import io.liftbridge.client.message.MalformedEntryException;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.proto.Message;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Chunks as a broker sends them, and a delivery that takes them.
 */
final class Chunks implements Delivery.Callbacks {

	final Deque<Runnable> executor = new ArrayDeque<>();

	/** What arrived: {@code offset<processedOffset value}, or what was malformed. */
	final List<String> seen = new ArrayList<>();

	final List<MalformedEntryException> malformed = new ArrayList<>();

	final List<ReceivedMessage<byte[]>> messages = new ArrayList<>();

	final List<String> finished = new ArrayList<>();

	int consumed;

	void note(ReceivedMessage<byte[]> message) {
		this.messages.add(message);
		this.seen.add(message.offset() + "<" + message.processedOffset() + " " + message.text());
	}

	Delivery each() {
		return delivery(EntryOptions.DEFAULT, false, MessageFilter.ALL, this::note);
	}

	Delivery each(EntryOptions entries) {
		return delivery(entries, false, MessageFilter.ALL, this::note);
	}

	Delivery delivery(EntryOptions entries, boolean reverse, MessageFilter filter, MessageHandler handler) {
		return lists(entries, reverse, filter, new SubscriptionBuilder.EachMessage(handler));
	}

	Delivery lists(EntryOptions entries, boolean reverse, MessageFilter filter, BatchHandler handler) {
		return new Delivery(options(entries, reverse, filter, handler), new EntryDecoder(Codecs.STANDARD, entries),
				this.executor::add, this);
	}

	/** Goes on behind an offset. */
	Delivery after(long offset, EntryOptions entries) {
		SubscriptionOptions options = options(entries, false, MessageFilter.ALL,
				new SubscriptionBuilder.EachMessage(this::note))
			.from(StartPosition.after(offset));
		return new Delivery(options, new EntryDecoder(Codecs.STANDARD, entries), this.executor::add, this);
	}

	private static SubscriptionOptions options(EntryOptions entries, boolean reverse, MessageFilter filter,
			BatchHandler handler) {
		return new SubscriptionOptions("s", 0, StartPosition.earliest(), StopPosition.never(), reverse, filter, false,
				false, 1000, 1000, 500, handler, null, SubscriptionListener.NONE, null, null, entries);
	}

	void run(Delivery delivery, Message... arrived) {
		delivery.offer(List.of(arrived));
		runAll();
	}

	void runAll() {
		for (Runnable next = this.executor.poll(); next != null; next = this.executor.poll()) {
			next.run();
		}
	}

	@Override
	public void consumed(int count) {
		assertThat(count).isPositive();
		this.consumed += count;
	}

	@Override
	public void malformed(MalformedEntryException ex) {
		this.malformed.add(ex);
		this.seen.add("malformed " + ex.raw().offset() + "<" + ex.raw().processedOffset());
	}

	@Override
	public void finished(EndReason reason, Throwable failure) {
		this.finished.add((reason != null) ? reason.toString() : failure.toString());
	}

	static Message plain(long offset) {
		return wire(offset).setValue(ByteString.copyFromUtf8("plain")).build();
	}

	/** A chunk whose value is its index. */
	static Message chunk(long offset, String id, int index, int count) {
		return chunk(offset, id, index, count, String.valueOf(index)).build();
	}

	static Message.Builder chunk(long offset, String id, int index, int count, String value) {
		return wire(offset).setValue(ByteString.copyFromUtf8(value))
			.putHeaders(EntryHeaders.CHUNK, ByteString.copyFromUtf8("1;" + id + ";" + index + ";" + count));
	}

	static Message.Builder wire(long offset) {
		return Message.newBuilder()
			.setStream("s")
			.setOffset(offset)
			.setTimestamp(1_000_000_000L * offset)
			.setSubject("s")
			.putHeaders("subject", ByteString.copyFromUtf8("s"))
			.putHeaders("reply", ByteString.EMPTY);
	}

}
