package io.liftbridge.client.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import io.liftbridge.client.message.InvalidRequestException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was read from files, and is read again when they change. Safe for use by several
 * threads.
 *
 * @param <T> what they are read as
 */
final class WatchedFiles<T> implements Supplier<T> {

	private static final Logger logger = LoggerFactory.getLogger(WatchedFiles.class);

	private final String what;

	private final List<Path> files;

	private final Reader<T> reader;

	private final ReentrantLock lock = new ReentrantLock();

	private Duration interval = Duration.ZERO;

	private List<Object> stamp = List.of();

	private long checkedNanos;

	private int generation;

	private volatile @Nullable T current;

	WatchedFiles(String what, List<Path> files, Reader<T> reader) {
		this.what = what;
		this.files = files;
		this.reader = reader;
	}

	/** Reads them for the first time. */
	void load(Duration checkInterval) {
		this.lock.lock();
		try {
			this.interval = checkInterval;
			this.checkedNanos = System.nanoTime();
			this.stamp = stamp();
			this.current = this.reader.read(++this.generation);
		}
		catch (GeneralSecurityException | IOException | IllegalArgumentException ex) {
			throw new InvalidRequestException("TLS cannot be set up: " + this + " cannot be read: " + reason(ex)
					+ ". Check that the files exist, and their format and password.", ex);
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public T get() {
		// Who finds another one reading uses what there is.
		if (this.lock.tryLock()) {
			try {
				long now = System.nanoTime();
				if (now - this.checkedNanos >= this.interval.toNanos()) {
					this.checkedNanos = now;
					readIfChanged();
				}
			}
			finally {
				this.lock.unlock();
			}
		}
		return Objects.requireNonNull(this.current, "not loaded");
	}

	private void readIfChanged() {
		try {
			List<Object> now = stamp();
			if (!now.equals(this.stamp)) {
				this.current = this.reader.read(this.generation + 1);
				this.generation++;
				this.stamp = now;
				logger.info("Read the changed {}", this);
			}
		}
		catch (GeneralSecurityException | IOException | IllegalArgumentException ex) {
			// Half of what is being replaced, perhaps.
			logger.warn("The changed {} cannot be read, going on with what was read before: {}", this, reason(ex));
		}
	}

	private List<Object> stamp() throws IOException {
		List<Object> stamps = new ArrayList<>();
		for (Path file : this.files) {
			stamps.add(Files.getLastModifiedTime(file));
			stamps.add(Files.size(file));
		}
		return stamps;
	}

	/** The JDK's words on a wrong password or format have nothing of the content. */
	private static String reason(Exception ex) {
		return ex.getClass().getSimpleName() + ((ex.getMessage() != null) ? " (" + ex.getMessage() + ")" : "");
	}

	@Override
	public String toString() {
		return this.what + " " + this.files;
	}

	/**
	 * Reads files.
	 *
	 * @param <T> what they are read as
	 */
	interface Reader<T> {

		/**
		 * Reads them.
		 * @param generation counts the readings
		 */
		T read(int generation) throws GeneralSecurityException, IOException;

	}

}
