package io.liftbridge.spring.listener.delivery;

import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

import io.liftbridge.spring.listener.delivery.AckTracker.Tracked;
import io.liftbridge.spring.support.Acknowledgment;
import org.jspecify.annotations.Nullable;

/**
 * What a listener says about the messages of one call. Most of it waits for the end of
 * the call: what a listener acknowledges before it fails must not count.
 */
final class ManualAcknowledgment implements CallAcknowledgment {

	private static final Duration LONGEST_DELAY = Duration.ofDays(1);

	private final AckTracker tracker;

	private final List<Tracked> messages;

	private final boolean batch;

	private final String place;

	private final ReentrantLock lock = new ReentrantLock();

	private Phase phase = Phase.RUNNING;

	private boolean whole;

	private boolean cumulative;

	/** How many elements were acknowledged by index. */
	private int first;

	/** Elements that were acknowledged by themselves, before the end of the call. */
	private final BitSet single = new BitSet();

	/** The last one of those that were acknowledged with everything before them. */
	private int through = -1;

	private Outcome.@Nullable Nacked nack;

	/**
	 * Creates it.
	 * @param messages the messages of the call
	 * @param batch whether the listener receives lists
	 * @param place names listener and first message, for whoever misuses it
	 */
	ManualAcknowledgment(AckTracker tracker, List<Tracked> messages, boolean batch, String place) {
		this.tracker = tracker;
		this.messages = messages;
		this.batch = batch;
		this.place = place;
	}

	@Override
	public void acknowledge() {
		acknowledge("acknowledge()", false);
	}

	@Override
	public void acknowledgeCumulative() {
		acknowledge("acknowledgeCumulative()", true);
	}

	private void acknowledge(String call, boolean all) {
		this.lock.lock();
		try {
			if (this.nack != null) {
				throw refused(call, "it was given back with nack");
			}
			this.whole = true;
			this.cumulative |= all;
			if (this.phase != Phase.SUCCEEDED) {
				return;
			}
		}
		finally {
			this.lock.unlock();
		}
		count();
	}

	@Override
	public void acknowledge(int index) {
		this.lock.lock();
		try {
			checkIndex("acknowledge(" + index + ")", index);
			if (this.nack != null && index >= this.nack.index()) {
				throw refused("acknowledge(" + index + ")",
						"the elements from " + this.nack.index() + " on were given back with nack");
			}
			if (this.phase == Phase.FAILED) {
				return;
			}
			this.first = Math.max(this.first, index + 1);
		}
		finally {
			this.lock.unlock();
		}
		this.tracker.acknowledge(this.messages.subList(0, index + 1));
	}

	@Override
	public Acknowledgment element(int index) {
		checkIndex("element(" + index + ")", index);
		return new Element(index);
	}

	private void acknowledgeElement(int index, boolean all) {
		this.lock.lock();
		try {
			if (this.nack != null && index >= this.nack.index()) {
				throw refused("element(" + index + ").acknowledge()",
						"the elements from " + this.nack.index() + " on were given back with nack");
			}
			if (this.phase == Phase.FAILED) {
				return;
			}
			if (this.phase == Phase.RUNNING) {
				this.single.set(index);
				this.through = all ? Math.max(this.through, index) : this.through;
				return;
			}
		}
		finally {
			this.lock.unlock();
		}
		this.tracker.acknowledge(this.messages.subList(index, index + 1));
		if (all) {
			this.tracker.acknowledgeThrough(this.messages.get(index));
		}
	}

	@Override
	public void nack(Duration delay) {
		if (this.batch) {
			throw refused("nack(Duration)", "the listener receives batches: use nack(int, Duration)");
		}
		nack("nack(" + delay + ")", 0, delay);
	}

	@Override
	public void nack(int index, Duration delay) {
		String call = "nack(" + index + ", " + delay + ")";
		checkIndex(call, index);
		nack(call, index, delay);
	}

	private void nack(String call, int index, Duration delay) {
		if (delay.isNegative() || delay.compareTo(LONGEST_DELAY) > 0) {
			throw new IllegalArgumentException(text(call, "the delay must be from zero to " + LONGEST_DELAY));
		}
		this.lock.lock();
		try {
			if (this.phase != Phase.RUNNING) {
				throw refused(call, "the listener has returned");
			}
			if (this.whole || index < Math.max(this.first, this.single.length())) {
				throw refused(call, "it was acknowledged");
			}
			this.nack = new Outcome.Nacked(index, delay);
		}
		finally {
			this.lock.unlock();
		}
	}

	private void checkIndex(String call, int index) {
		if (!this.batch) {
			throw refused(call, "the listener receives single messages");
		}
		if (index < 0 || index >= this.messages.size()) {
			throw new IllegalArgumentException(
					text(call, "the batch has " + this.messages.size() + " element(s), counted from 0"));
		}
	}

	private IllegalStateException refused(String call, String why) {
		return new IllegalStateException(text(call, why));
	}

	private String text(String call, String why) {
		return call + " is not possible for " + this.place + ": " + why + ".";
	}

	@Override
	public Outcome succeeded() {
		Outcome.Nacked back;
		this.lock.lock();
		try {
			back = this.nack;
			this.phase = Phase.SUCCEEDED;
			if (back == null && !this.whole && this.single.isEmpty()) {
				return Outcome.PROCESSED;
			}
		}
		finally {
			this.lock.unlock();
		}
		if (back != null) {
			return back;
		}
		if (!this.single.isEmpty()) {
			this.tracker.acknowledge(this.single.stream().mapToObj(this.messages::get).toList());
		}
		if (this.through >= 0) {
			this.tracker.acknowledgeThrough(this.messages.get(this.through));
		}
		if (this.whole) {
			count();
		}
		return Outcome.PROCESSED;
	}

	private void count() {
		this.tracker.acknowledge(this.messages);
		if (this.cumulative) {
			this.tracker.acknowledgeThrough(this.messages.get(this.messages.size() - 1));
		}
	}

	@Override
	public int failed() {
		this.lock.lock();
		try {
			this.phase = Phase.FAILED;
			return this.first;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** One element of a batch. */
	private final class Element implements Acknowledgment {

		private final int index;

		Element(int index) {
			this.index = index;
		}

		@Override
		public void acknowledge() {
			acknowledgeElement(this.index, false);
		}

		@Override
		public void acknowledgeCumulative() {
			acknowledgeElement(this.index, true);
		}

		@Override
		public void nack(Duration delay) {
			ManualAcknowledgment.this.nack(this.index, delay);
		}

	}

	private enum Phase {

		RUNNING, SUCCEEDED, FAILED

	}

}
