package io.liftbridge.spring.listener.delivery;

import java.time.Duration;

import io.liftbridge.spring.support.Acknowledgment;
import org.jspecify.annotations.Nullable;

/**
 * The acknowledgment of an element that is prepared before the batch is known that it
 * will be delivered in.
 */
final class ElementAcknowledgment implements Acknowledgment {

	private volatile @Nullable Call call;

	/** The element is delivered, for the first time or again. */
	void begin(Acknowledgment batch, int index) {
		this.call = new Call(batch, index);
	}

	private Acknowledgment delegate() {
		Call current = this.call;
		if (current == null) {
			throw new IllegalStateException("The message is not delivered yet.");
		}
		return current.batch.element(current.index);
	}

	@Override
	public void acknowledge() {
		delegate().acknowledge();
	}

	@Override
	public void acknowledgeCumulative() {
		delegate().acknowledgeCumulative();
	}

	@Override
	public void nack(Duration delay) {
		delegate().nack(delay);
	}

	/** A call of the listener. */
	private record Call(Acknowledgment batch, int index) {
	}

}
