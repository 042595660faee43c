package io.liftbridge.client.producer;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.proto.PublishRequest;
import org.jspecify.annotations.Nullable;

/**
 * One message to the server that carries several of the user's own. Its outcome is that
 * of each of them.
 */
final class EntryPending extends Pending {

	private final List<RecordSending> records;

	private final int wireBytes;

	/** The future that the user has in place of one for each record. */
	private final @Nullable CompletableFuture<?> future;

	EntryPending(List<RecordSending> records, PublishRequest.Builder request, int wireBytes, int attempts,
			@Nullable CompletableFuture<?> future) {
		super(records.get(0).message, request, bytes(records), records.get(0).acknowledged, false, attempts,
				records.get(0).startNanos);
		this.records = records;
		this.wireBytes = wireBytes;
		this.future = future;
		dueSince(records.get(0).dueSinceNanos());
	}

	private static int bytes(List<RecordSending> records) {
		int sum = 0;
		for (RecordSending sending : records) {
			sum += sending.bytes;
		}
		return sum;
	}

	@Override
	long lastGivenId() {
		return this.records.get(this.records.size() - 1).message.publishingId();
	}

	@Override
	int count() {
		return this.records.size();
	}

	@Override
	int wireBytes() {
		return this.wireBytes;
	}

	@Override
	int unobserved() {
		if (failure() == null) {
			return 0;
		}
		if (this.future != null) {
			return (this.future.getNumberOfDependents() == 0) ? count() : 0;
		}
		int sum = 0;
		for (RecordSending sending : this.records) {
			sum += (sending.getNumberOfDependents() == 0 && !sending.isWatched()) ? 1 : 0;
		}
		return sum;
	}

	@Override
	void tell(ProducerListener listener, long now) {
		Throwable failed = null;
		for (int i = 0; i < this.records.size(); i++) {
			RecordSending sending = this.records.get(i);
			resolve(sending, i);
			try {
				sending.tell(listener, now);
			}
			catch (Throwable ex) {
				// Must not keep the others from being told.
				failed = ex;
			}
		}
		if (failed != null) {
			throw new IllegalStateException(failed);
		}
	}

	private void resolve(RecordSending sending, int index) {
		LiftbridgeException failure = failure();
		Ack ack = ack();
		if (failure != null) {
			sending.resolve(failure);
		}
		else if (ack != null) {
			sending.resolve(new Ack(ack.stream(), ack.partition(), ack.offset(), ack.policy(), ack.receptionNanos(),
					ack.commitNanos(), sending.message.correlationId(), index, ack.duplicate()));
		}
	}

}
