package io.liftbridge.client.producer;

import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests that are taken one by one.
 *
 * @param <R> type of the requests
 */
final class BulkPull<R> implements BulkSource<R> {

	private static final Logger logger = LoggerFactory.getLogger(BulkPull.class);

	/** So many for one result that can be read: the window fills up by and by. */
	private static final int AHEAD = 2;

	private static final Runnable NOTHING = () -> {
	};

	private final Supplier<? extends Iterator<? extends R>> opener;

	private final Runnable closer;

	private @Nullable Iterator<? extends R> requests;

	private @Nullable BulkQueue<R> queue;

	private final AtomicBoolean ended = new AtomicBoolean();

	/** Whether somebody is using the source. */
	private volatile boolean busy;

	private volatile boolean closed;

	private BulkPull(Supplier<? extends Iterator<? extends R>> opener, Runnable closer) {
		this.opener = opener;
		this.closer = closer;
	}

	static <R> BulkPull<R> of(Iterable<? extends R> requests) {
		check(requests);
		return new BulkPull<>(requests::iterator, NOTHING);
	}

	static <R> BulkPull<R> of(Iterator<? extends R> requests) {
		check(requests);
		return new BulkPull<>(() -> requests, NOTHING);
	}

	static <R> BulkPull<R> of(Stream<? extends R> requests) {
		check(requests);
		return new BulkPull<>(requests::iterator, requests::close);
	}

	private static void check(Object source) {
		Objects.requireNonNull(source, "The source of a bulk is null.");
	}

	@Override
	public void start(BulkQueue<R> into, Runnable onChange) {
		this.queue = into;
	}

	@Override
	public void more() {
		BulkQueue<R> into = queue();
		this.busy = true;
		for (int i = 0; (i < AHEAD || !into.isReady()) && next(into); i++) {
			// The next one.
		}
		rest();
	}

	/** Adds as many as there is room for. */
	void fill(Runnable onAdded) {
		this.busy = true;
		while (next(queue())) {
			onAdded.run();
		}
		rest();
	}

	private void rest() {
		this.busy = false;
		if (this.closed) {
			end();
		}
	}

	/** Adds one if there is one and room for it. */
	private boolean next(BulkQueue<R> into) {
		if (this.closed || into.isEnded() || !into.hasRoom()) {
			return false;
		}
		R request;
		try {
			Iterator<? extends R> from = this.requests;
			if (from == null) {
				from = this.opener.get();
				this.requests = from;
			}
			if (!from.hasNext()) {
				into.end(null);
				return false;
			}
			request = Objects.requireNonNull(from.next(), "the source gave null in place of a request");
		}
		catch (Throwable ex) {
			into.failed(ex);
			return false;
		}
		into.add(request);
		return true;
	}

	@Override
	public void close() {
		this.closed = true;
		// Whoever is using the source at the moment does it afterwards.
		if (!this.busy) {
			end();
		}
	}

	private void end() {
		if (this.ended.compareAndSet(false, true)) {
			try {
				this.closer.run();
			}
			catch (Throwable ex) {
				logger.warn("The source of a bulk failed when it was closed", ex);
			}
		}
	}

	private BulkQueue<R> queue() {
		return Objects.requireNonNull(this.queue);
	}

}
