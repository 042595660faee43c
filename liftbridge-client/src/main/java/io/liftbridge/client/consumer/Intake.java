package io.liftbridge.client.consumer;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;

import io.liftbridge.client.entry.EntryDecoder;
import io.liftbridge.client.entry.EntryHeaders;
import io.liftbridge.client.message.MalformedEntryException;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.proto.Message;
import org.jspecify.annotations.Nullable;

/**
 * From what a broker has sent to what a handler is given: unpacks entries, one at a time,
 * puts large messages together, and leaves out what nobody wants. Belongs to the runs of
 * a delivery.
 */
final class Intake {

	/** What is filtered out takes its time, too. */
	private static final int MOST_FILTERED = 1000;

	/** What a record takes besides its value, roughly. */
	private static final int RECORD_BYTES = 100;

	/** A batch of records is likely to have so many, if it may. */
	private static final int RECORDS = 100;

	private final SubscriptionOptions options;

	private final EntryDecoder decoder;

	private final Queue<Object> queue;

	private final int batchSize;

	private @Nullable List<Message> arrived;

	private int position;

	private final LargeMessages large;

	/** What is left of an entry. */
	private @Nullable Iterator<ReceivedMessage<byte[]>> records;

	/** The last of the broker's messages that was looked at. */
	private long begun;

	private boolean recordWanted;

	/** The next one, if that is one that cannot be unpacked. */
	private @Nullable MalformedEntryException malformed;

	/** Whether that is one of the broker's messages, and none that came before. */
	private boolean malformedArrived;

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
		this.large = new LargeMessages(options);
	}

	/** Whether something was begun. */
	boolean hasMessages() {
		return this.arrived != null || this.records != null || this.malformed != null;
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
		reach(this.begun);
		if (this.malformedArrived) {
			this.unwanted++;
		}
	}

	/** Whether something is not complete, if nothing more comes. */
	boolean hasUnfinished() {
		return !this.large.isIdle();
	}

	/** What is not complete, if nothing more comes. */
	List<MalformedEntryException> unfinished() {
		return this.large.unfinished();
	}

	/** Goes beyond what is not complete, as nothing more comes. */
	void giveUp() {
		if (hasUnfinished()) {
			this.large.clear();
			reach(this.begun);
		}
	}

	/**
	 * Takes what has arrived, up to the size of a batch, and up to the bytes that may
	 * wait in memory for what they have become.
	 */
	List<ReceivedMessage<byte[]>> next() {
		this.filtered = 0;
		this.unpackedBytes = 0;
		List<ReceivedMessage<byte[]>> batch = new ArrayList<>(
				(this.records != null) ? Math.min(this.batchSize, RECORDS) : 0);
		while (this.malformed == null && !isFull(batch)) {
			if (this.records != null) {
				takeRecords(this.records, batch);
			}
			else if (this.arrived != null) {
				takeMessages(this.arrived, batch);
			}
			else if (!takeArrived()) {
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
	private boolean takeArrived() {
		if (!(this.queue.peek() instanceof List)) {
			return false;
		}
		List<Message> next = (List<Message>) this.queue.poll();
		this.arrived = next;
		this.position = 0;
		this.large.arrived(next);
		return true;
	}

	private void takeMessages(List<Message> current, List<ReceivedMessage<byte[]>> batch) {
		while (this.records == null && this.malformed == null && this.position < current.size()
				&& batch.size() < this.batchSize) {
			Message next = current.get(this.position);
			if (!this.large.isIdle() && isGivenUpBefore(next)) {
				return;
			}
			this.position++;
			this.begun = next.getOffset();
			if (!this.decoder.isEntry(next.getHeadersMap())) {
				takePlain(this.large.placed(Delivery.convert(next)), batch);
			}
			else if (next.containsHeaders(EntryHeaders.CHUNK)) {
				takeChunk(next);
			}
			else {
				open(this.large.placed(Delivery.convert(next)));
			}
		}
		if (this.position == current.size()) {
			this.arrived = null;
		}
	}

	private void takePlain(ReceivedMessage<byte[]> message, List<ReceivedMessage<byte[]>> batch) {
		if (this.options.filter().matches(message)) {
			batch.add(message);
			this.wanted++;
		}
		else {
			this.filtered++;
			this.unwanted++;
		}
		reach(message.offset());
	}

	/** Makes room for the next chunk at once, as there may be more than may wait. */
	private void takeChunk(Message chunk) {
		try {
			ReceivedMessage<byte[]> whole = this.large.add(chunk);
			if (whole != null) {
				open(this.large.placed(whole));
				return;
			}
			this.filtered++;
			this.unwanted++;
			if (this.large.held() > chunk.getOffset()) {
				// It was there before.
				reach(chunk.getOffset());
			}
		}
		catch (MalformedEntryException ex) {
			fail(ex, true);
		}
	}

	private boolean isGivenUpBefore(Message next) {
		MalformedEntryException incomplete = this.large.givenUp(next);
		if (incomplete == null) {
			return false;
		}
		fail(incomplete, false);
		return true;
	}

	private void fail(MalformedEntryException ex, boolean isArrived) {
		this.malformed = ex;
		this.malformedArrived = isArrived;
	}

	private void reach(long offset) {
		long held = this.large.held();
		this.taken = (held > offset) ? offset : Math.max(this.taken, held - 1);
	}

	private void open(ReceivedMessage<byte[]> entry) {
		this.recordWanted = false;
		try {
			this.records = this.decoder.decode(entry, this.options.reverse());
		}
		catch (MalformedEntryException ex) {
			fail(ex, true);
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
			reach(this.begun);
			if (this.recordWanted) {
				this.wanted++;
			}
			else {
				this.unwanted++;
			}
		}
	}

}
