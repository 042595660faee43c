package io.liftbridge.client.producer;

import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests that come by themselves, but not more than were asked for.
 *
 * @param <R> type of the requests
 */
final class BulkFeed<R> implements BulkSource<R>, Flow.Subscriber<R> {

	private static final Logger logger = LoggerFactory.getLogger(BulkFeed.class);

	/** What is asked for before it is known how large requests are. */
	private static final int FIRST = 16;

	private final Flow.Publisher<? extends R> publisher;

	private final AtomicReference<Flow.@Nullable Subscription> subscription = new AtomicReference<>();

	private @Nullable BulkQueue<R> queue;

	private @Nullable Runnable onChange;

	/** Belongs to whoever reads. */
	private long asked;

	private volatile boolean closed;

	BulkFeed(Flow.Publisher<? extends R> publisher) {
		this.publisher = Objects.requireNonNull(publisher, "The source of a bulk is null.");
	}

	@Override
	public void start(BulkQueue<R> into, Runnable changed) {
		this.queue = into;
		this.onChange = changed;
		try {
			this.publisher.subscribe(this);
		}
		catch (Throwable ex) {
			onError(ex);
		}
	}

	@Override
	public void more() {
		Flow.Subscription from = this.subscription.get();
		BulkQueue<R> into = queue();
		if (from == null || this.closed || into.isEnded()) {
			return;
		}
		long coming = this.asked - into.added();
		long waiting = into.added() - into.taken();
		long most = into.options().maxInFlight();
		long room = most - waiting - coming;
		if (into.added() < FIRST) {
			room = Math.min(room, FIRST - this.asked);
		}
		else {
			room = Math.min(room, into.roomBytes() / Math.max(1, into.meanBytes()) - coming);
		}
		if (coming == 0 && waiting == 0) {
			// Larger than all bounds, perhaps.
			room = Math.max(1, room);
		}
		// Many at once.
		if (room > 0 && (room >= most / 4 || (coming == 0 && room >= waiting / 4))) {
			this.asked += room;
			request(from, room);
		}
	}

	private void request(Flow.Subscription from, long count) {
		try {
			from.request(count);
		}
		catch (Throwable ex) {
			onError(ex);
		}
	}

	@Override
	public void close() {
		this.closed = true;
		Flow.Subscription from = this.subscription.get();
		if (from != null) {
			try {
				from.cancel();
			}
			catch (Throwable ex) {
				logger.warn("The source of a bulk failed when it was closed", ex);
			}
		}
	}

	@Override
	public void onSubscribe(Flow.Subscription given) {
		Objects.requireNonNull(given, "subscription");
		if (!this.subscription.compareAndSet(null, given) || this.closed) {
			given.cancel();
			return;
		}
		changed();
	}

	@Override
	public void onNext(R request) {
		Objects.requireNonNull(request, "request");
		if (!this.closed && !queue().isEnded()) {
			queue().add(request);
			changed();
		}
	}

	@Override
	public void onError(Throwable failure) {
		Objects.requireNonNull(failure, "failure");
		queue().failed(failure);
		changed();
	}

	@Override
	public void onComplete() {
		queue().end(null);
		changed();
	}

	private BulkQueue<R> queue() {
		return Objects.requireNonNull(this.queue);
	}

	private void changed() {
		Objects.requireNonNull(this.onChange).run();
	}

}
