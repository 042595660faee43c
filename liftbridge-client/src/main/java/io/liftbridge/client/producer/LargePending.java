package io.liftbridge.client.producer;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.LargeMessageException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.LiftbridgeException.Outcome;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.producer.Chunker.Chunks;
import io.liftbridge.proto.PublishRequest;
import org.jspecify.annotations.Nullable;

/**
 * A message that is stored in chunks: the last of these, which has key and headers, and
 * the future of the whole. Counts as one message until it is given to its lane, where the
 * other chunks come before it.
 */
final class LargePending extends Pending {

	private final Chunks chunks;

	private final int attempts;

	private final List<Pending> before = new ArrayList<>();

	/** Chunks without outcome, 0 as long as they are not on their way. */
	private final AtomicInteger open = new AtomicInteger();

	private final AtomicReference<@Nullable Ack> stored = new AtomicReference<>();

	private final AtomicReference<@Nullable LargeMessageException> failed = new AtomicReference<>();

	private final AtomicBoolean logged = new AtomicBoolean();

	LargePending(Message message, PublishRequest.Builder request, int bytes, boolean acknowledged, boolean awaited,
			int attempts, Chunks chunks) {
		super(message, request, bytes, acknowledged, awaited, attempts);
		this.attempts = attempts;
		this.chunks = chunks;
		chunks.put(chunks.count() - 1, request);
	}

	@Override
	int wireBytes() {
		return this.request.getValue().size() + this.bytes - this.chunks.value().size();
	}

	@Override
	boolean isStored() {
		return super.isStored() && this.before.stream().allMatch(Pending::isStored);
	}

	/** Of the whole, as far as it is known. */
	@Override
	@Nullable LiftbridgeException failure() {
		LiftbridgeException own = super.failure();
		for (int i = 0; own == null && i < this.before.size(); i++) {
			own = this.before.get(i).failure();
		}
		return own;
	}

	/** Begins: hands the chunks before this one to an action, in order. */
	void forEachBefore(Consumer<Pending> action) {
		this.open.set(this.chunks.count());
		for (int i = 0; i < this.chunks.count() - 1; i++) {
			this.before.add(new Chunk(this, i));
		}
		this.before.forEach(action);
	}

	@Override
	int unobserved() {
		return unobserved(this);
	}

	/** The first chunk that fails decides for all. */
	private int unobserved(Pending chunk) {
		boolean counts = chunk.failure() != null && getNumberOfDependents() == 0 && !isWatched();
		return (counts && this.logged.compareAndSet(false, true)) ? 1 : 0;
	}

	@Override
	void tell(ProducerListener listener, long now) {
		if (this.open.get() == 0) {
			// It never got on its way.
			super.tell(listener, now);
			return;
		}
		decided(this, this.chunks.count() - 1, listener, now);
	}

	private void decided(Pending chunk, int index, ProducerListener listener, long now) {
		LiftbridgeException failure = (chunk == this) ? super.failure() : chunk.failure();
		Ack ack = chunk.ack();
		if (failure != null) {
			this.failed.accumulateAndGet(failure(index, failure), LargePending::clearer);
		}
		else if (ack != null) {
			Ack other = this.stored.getAndAccumulate(ack, LargePending::later);
			if (other != null && !other.stream().equals(ack.stream())) {
				this.failed.accumulateAndGet(failure(index, scattered(other, ack)), LargePending::clearer);
			}
		}
		if (this.open.decrementAndGet() == 0) {
			finish(listener, now);
		}
	}

	private void finish(ProducerListener listener, long now) {
		LargeMessageException failure = this.failed.get();
		Ack ack = this.stored.get();
		if (failure != null) {
			completeExceptionally(failure);
			listener.onFailure(this.message, failure);
		}
		else if (ack != null) {
			complete(ack);
			listener.onAck(this.message, ack, now - this.startNanos);
		}
	}

	private LargeMessageException failure(int index, LiftbridgeException why) {
		return new LargeMessageException(
				"Chunk " + (index + 1) + " of " + this.chunks.count() + " of a message of " + this.bytes
						+ " bytes failed, so that readers do not get the message: " + why.getMessage(),
				index, this.chunks.count(), why, why.outcome());
	}

	private static LiftbridgeException scattered(Ack one, Ack other) {
		return new LiftbridgeException("Some of its chunks are stored in stream '" + one.stream() + "', others in '"
				+ other.stream() + "', as they share a subject. Large messages need a stream of their own.");
	}

	/** What is certain tells more. */
	private static @Nullable LargeMessageException clearer(@Nullable LargeMessageException one,
			@Nullable LargeMessageException other) {
		boolean replace = one == null || (one.outcome() == Outcome.INDETERMINATE && other != null
				&& other.outcome() != Outcome.INDETERMINATE);
		return replace ? other : one;
	}

	private static @Nullable Ack later(@Nullable Ack one, @Nullable Ack other) {
		return (one == null || (other != null && other.offset() > one.offset())) ? other : one;
	}

	/** A chunk before the last one. What it takes counts with the message. */
	private static final class Chunk extends Pending {

		private final LargePending whole;

		private final int index;

		Chunk(LargePending whole, int index) {
			super(whole.message,
					PublishRequest.newBuilder()
						.setStream(whole.request.getStream())
						.setAckPolicy(whole.request.getAckPolicy())
						.setExpectedOffset(whole.request.getExpectedOffset()),
					0, whole.acknowledged, whole.awaited, whole.attempts, whole.startNanos);
			this.whole = whole;
			this.index = index;
			dueSince(whole.dueSinceNanos());
			whole.chunks.put(index, this.request);
			partition(whole.partition);
		}

		@Override
		int count() {
			return 0;
		}

		@Override
		int wireBytes() {
			return this.request.getValue().size() + MessageSize.ENVELOPE_BYTES;
		}

		@Override
		int unobserved() {
			return this.whole.unobserved(this);
		}

		@Override
		void tell(ProducerListener listener, long now) {
			this.whole.decided(this, this.index, listener, now);
		}

	}

}
