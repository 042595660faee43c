package io.liftbridge.embedded.cursor;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.CRC32;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.liftbridge.embedded.log.LogEntry;
import io.liftbridge.embedded.log.LogReader;
import io.liftbridge.embedded.stream.IncomingMessage;
import io.liftbridge.embedded.stream.Partition;
import io.liftbridge.embedded.stream.RefusedException;
import io.liftbridge.embedded.stream.Stream;
import io.liftbridge.embedded.stream.Streams;
import io.liftbridge.embedded.stream.Subjects;
import io.liftbridge.proto.AckPolicy;
import io.liftbridge.proto.Message;
import io.liftbridge.proto.SetCursorRequest;
import org.jspecify.annotations.Nullable;

/**
 * Cursors: messages in {@code __cursors}, of which the last one with a cursor's key
 * counts. Thread-safe.
 */
public final class Cursors {

	/** The value of a cursor that was never set. */
	public static final long NEVER_SET = -1;

	private static final int CACHE_SIZE = 512;

	private final Streams streams;

	private final Subjects subjects;

	private final ReentrantLock lock = new ReentrantLock();

	private final Map<ByteString, Long> cache = new LinkedHashMap<>(16, 0.75f, true) {

		private static final long serialVersionUID = 1L;

		@Override
		protected boolean removeEldestEntry(Map.Entry<ByteString, Long> eldest) {
			return size() > CACHE_SIZE;
		}

	};

	/**
	 * Creates the view on the cursors.
	 * @param streams where {@code __cursors} is found
	 * @param subjects where new values are sent
	 */
	public Cursors(Streams streams, Subjects subjects) {
		this.streams = streams;
		this.subjects = subjects;
	}

	/**
	 * Stores a cursor. Neither the stream nor the partition it belongs to has to exist,
	 * and any offset is stored.
	 * @param cursor the cursor
	 * @throws RefusedException if there is no stream for cursors or it does not take the
	 * value
	 */
	public void set(SetCursorRequest cursor) {
		ByteString key = key(cursor.getCursorId(), cursor.getStream(), cursor.getPartition());
		this.lock.lock();
		try {
			Stream stream = stream();
			Partition partition = partitionOf(stream, key);
			if (partition.log().isReadonly()) {
				throw RefusedException
					.internal("rpc error: code = FailedPrecondition desc = readonly partition: " + partition.id());
			}
			resume(stream, partition);
			// The request has the fields a stored cursor has, under the same numbers.
			IncomingMessage message = new IncomingMessage(partition.subject(), "", stream.name(), key,
					cursor.toByteString(), Map.of(), "", "", AckPolicy.ALL_VALUE, 0);
			boolean[] stored = new boolean[1];
			this.subjects.publish(message, (ack) -> stored[0] |= ack.getStream().equals(Streams.CURSORS));
			if (!stored[0]) {
				throw RefusedException.internal("context deadline exceeded");
			}
			this.cache.put(key, cursor.getOffset());
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Reads a cursor.
	 * @param cursorId the cursor
	 * @param streamName the stream it belongs to
	 * @param partitionId the partition it belongs to
	 * @return the value last set, or {@link #NEVER_SET}
	 * @throws RefusedException if there is no stream for cursors
	 */
	public long fetch(String cursorId, String streamName, int partitionId) {
		ByteString key = key(cursorId, streamName, partitionId);
		this.lock.lock();
		try {
			Stream stream = stream();
			Partition partition = partitionOf(stream, key);
			Long cached = this.cache.get(key);
			if (cached != null) {
				return cached;
			}
			long offset = find(stream, partition, key);
			this.cache.put(key, offset);
			return offset;
		}
		finally {
			this.lock.unlock();
		}
	}

	private long find(Stream stream, Partition partition, ByteString key) {
		if (partition.log().highWatermark() == -1) {
			return NEVER_SET;
		}
		resume(stream, partition);
		LogReader reader = partition.log().reverseReader(partition.log().highWatermark());
		for (LogEntry entry = reader.poll(); entry != null; entry = reader.poll()) {
			Long offset = entry.key().equals(key) ? offsetIn(entry) : null;
			if (offset != null) {
				return offset;
			}
		}
		return NEVER_SET;
	}

	/**
	 * The offset in a stored cursor, {@code null} if something else was published under a
	 * cursor's key.
	 */
	private static @Nullable Long offsetIn(LogEntry entry) {
		try {
			return SetCursorRequest.parseFrom(Message.parseFrom(entry.message()).getValue()).getOffset();
		}
		catch (InvalidProtocolBufferException ex) {
			return null;
		}
	}

	/**
	 * Resumes a partition that paused itself. Values published to it directly may have
	 * been missed by the cache.
	 */
	private void resume(Stream stream, Partition partition) {
		if (partition.isPaused()) {
			this.streams.resumeFor(stream, partition);
			this.cache.clear();
		}
	}

	private Stream stream() {
		Stream stream = this.streams.find(Streams.CURSORS);
		if (stream == null) {
			throw RefusedException.internal("Cursors stream does not exist");
		}
		return stream;
	}

	private static Partition partitionOf(Stream stream, ByteString key) {
		CRC32 crc = new CRC32();
		crc.update(key.asReadOnlyByteBuffer());
		return stream.partitions().get((int) (crc.getValue() % stream.partitions().size()));
	}

	private static ByteString key(String cursorId, String stream, int partition) {
		return ByteString.copyFrom(cursorId + "," + stream + "," + partition, StandardCharsets.UTF_8);
	}

}
