package io.liftbridge.spring.sink;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;

import io.liftbridge.client.message.ReceivedMessage;

/**
 * Keeps what is written, and fails as it is told.
 */
class RecordingWriter implements BulkWriter {

	final List<List<String>> batches = new CopyOnWriteArrayList<>();

	final Semaphore permits = new Semaphore(0);

	volatile boolean held;

	volatile boolean away;

	/** The partition that cannot be written. */
	volatile int awayPartition = -1;

	volatile Predicate<String> poison = (text) -> false;

	@Override
	public void write(SinkBatch batch) throws Exception {
		if (this.held) {
			this.permits.acquire();
		}
		if (this.away || batch.partition() == this.awayPartition) {
			throw new IllegalStateException("away");
		}
		List<String> texts = batch.messages().stream().map(ReceivedMessage::text).toList();
		if (texts.stream().anyMatch(this.poison)) {
			throw new IllegalArgumentException("poison");
		}
		this.batches.add(texts);
	}

	@Override
	public boolean isPoison(Throwable failure) {
		return failure instanceof IllegalArgumentException;
	}

	List<String> written() {
		return this.batches.stream().flatMap(List::stream).toList();
	}

}
