package io.liftbridge.client.producer;

import java.util.ArrayList;
import java.util.List;

import io.liftbridge.client.cluster.PublishPipe;
import io.liftbridge.proto.AckPolicy;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a lane without an answer, by number: a ring that grows when it has to.
 * Not safe for use by several threads.
 */
final class Window {

	private @Nullable Pending[] ring = new @Nullable Pending[64];

	private long oldest;

	private long toTransmit;

	private long next;

	private int size;

	void add(Pending pending) {
		if (this.next - this.oldest == this.ring.length) {
			skipAnswered();
			if (this.next - this.oldest == this.ring.length) {
				grow();
			}
		}
		pending.sequence = this.next;
		this.ring[index(this.next)] = pending;
		this.next++;
		this.size++;
	}

	@Nullable Pending get(long sequence) {
		return (sequence >= this.oldest && sequence < this.next) ? this.ring[index(sequence)] : null;
	}

	void remove(long sequence) {
		if (get(sequence) != null) {
			this.ring[index(sequence)] = null;
			this.size--;
			if (sequence == this.oldest) {
				skipAnswered();
			}
		}
	}

	@Nullable Pending oldest() {
		skipAnswered();
		return (this.oldest < this.next) ? this.ring[index(this.oldest)] : null;
	}

	/** The next message that the present pipe has not seen, which then counts as seen. */
	@Nullable Pending nextToTransmit() {
		if (this.toTransmit < this.oldest) {
			this.toTransmit = this.oldest;
		}
		while (this.toTransmit < this.next) {
			Pending pending = this.ring[index(this.toTransmit++)];
			if (pending != null) {
				return pending;
			}
		}
		return null;
	}

	/** A new pipe has seen nothing. */
	void transmitAgain() {
		this.toTransmit = this.oldest;
	}

	/** The number below which the present pipe has seen all messages. */
	long transmitted() {
		return Math.max(this.toTransmit, this.oldest);
	}

	/** The message was not handed over after all. */
	void putBack(Pending pending) {
		this.toTransmit = pending.sequence;
	}

	@Nullable Pending largestSent() {
		Pending largest = null;
		for (long i = this.oldest; i < this.next; i++) {
			Pending pending = this.ring[index(i)];
			if (pending != null && pending.sent && (largest == null || pending.wireBytes() > largest.wireBytes())) {
				largest = pending;
			}
		}
		return largest;
	}

	/** The pipe never reached a broker: what was given to it was not sent. */
	void takeBack(PublishPipe pipe) {
		for (long i = this.oldest; i < this.next; i++) {
			Pending pending = this.ring[index(i)];
			if (pending != null) {
				pending.takeBack(pipe);
			}
		}
	}

	/** The oldest message that only another stream has answered, before a time. */
	@Nullable Pending oldestForeign(long before) {
		for (long i = this.oldest; i < this.next; i++) {
			Pending pending = this.ring[index(i)];
			if (pending != null && pending.isForeign(before)) {
				return pending;
			}
		}
		return null;
	}

	/**
	 * Takes out the messages to a partition that only another stream has answered.
	 * @param all whether also those that all replicas have to store
	 */
	List<Pending> removeForeign(long before, int partition, boolean all) {
		List<Pending> removed = new ArrayList<>();
		for (long i = this.oldest; i < this.next; i++) {
			Pending pending = this.ring[index(i)];
			if (pending != null && pending.isForeign(before) && pending.partition == partition
					&& (all || pending.request.getAckPolicy() != AckPolicy.ALL)) {
				removed.add(pending);
			}
		}
		removed.forEach((pending) -> remove(pending.sequence));
		return removed;
	}

	/** Whether a message was sent that must not be sent again. */
	boolean hasSpent() {
		for (long i = this.oldest; i < this.next; i++) {
			Pending pending = this.ring[index(i)];
			if (pending != null && pending.isSpent()) {
				return true;
			}
		}
		return false;
	}

	/** Takes out the messages that were sent and must not be sent again. */
	List<Pending> removeSpent() {
		List<Pending> removed = new ArrayList<>();
		for (long i = this.oldest; i < this.next; i++) {
			Pending pending = this.ring[index(i)];
			if (pending != null && pending.isSpent()) {
				removed.add(pending);
			}
		}
		removed.forEach((pending) -> remove(pending.sequence));
		return removed;
	}

	long next() {
		return this.next;
	}

	int size() {
		return this.size;
	}

	boolean isEmpty() {
		return this.size == 0;
	}

	private void skipAnswered() {
		while (this.oldest < this.next && this.ring[index(this.oldest)] == null) {
			this.oldest++;
		}
	}

	private void grow() {
		@Nullable Pending[] larger = new @Nullable Pending[this.ring.length * 2];
		for (long i = this.oldest; i < this.next; i++) {
			larger[(int) (i & (larger.length - 1))] = this.ring[index(i)];
		}
		this.ring = larger;
	}

	private int index(long sequence) {
		return (int) (sequence & (this.ring.length - 1));
	}

}
