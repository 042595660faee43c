package io.liftbridge.client.consumer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.google.protobuf.ByteString;
import io.liftbridge.client.entry.ChunkHeader;
import io.liftbridge.client.entry.EntryHeaders;
import io.liftbridge.client.entry.EntryOptions;
import io.liftbridge.client.message.MalformedEntryException;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.proto.Message;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts large messages together of their chunks, whatever comes between these and in
 * whatever order they come. Keeps no more than it may. Belongs to the runs of a delivery.
 */
final class LargeMessages {

	private static final Logger logger = LoggerFactory.getLogger(LargeMessages.class);

	/** No large message is open. */
	static final long NOTHING = Long.MAX_VALUE;

	private static final int MOST_OPEN = 1000;

	/** How many messages are remembered of which chunks may come again. */
	private static final int MOST_DONE = 1000;

	/** What a chunk takes besides its value, roughly. */
	private static final int CHUNK_BYTES = 200;

	private static final String REMEDY = "Look with unpack(false) at what is stored there.";

	private final String reader;

	private final EntryOptions options;

	private final boolean reverse;

	/** Whether reading goes on behind what is processed. */
	private final boolean resumed;

	/** Timestamp of the first message that was read. */
	private long begin = NOTHING;

	/** By id; the oldest first. */
	private final Map<String, Assembly> open = new LinkedHashMap<>();

	private final Map<String, Boolean> done = new LinkedHashMap<>() {

		private static final long serialVersionUID = 1L;

		@Override
		protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
			return size() > MOST_DONE;
		}

	};

	private final Deque<MalformedEntryException> dropped = new ArrayDeque<>();

	private long bytes;

	LargeMessages(SubscriptionOptions options) {
		this.reader = "Stream '" + options.stream() + "' partition " + options.partition();
		this.options = options.entries();
		this.reverse = options.reverse();
		this.resumed = options.cursor() != null || options.start().isResumed();
	}

	/** These have arrived. */
	void arrived(List<Message> messages) {
		if (this.begin == NOTHING && !messages.isEmpty()) {
			this.begin = messages.get(0).getTimestamp();
		}
	}

	boolean isIdle() {
		return this.open.isEmpty() && this.dropped.isEmpty();
	}

	/**
	 * Offset of the first chunk of the oldest message that is not complete: positions
	 * must stay below. In reverse nobody keeps positions.
	 */
	long held() {
		return (this.open.isEmpty() || this.reverse) ? NOTHING : this.open.values().iterator().next().first;
	}

	/**
	 * A message that is processed does not count for those of which chunks are missing.
	 */
	ReceivedMessage<byte[]> placed(ReceivedMessage<byte[]> message) {
		long held = held();
		return (held == NOTHING) ? message : message.within(Math.min(held, message.resumeOffset()), held - 1);
	}

	/**
	 * Takes a chunk.
	 * @return the message, if it is complete
	 * @throws MalformedEntryException if it is none, or belongs to nothing
	 */
	@Nullable ReceivedMessage<byte[]> add(Message chunk) {
		ChunkHeader header = header(chunk);
		if (this.done.containsKey(header.id())) {
			return null;
		}
		Assembly assembly = this.open.computeIfAbsent(header.id(), (id) -> new Assembly(header.count(), chunk));
		if (assembly.count != header.count()) {
			drop(header.id(), assembly);
			throw malformed(chunk, "it says that its message has " + header.count() + " chunks, the one at offset "
					+ assembly.first + " said " + assembly.count);
		}
		long before = assembly.bytes;
		assembly.add(header.index(), chunk);
		this.bytes += assembly.bytes - before;
		if (assembly.valueBytes > this.options.maxLargeMessageBytes()) {
			drop(header.id(), assembly);
			throw malformed(chunk,
					assembly.parts.size() + " of its message's " + assembly.count + " chunks have "
							+ assembly.valueBytes + " bytes, over the limit of " + this.options.maxLargeMessageBytes()
							+ " (maxLargeMessageBytes)");
		}
		if (assembly.parts.size() == assembly.count) {
			drop(header.id(), assembly);
			return assembly.message();
		}
		while (this.open.size() > MOST_OPEN
				|| this.bytes > 2L * this.options.maxLargeMessageBytes() + (long) CHUNK_BYTES * MOST_OPEN) {
			dropOldest("others came in between that are not complete, and together they take too much memory"
					+ " (maxLargeMessageBytes)");
		}
		return null;
	}

	private ChunkHeader header(Message chunk) {
		try {
			return ChunkHeader.parse(chunk.getHeadersOrDefault(EntryHeaders.CHUNK, ByteString.EMPTY).toByteArray());
		}
		catch (MalformedEntryException ex) {
			throw malformed(chunk, ex.reason());
		}
	}

	private MalformedEntryException malformed(Message chunk, String reason) {
		return new MalformedEntryException(placed(Delivery.convert(chunk)), reason, REMEDY, null);
	}

	private void drop(String id, Assembly assembly) {
		this.open.remove(id);
		this.bytes -= assembly.bytes;
		this.done.put(id, Boolean.TRUE);
	}

	private void dropOldest(String why) {
		Map.Entry<String, Assembly> oldest = this.open.entrySet().iterator().next();
		drop(oldest.getKey(), oldest.getValue());
		if (!isCutOff(oldest.getValue())) {
			this.dropped.add(incomplete(oldest.getValue(), why));
		}
	}

	/**
	 * Whether other chunks of it lie before where reading goes on: it was processed then,
	 * as positions stay before what is not complete.
	 */
	private boolean isCutOff(Assembly assembly) {
		boolean cut = this.resumed && !assembly.parts.containsKey(0)
				&& Math.abs(assembly.begun - this.begin) <= this.options.largeMessageTimeout().toNanos();
		if (cut) {
			logger.info("{}: left out {} of {} chunks of a large message, from offset {} on, as reading goes on"
					+ " among them", this.reader, assembly.parts.size(), assembly.count, assembly.first);
		}
		return cut;
	}

	/**
	 * What was given up: one that holds more than it may, or the oldest if it has waited
	 * for its next chunk for too long when a message comes.
	 */
	@Nullable MalformedEntryException givenUp(Message next) {
		if (this.dropped.isEmpty() && !this.open.isEmpty()) {
			Assembly oldest = this.open.values().iterator().next();
			long waited = Math.abs(next.getTimestamp() - oldest.latest.getTimestamp());
			if (waited > this.options.largeMessageTimeout().toNanos()) {
				dropOldest("no other came within " + this.options.largeMessageTimeout() + " (largeMessageTimeout)");
			}
		}
		return this.dropped.poll();
	}

	/** What is not complete at the end. */
	List<MalformedEntryException> unfinished() {
		List<MalformedEntryException> all = new ArrayList<>(this.dropped);
		this.open.values()
			.stream()
			.filter((assembly) -> !isCutOff(assembly))
			.forEach((assembly) -> all.add(incomplete(assembly, "reading ends")));
		return all;
	}

	/** Nothing of these is kept any more. */
	void clear() {
		this.open.clear();
		this.dropped.clear();
		this.bytes = 0;
	}

	private MalformedEntryException incomplete(Assembly assembly, String why) {
		return malformed(assembly.latest, "only " + assembly.parts.size() + " of its message's " + assembly.count
				+ " chunks were read, from offset " + assembly.first + " on, and " + why);
	}

	/** What has come of a message. */
	private static final class Assembly {

		private final int count;

		/** Timestamp of the chunk that came first. */
		private final long begun;

		private final Map<Integer, ByteString> parts = new HashMap<>();

		/** The lowest offset of a chunk. */
		private long first;

		/** The chunk with the highest offset, which is the place of the message. */
		private Message last;

		private Message latest;

		/** The one that has key and headers. */
		private @Nullable Message carrier;

		private long valueBytes;

		private long bytes;

		Assembly(int count, Message begun) {
			this.count = count;
			this.begun = begun.getTimestamp();
			this.first = begun.getOffset();
			this.last = begun;
			this.latest = begun;
		}

		void add(int index, Message chunk) {
			if (this.parts.putIfAbsent(index, chunk.getValue()) != null) {
				// It was sent again as the answer had been lost.
				return;
			}
			this.latest = chunk;
			this.first = Math.min(this.first, chunk.getOffset());
			this.last = (chunk.getOffset() > this.last.getOffset()) ? chunk : this.last;
			if (index == this.count - 1) {
				this.carrier = chunk;
			}
			this.valueBytes += chunk.getValue().size();
			// With headers, as some of the chunks are kept as they are.
			this.bytes += chunk.getSerializedSize() + CHUNK_BYTES;
		}

		ReceivedMessage<byte[]> message() {
			byte[] value = new byte[(int) this.valueBytes];
			int at = 0;
			for (int i = 0; i < this.count; i++) {
				ByteString part = this.parts.getOrDefault(i, ByteString.EMPTY);
				part.copyTo(value, at);
				at += part.size();
			}
			Message described = (this.carrier != null) ? this.carrier : this.last;
			Message.Builder whole = described.toBuilder()
				.setOffset(this.last.getOffset())
				.setTimestamp(this.last.getTimestamp())
				.clearValue()
				.removeHeaders(EntryHeaders.CHUNK)
				.removeHeaders(EntryHeaders.CHUNK_KEY)
				.setKey(described.getHeadersOrDefault(EntryHeaders.CHUNK_KEY, ByteString.EMPTY));
			return Delivery.convert(whole.build()).withValue(value).within(this.first, NOTHING);
		}

	}

}
