package io.liftbridge.client.consumer;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;

import io.liftbridge.client.entry.EntryDecoder;
import io.liftbridge.client.message.MalformedEntryException;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.proto.Message;
import org.jspecify.annotations.Nullable;

/**
 * From what a broker has sent to what a handler is given: unpacks entries, one at a time,
 * and leaves out what nobody wants. Belongs to the runs of a delivery.
 */
final class Intake {

	/** What is filtered out takes its time, too. */
	private static final int MOST_FILTERED = 1000;

	/** What a record takes besides its value, roughly. */
	private static final int RECORD_BYTES = 100;

	private final SubscriptionOptions options;

	private final EntryDecoder decoder;

	private final Queue<Object> queue;

	private final int batchSize;

	private @Nullable List<Message> chunk;

	private int position;

	/** What is left of an entry. */
	private @Nullable Iterator<ReceivedMessage<byte[]>> records;

	private long recordsOffset;

	private boolean recordWanted;

	/** The next one, if that is one that cannot be unpacked. */
	private @Nullable MalformedEntryException malformed;

	private int filtered;

	private int unwanted;

	private int wanted;

	private long unpackedBytes;

	private long taken = -1;

	Intake(SubscriptionOptions options, EntryDecoder decoder, Queue<Object> queue, int batchSize) {
		this.options = options;
		this.decoder = decoder;
		this.queue = queue;
		this.batchSize = batchSize;
	}

	/** Whether something was begun. */
	boolean hasMessages() {
		return this.chunk != null || this.records != null || this.malformed != null;
	}

	/** The last message of which all was taken, whether it was filtered out or not. */
	long taken() {
		return this.taken;
	}

	/** How many messages and records the present batch has left out. */
	int filtered() {
		return this.filtered;
	}

	/** How many of the broker's messages nobody wanted, since the last call. */
	int unwanted() {
		int count = this.unwanted;
		this.unwanted = 0;
		return count;
	}

	/** How many of the broker's messages were taken to their end, since the last call. */
	int wanted() {
		int count = this.wanted;
		this.wanted = 0;
		return count;
	}

	/** What comes next, if that cannot be unpacked. */
	@Nullable MalformedEntryException malformed() {
		return this.malformed;
	}

	/** Goes beyond it. */
	void passMalformed() {
		this.malformed = null;
		this.taken = this.recordsOffset;
		this.unwanted++;
	}

	/**
	 * Takes what has arrived, up to the size of a batch, and up to the bytes that may
	 * wait in memory for what they have become.
	 */
	List<ReceivedMessage<byte[]>> next() {
		this.filtered = 0;
		this.unpackedBytes = 0;
		List<ReceivedMessage<byte[]>> batch = new ArrayList<>();
		while (this.malformed == null && !isFull(batch)) {
			if (this.records != null) {
				takeRecords(this.records, batch);
			}
			else if (this.chunk != null) {
				takeMessages(this.chunk, batch);
			}
			else if (!takeChunk()) {
				break;
			}
		}
		return batch;
	}

	private boolean isFull(List<ReceivedMessage<byte[]>> batch) {
		return batch.size() >= this.batchSize || this.filtered >= MOST_FILTERED
				|| this.unpackedBytes >= this.options.prefetchBytes();
	}

	@SuppressWarnings("unchecked")
	private boolean takeChunk() {
		if (!(this.queue.peek() instanceof List)) {
			return false;
		}
		this.chunk = (List<Message>) this.queue.poll();
		this.position = 0;
		return true;
	}

	private void takeMessages(List<Message> current, List<ReceivedMessage<byte[]>> batch) {
		while (this.records == null && this.malformed == null && this.position < current.size()
				&& batch.size() < this.batchSize) {
			Message next = current.get(this.position);
			ReceivedMessage<byte[]> message = Delivery.convert(next);
			if (this.decoder.isEntry(next.getHeadersMap())) {
				open(message);
			}
			else {
				if (this.options.filter().matches(message)) {
					batch.add(message);
					this.wanted++;
				}
				else {
					this.filtered++;
					this.unwanted++;
				}
				this.taken = message.offset();
			}
			this.position++;
		}
		if (this.position == current.size()) {
			this.chunk = null;
		}
	}

	private void open(ReceivedMessage<byte[]> entry) {
		this.recordsOffset = entry.offset();
		this.recordWanted = false;
		try {
			this.records = this.decoder.decode(entry, this.options.reverse());
		}
		catch (MalformedEntryException ex) {
			this.malformed = ex;
		}
	}

	private void takeRecords(Iterator<ReceivedMessage<byte[]>> rest, List<ReceivedMessage<byte[]>> batch) {
		while (rest.hasNext() && !isFull(batch)) {
			ReceivedMessage<byte[]> record = rest.next();
			if (this.options.filter().matches(record)) {
				batch.add(record);
				this.recordWanted = true;
				this.unpackedBytes += record.value().length + RECORD_BYTES;
			}
			else {
				this.filtered++;
			}
		}
		if (!rest.hasNext()) {
			this.records = null;
			this.taken = this.recordsOffset;
			if (this.recordWanted) {
				this.wanted++;
			}
			else {
				this.unwanted++;
			}
		}
	}

}
