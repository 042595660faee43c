package io.liftbridge.spring.sink;

/**
 * Is told what sinks do. Must be quick and safe for use by many threads.
 */
public interface SinkMetrics {

	/** Counts nothing. */
	SinkMetrics NONE = new SinkMetrics() {
	};

	/**
	 * A sink was created.
	 * @param sink the sink, not started
	 */
	default void created(BulkSink sink) {
	}

	/**
	 * Rows were written together.
	 * @param sink the sink's id
	 * @param stream the stream's name
	 * @param rows how many
	 * @param nanos how long that took
	 */
	default void written(String sink, String stream, int rows, long nanos) {
	}

	/**
	 * An attempt to write has failed; another one follows.
	 * @param sink the sink's id
	 * @param stream the stream's name
	 * @param cause why
	 */
	default void failed(String sink, String stream, Throwable cause) {
	}

	/**
	 * A message can never be written, and was handed to the recoverer.
	 * @param sink the sink's id
	 * @param stream the stream's name
	 */
	default void deadLettered(String sink, String stream) {
	}

}
