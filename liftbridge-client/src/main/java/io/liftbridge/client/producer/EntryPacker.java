package io.liftbridge.client.producer;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.entry.Compression;
import io.liftbridge.client.entry.EncodedEntry;
import io.liftbridge.client.entry.EntryEncoder;
import io.liftbridge.client.entry.RecordBatchEncoder;
import io.liftbridge.client.message.MessageTooLargeException;
import io.liftbridge.proto.PublishRequest;
import org.jspecify.annotations.Nullable;

/**
 * Puts messages of one partition into batch entries. Safe for use by many threads.
 */
final class EntryPacker implements Packer {

	private static final int ROOM_FOR_FIELDS = 32;

	/** To be kept for the next entry; larger ones are rare. */
	private static final int LARGEST_SPARE = 1 << 20;

	/** What is compressed is not needed any more; to clear as much anew costs time. */
	private static final Queue<RecordBatchEncoder> SPARE = new ArrayBlockingQueue<>(4);

	private final Cluster cluster;

	private final ProducerOptions options;

	private final Outgoing outgoing;

	private final EntryEncoder encoder;

	private final @Nullable PublishingIds ids;

	/** Whether entries can be packed at the same time, and it is worth it. */
	private final boolean compressing;

	EntryPacker(Cluster cluster, ProducerOptions options, Outgoing outgoing, EntryEncoder encoder,
			@Nullable PublishingIds ids) {
		this.ids = ids;
		this.cluster = cluster;
		this.options = options;
		this.outgoing = outgoing;
		this.encoder = encoder;
		this.compressing = ids == null && !options.compression().compression().isNone();
	}

	/**
	 * Neighbours that can share an entry do, within the bounds. What is in its final form
	 * already is passed on.
	 */
	@Override
	public void pack(List<Sending> messages, Consumer<Pending> out) {
		List<ForkJoinTask<List<Pending>>> coming = new ArrayList<>();
		int i = 0;
		while (i < messages.size()) {
			if (messages.get(i) instanceof Pending pending) {
				hand(coming, out);
				out.accept(pending);
				i++;
			}
			else {
				int end = end(messages, i);
				List<RecordSending> records = records(messages, i, end);
				if (this.compressing && (end < messages.size() || !coming.isEmpty())) {
					coming.add(ForkJoinTask.adapt(() -> packed(records)));
				}
				else {
					packRun(records, out);
				}
				i = end;
			}
		}
		hand(coming, out);
	}

	/**
	 * Hands on in order what is packed at the same time, as compressing costs more than
	 * all the rest.
	 */
	private static void hand(List<ForkJoinTask<List<Pending>>> coming, Consumer<Pending> out) {
		for (int i = 1; i < coming.size(); i++) {
			coming.get(i).fork();
		}
		for (int i = 0; i < coming.size(); i++) {
			ForkJoinTask<List<Pending>> task = coming.get(i);
			((i == 0) ? task.invoke() : task.join()).forEach(out);
		}
		coming.clear();
	}

	private List<Pending> packed(List<RecordSending> records) {
		List<Pending> entries = new ArrayList<>(1);
		packRun(records, entries::add);
		return entries;
	}

	/** Where the entry ends that begins here. */
	private int end(List<Sending> messages, int from) {
		RecordSending first = (RecordSending) messages.get(from);
		long bytes = first.bytes;
		int end = from + 1;
		while (end < messages.size() && end - from < this.options.batching().maxRecords()
				&& messages.get(end) instanceof RecordSending next && first.fits(next)
				&& (this.ids == null || this.ids.follow((RecordSending) messages.get(end - 1), next))) {
			bytes += next.bytes;
			if (bytes > this.options.batching().maxEntryBytes()) {
				break;
			}
			end++;
		}
		return end;
	}

	@SuppressWarnings("unchecked")
	private static List<RecordSending> records(List<Sending> messages, int from, int to) {
		return (List<RecordSending>) (List<?>) messages.subList(from, to);
	}

	private void packRun(List<RecordSending> records, Consumer<Pending> out) {
		if (records.size() == 1) {
			// On its own it is a message that anybody can read.
			out.accept(plain(records));
			return;
		}
		pack(records, null, null, out);
	}

	private Pending plain(List<RecordSending> records) {
		RecordSending single = records.get(0);
		PublishRequest.Builder request = this.outgoing.request(single.message, single.policy);
		int wireBytes = MessageSize.of(single.message, RequestValue.put(single.message, this.encoder, request));
		return pending(records, request, wireBytes, null);
	}

	/**
	 * Packs records as {@link #pack(List, Compression, CompletableFuture, Consumer)},
	 * those apart that are stored already.
	 */
	void packRuns(List<RecordSending> records, Compression how, CompletableFuture<?> future, Consumer<Pending> out) {
		int from = 0;
		for (int end = 1; end <= records.size(); end++) {
			if (end == records.size()
					|| (this.ids != null && !this.ids.follow(records.get(end - 1), records.get(end)))) {
				pack(records.subList(from, end), how, future, out);
				from = end;
			}
		}
	}

	/**
	 * Packs records into one entry, or into more if the server would not take it.
	 * @param records the records, all of one partition and policy
	 * @param how the compression, or {@code null} for the producer's own
	 * @param future what the user has in place of the records' futures, if anything
	 * @param out takes what goes to the server, in order
	 */
	void pack(List<RecordSending> records, @Nullable Compression how, @Nullable CompletableFuture<?> future,
			Consumer<Pending> out) {
		EncodedEntry entry = encode(records, how);
		PublishRequest.Builder request = this.outgoing.request(records.get(0).message, records.get(0).policy);
		int wireBytes = MessageSize.ENVELOPE_BYTES + RequestValue.put(entry, request);
		if (wireBytes > this.cluster.options().maxMessageBytes() - this.options.extraBytes()) {
			int size = records.size();
			if (size == 1) {
				throw tooLarge(wireBytes, records.get(0).partition);
			}
			pack(records.subList(0, size / 2), how, future, out);
			pack(records.subList(size / 2, size), how, future, out);
			return;
		}
		out.accept(pending(records, request, wireBytes, future));
	}

	private MessageTooLargeException tooLarge(int bytes, int partition) {
		return MessageSize.tooLarge(bytes, this.cluster,
				"stream '" + this.options.stream() + "' partition " + partition + ", as a batch entry of one record,",
				"send it with send or sendBatch of a producer with option largeMessages"
						+ " (liftbridge.producer.max-large-message-size), as sendBatchEntry takes no large messages");
	}

	private Pending pending(List<RecordSending> records, PublishRequest.Builder request, int wireBytes,
			@Nullable CompletableFuture<?> future) {
		EntryPending pending = new EntryPending(records, request, wireBytes, this.options.attempts(), future);
		pending.partition(records.get(0).partition);
		Batch batch = records.get(0).batch();
		if (batch != null) {
			pending.collected(batch);
		}
		return pending;
	}

	private EncodedEntry encode(List<RecordSending> records, @Nullable Compression how) {
		int capacity = 0;
		for (RecordSending sending : records) {
			capacity += sending.bytes - MessageSize.ENVELOPE_BYTES + ROOM_FOR_FIELDS;
		}
		// One look at the clock for all.
		long created = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()) - System.nanoTime();
		RecordBatchEncoder batch = this.compressing ? SPARE.poll() : null;
		batch = (batch != null) ? batch : new RecordBatchEncoder(capacity);
		for (RecordSending sending : records) {
			batch.add((this.ids != null) ? this.ids.stamp(sending.message) : sending.message,
					created + sending.startNanos);
		}
		EncodedEntry entry = (how != null) ? this.encoder.encode(batch, how) : this.encoder.encode(batch);
		if (!entry.compression().isNone() && batch.size() <= LARGEST_SPARE) {
			batch.clear();
			SPARE.offer(batch);
		}
		return entry;
	}

}
