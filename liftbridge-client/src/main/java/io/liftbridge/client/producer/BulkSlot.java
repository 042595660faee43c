package io.liftbridge.client.producer;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.LiftbridgeException;
import org.jspecify.annotations.Nullable;

/**
 * A request of a bulk that was sent or refused: a link of the queue from who sends to who
 * reads.
 *
 * @param <R> type of the requests
 */
final class BulkSlot<R> {

	private static final long SOON_MILLIS = 100;

	final R request;

	final int bytes;

	/** Its outcome. */
	final CompletableFuture<Ack> future;

	/** Where it went, {@code null} if it did not get that far. */
	final @Nullable BulkOutlet outlet;

	volatile @Nullable BulkSlot<R> next;

	BulkSlot(R request, int bytes, CompletableFuture<Ack> future, @Nullable BulkOutlet outlet) {
		this.request = request;
		this.bytes = bytes;
		this.future = future;
		this.outlet = outlet;
	}

	PublishResult<R> result(long index) {
		if (!this.future.isDone()) {
			forsake();
			return new PublishResult<>(index, this.request, null, null);
		}
		try {
			return new PublishResult<>(index, this.request, this.future.join(), null);
		}
		catch (RuntimeException ex) {
			LiftbridgeException failure = Cluster.unwrap(ex);
			return new PublishResult<>(index, this.request, null, failure);
		}
	}

	/** Its outcome is told to nobody: the log is to have it if it fails. */
	void forsake() {
		if (this.future instanceof Sending sending) {
			sending.forsake();
		}
	}

	/** As {@link #want}, but the source may give what makes the batch full. */
	void wantSoon() {
		if (this.future instanceof Sending sending && sending.isCollectable()) {
			CompletableFuture.delayedExecutor(SOON_MILLIS, TimeUnit.MILLISECONDS).execute(sending::want);
		}
	}

	/** Whoever waits for it waits for a batch that is not full, perhaps. */
	void want() {
		if (this.future instanceof Sending sending) {
			sending.want();
		}
	}

}
