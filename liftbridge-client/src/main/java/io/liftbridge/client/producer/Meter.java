package io.liftbridge.client.producer;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntSupplier;

import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.LiftbridgeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a recorder what a producer does, and keeps its failures away from the producer.
 * Without a recorder it costs nothing.
 */
final class Meter implements ProducerRecorder {

	private static final Logger logger = LoggerFactory.getLogger(Meter.class);

	private final String stream;

	private final ProducerRecorder recorder;

	private final boolean on;

	private final AtomicBoolean failing = new AtomicBoolean();

	private volatile boolean closed;

	private Meter(String stream, ProducerRecorder recorder) {
		this.stream = stream;
		this.recorder = recorder;
		this.on = recorder != NONE;
	}

	static Meter guarded(ProducerMetrics metrics, String stream, String name, IntSupplier inFlight) {
		try {
			return new Meter(stream, metrics.open(stream, name, inFlight));
		}
		catch (Throwable ex) {
			logger.warn("Producer metrics {} failed for stream '{}'; nothing of this producer is counted", metrics,
					stream, ex);
			return new Meter(stream, NONE);
		}
	}

	/** Whether anybody counts. */
	boolean isOn() {
		return this.on;
	}

	@Override
	public void sent(int messages) {
		if (this.on) {
			try {
				this.recorder.sent(messages);
			}
			catch (Throwable ex) {
				broken(ex);
			}
		}
	}

	@Override
	public void acked(int messages) {
		try {
			this.recorder.acked(messages);
		}
		catch (Throwable ex) {
			broken(ex);
		}
	}

	@Override
	public void ackLatency(long nanos) {
		try {
			this.recorder.ackLatency(nanos);
		}
		catch (Throwable ex) {
			broken(ex);
		}
	}

	@Override
	public void failed(int messages, LiftbridgeException reason) {
		if (this.closed) {
			// Whoever still wants to send is told, but nothing is counted any more.
			return;
		}
		try {
			this.recorder.failed(messages, reason);
		}
		catch (Throwable ex) {
			broken(ex);
		}
	}

	@Override
	public void batch(int messages) {
		try {
			this.recorder.batch(messages);
		}
		catch (Throwable ex) {
			broken(ex);
		}
	}

	@Override
	public void entry(int records, int bytes, int storedBytes) {
		try {
			this.recorder.entry(records, bytes, storedBytes);
		}
		catch (Throwable ex) {
			broken(ex);
		}
	}

	@Override
	public void blocked(long nanos) {
		try {
			this.recorder.blocked(nanos);
		}
		catch (Throwable ex) {
			broken(ex);
		}
	}

	@Override
	public void closed() {
		this.closed = true;
		try {
			this.recorder.closed();
		}
		catch (Throwable ex) {
			broken(ex);
		}
	}

	/** These have their outcome: a burst, one look at the clock. */
	void decided(List<? extends Sending> resolved) {
		if (!this.on) {
			return;
		}
		long now = System.nanoTime();
		int acked = 0;
		for (Sending sending : resolved) {
			if (sending.count() == 0) {
				// A chunk: the last one counts for the message.
				continue;
			}
			LiftbridgeException failure = sending.failure();
			if (failure != null) {
				failed(sending.count(), failure);
				continue;
			}
			Ack ack = sending.ack();
			if (ack != null && ack.duplicate()) {
				// It was not sent.
				continue;
			}
			acked += sending.count();
			if (sending.acknowledged) {
				ackLatency(now - sending.startNanos);
			}
		}
		if (acked > 0) {
			acked(acked);
		}
	}

	/** A batch goes on its way. */
	void batch(List<? extends Sending> messages) {
		if (!this.on) {
			return;
		}
		int count = 0;
		for (Sending sending : messages) {
			count += sending.count();
		}
		if (count > 0) {
			batch(count);
		}
	}

	/** Counts what is thrown. */
	LiftbridgeException refused(int messages, LiftbridgeException reason) {
		failed(messages, reason);
		return reason;
	}

	/** Once, as it would be at the rate of messages. */
	private void broken(Throwable ex) {
		if (this.failing.compareAndSet(false, true)) {
			logger.warn("Producer metrics of stream '{}' failed; further failures are not logged", this.stream, ex);
		}
	}

}
