package io.liftbridge.spring.listener.delivery;

import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;

/**
 * Surrounds each call of a listener, for instance to go on with the trace that a message
 * comes from. Inside of it are interceptors, the conversion and sending of replies;
 * outside are the filter, as what it leaves out is not processed, and recovery. Must be
 * safe for use by many threads.
 */
public interface ListenerObserver {

	/** Surrounds nothing and costs nothing. */
	ListenerObserver NONE = new ListenerObserver() {
	};

	/**
	 * Surrounds a listener for single messages.
	 * @param listenerId the listener's id
	 * @param group its consumer group, {@code null} for none
	 * @param listener the listener
	 * @return what is called in its place, for each attempt
	 */
	default RecordListener observeEach(String listenerId, @Nullable String group, RecordListener listener) {
		return listener;
	}

	/**
	 * Surrounds a listener for lists.
	 * @param listenerId the listener's id
	 * @param group its consumer group, {@code null} for none
	 * @param listener the listener
	 * @return what is called in its place, for each attempt
	 */
	default BatchListener observeAll(String listenerId, @Nullable String group, BatchListener listener) {
		return listener;
	}

	/**
	 * Keeps what surrounds the calling thread at the moment for tasks that come later, as
	 * the sending of a reply that is not there yet.
	 * @param executor runs the tasks
	 * @return runs them surrounded as the caller is
	 */
	default Executor keeping(Executor executor) {
		return executor;
	}

}
