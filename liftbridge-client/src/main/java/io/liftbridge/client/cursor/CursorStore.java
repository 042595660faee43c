package io.liftbridge.client.cursor;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32;

import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.cluster.Rpc;
import io.liftbridge.client.cluster.Target;
import io.liftbridge.client.message.CursorNotFoundException;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.stream.StreamNames;
import io.liftbridge.proto.FetchCursorRequest;
import io.liftbridge.proto.SetCursorRequest;

/**
 * Positions of readers, kept by the server under a cursor id, for each stream and
 * partition. A position here is always the offset of the last processed message; the
 * convention decides how it is stored. Needs {@code cursors.stream.partitions} of 1 or
 * more in the server's configuration. Safe for use by many threads.
 */
public final class CursorStore {

	private final Cluster cluster;

	private final CursorConvention convention;

	private final CursorWrites writes;

	/**
	 * For use inside the client, which needs one only: two do not know of each other's
	 * writes.
	 * @param cluster the brokers
	 */
	public CursorStore(Cluster cluster) {
		this(cluster, CursorConvention.LAST_PROCESSED, new CursorWrites(cluster));
	}

	private CursorStore(Cluster cluster, CursorConvention convention, CursorWrites writes) {
		this.cluster = cluster;
		this.convention = convention;
		this.writes = writes;
	}

	/**
	 * Reads and writes the same cursors under another convention.
	 * @param other what a stored number means
	 * @return a store that shares this one's order of writes
	 */
	public CursorStore under(CursorConvention other) {
		return (other == this.convention) ? this : new CursorStore(this.cluster, other, this.writes);
	}

	/**
	 * Stores a position, on all in-sync replicas, whether it is higher or lower than the
	 * present one.
	 * @param cursorId whose position it is
	 * @param stream the stream's name; the server does not check that it exists
	 * @param partition the partition's number
	 * @param processed offset of the last processed message, -1 for none
	 * @throws io.liftbridge.client.message.CursorsDisabledException if the server stores
	 * no cursors
	 * @throws InvalidRequestException if the offset is below -1, or has no next one and
	 * the convention stores that
	 */
	public void set(String cursorId, String stream, int partition, long processed) {
		Cluster.await(setAsync(cursorId, stream, partition, processed));
	}

	/**
	 * Stores a position without waiting. Of several calls for one cursor through this
	 * client the last one wins: a write waits for the one before it, up to the request
	 * timeout. Of those that wait only the last is written.
	 * @param cursorId whose position it is
	 * @param stream the stream's name; the server does not check that it exists
	 * @param partition the partition's number
	 * @param processed offset of the last processed message, -1 for none
	 * @return completes when it is stored, or when the position of a later call is stored
	 * in its place, or with the failure of that write; on a thread of the network that
	 * must not be blocked
	 */
	public CompletableFuture<Void> setAsync(String cursorId, String stream, int partition, long processed) {
		check(cursorId, stream, partition);
		long number = this.convention.stored(processed);
		// The offset behind the largest number is none.
		if (processed < -1 || number < -1) {
			throw new InvalidRequestException(
					"Cursor '" + cursorId + "' of stream '" + stream + "' partition " + partition
							+ " cannot be set to offset " + processed + ": use -1 and above"
							+ ((processed < -1) ? "." : ", and less under the convention " + this.convention + "."),
					null);
		}
		SetCursorRequest request = SetCursorRequest.newBuilder()
			.setCursorId(cursorId)
			.setStream(stream)
			.setPartition(partition)
			.setOffset(number)
			.build();
		return this.writes.write(request);
	}

	/**
	 * Reads a position.
	 * @param cursorId whose position it is
	 * @param stream the stream's name
	 * @param partition the partition's number
	 * @return offset of the last processed message, empty if none is stored
	 * @throws io.liftbridge.client.message.CursorsDisabledException if the server stores
	 * no cursors
	 */
	public OptionalLong find(String cursorId, String stream, int partition) {
		return Cluster.await(findAsync(cursorId, stream, partition));
	}

	/**
	 * Reads a position that must be there.
	 * @param cursorId whose position it is
	 * @param stream the stream's name
	 * @param partition the partition's number
	 * @return offset of the last processed message
	 * @throws CursorNotFoundException if none is stored
	 * @throws io.liftbridge.client.message.CursorsDisabledException if the server stores
	 * no cursors
	 */
	public long get(String cursorId, String stream, int partition) {
		return find(cursorId, stream, partition).orElseThrow(
				() -> new CursorNotFoundException(what(cursorId, stream, partition) + " was never stored.", null));
	}

	/**
	 * Reads a position without waiting.
	 * @param cursorId whose position it is
	 * @param stream the stream's name
	 * @param partition the partition's number
	 * @return completes with the offset of the last processed message, empty if none is
	 * stored, on a thread of the network that must not be blocked
	 */
	public CompletableFuture<OptionalLong> findAsync(String cursorId, String stream, int partition) {
		check(cursorId, stream, partition);
		FetchCursorRequest request = FetchCursorRequest.newBuilder()
			.setCursorId(cursorId)
			.setStream(stream)
			.setPartition(partition)
			.build();
		long deadline = System.nanoTime() + this.cluster.options().requestTimeout().toNanos();
		return new CursorRecovery(this.cluster).ensureReadable(hash(cursorId, outer(this.cluster, stream), partition))
			.thenCompose((ready) -> this.cluster.call(Rpc.FETCH_CURSOR, request,
					target(this.cluster, cursorId, stream, partition), what(cursorId, stream, partition),
					Duration.ofNanos(deadline - System.nanoTime())))
			.thenApply((response) -> {
				long processed = this.convention.processed(response.getOffset());
				return (response.getOffset() < 0 || processed < 0) ? OptionalLong.empty() : OptionalLong.of(processed);
			});
	}

	/** The server keeps a cursor in the partition that this hash of its name selects. */
	static long hash(String cursorId, String stream, int partition) {
		CRC32 crc = new CRC32();
		crc.update((cursorId + "," + stream + "," + partition).getBytes(StandardCharsets.UTF_8));
		return crc.getValue();
	}

	static Target target(Cluster cluster, String cursorId, String stream, int partition) {
		return Target.cursorLeader(hash(cursorId, outer(cluster, stream), partition));
	}

	/** What the server hashes is the stream's name there. */
	private static String outer(Cluster cluster, String stream) {
		return cluster.options().namespace().outer(stream);
	}

	private static void check(String cursorId, String stream, int partition) {
		StreamNames.checkCursor(cursorId);
		StreamNames.checkStream(stream);
		if (partition < 0) {
			throw new InvalidRequestException("Partition " + partition + " of stream '" + stream + "' is negative.",
					null);
		}
	}

	static String what(String cursorId, String stream, int partition) {
		return "cursor '" + cursorId + "' of stream '" + stream + "' partition " + partition;
	}

}
