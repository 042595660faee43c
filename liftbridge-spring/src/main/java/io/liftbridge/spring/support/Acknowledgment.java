package io.liftbridge.spring.support;

/**
 * Lets a listener say that it has processed a message or a batch, in ack mode
 * {@code MANUAL}. Safe for use by many threads, also after the listener has returned.
 */
@FunctionalInterface
public interface Acknowledgment {

	/**
	 * Acknowledges this message or batch, and everything of the same partition before it.
	 * The position is stored in the background. While the listener runs, and until its
	 * replies are stored, this takes no effect yet: a listener that then fails has
	 * acknowledged nothing. In other ack modes this does nothing. The second call is
	 * free.
	 */
	void acknowledge();

}
