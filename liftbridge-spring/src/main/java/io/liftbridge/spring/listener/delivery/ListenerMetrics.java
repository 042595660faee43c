package io.liftbridge.spring.listener.delivery;

/**
 * Is told what listeners do. Must be safe for use by many threads and must not block.
 */
public interface ListenerMetrics {

	/** Counts nothing. */
	ListenerMetrics NONE = new ListenerMetrics() {
	};

	/**
	 * Messages have arrived for a listener.
	 * @param listener the listener's id
	 * @param stream the stream's name
	 * @param messages how many
	 */
	default void received(String listener, String stream, int messages) {
	}

	/**
	 * A listener has processed messages.
	 * @param listener the listener's id
	 * @param stream the stream's name
	 * @param messages how many, 1 unless it takes batches
	 * @param nanos how long this took, in nanoseconds
	 */
	default void processed(String listener, String stream, int messages, long nanos) {
	}

	/**
	 * An attempt to process messages has failed.
	 * @param listener the listener's id
	 * @param stream the stream's name
	 * @param cause why
	 */
	default void failed(String listener, String stream, Throwable cause) {
	}

	/**
	 * Messages are delivered again after a failure.
	 * @param listener the listener's id
	 * @param stream the stream's name
	 */
	default void retried(String listener, String stream) {
	}

	/**
	 * A message was given up and passed over: it is in no dead-letter stream.
	 * @param listener the listener's id
	 * @param stream the stream's name
	 */
	default void passedOver(String listener, String stream) {
	}

	/**
	 * A message was given up and published to a dead-letter stream.
	 * @param listener the listener's id
	 * @param stream the stream's name
	 */
	default void deadLettered(String listener, String stream) {
	}

}
