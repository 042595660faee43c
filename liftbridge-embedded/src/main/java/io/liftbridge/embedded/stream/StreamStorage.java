package io.liftbridge.embedded.stream;

import java.util.List;

import io.liftbridge.embedded.log.LogStorage;
import io.liftbridge.embedded.log.StorageException;

/**
 * Where streams are kept beyond the life of the broker. Called by one thread at a time.
 */
public interface StreamStorage {

	/** Keeps nothing: streams are in memory only. */
	StreamStorage NONE = new StreamStorage() {

		@Override
		public List<StreamState> load() {
			return List.of();
		}

		@Override
		public void save(StreamState state) {
			// Memory is enough.
		}

		@Override
		public LogStorage log(String stream, int partition) {
			return LogStorage.NONE;
		}

		@Override
		public void delete(String stream) {
			// There is nothing.
		}

	};

	/**
	 * The streams that were kept.
	 * @return their states
	 * @throws StorageException if they cannot be read
	 */
	List<StreamState> load();

	/**
	 * Keeps a new stream, or a new state of one.
	 * @param state the state
	 * @throws StorageException if it cannot be kept; then the former state stays
	 */
	void save(StreamState state);

	/**
	 * Where the messages of a partition are kept.
	 * @param stream name of a stream that was loaded or saved
	 * @param partition the partition
	 * @return the place
	 */
	LogStorage log(String stream, int partition);

	/**
	 * Forgets a stream and its messages.
	 * @param stream its name
	 * @throws StorageException if it is still there
	 */
	void delete(String stream);

}
