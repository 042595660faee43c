package io.liftbridge.client.producer;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import io.liftbridge.client.cluster.Bounds;
import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.cluster.Rpc;
import io.liftbridge.client.cluster.Target;
import io.liftbridge.client.message.AckTimeoutException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.LiftbridgeException.Outcome;
import io.liftbridge.client.message.RequestTimeoutException;
import io.liftbridge.proto.PublishResponse;
import org.jspecify.annotations.Nullable;

/**
 * Messages with an acknowledgement inbox of their own: each goes by a call of its own, as
 * the server puts its own inbox in place of theirs in a pipe. Safe for use by many
 * threads.
 */
final class UnaryPublishes {

	private final Cluster cluster;

	private final ProducerOptions options;

	private final Consumer<List<Pending>> release;

	/** Whoever removes a message from here tells its outcome. */
	private final Set<Pending> open = ConcurrentHashMap.newKeySet();

	UnaryPublishes(Cluster cluster, ProducerOptions options, Consumer<List<Pending>> release) {
		this.cluster = cluster;
		this.options = options;
		this.release = release;
	}

	void send(Pending pending) {
		this.open.add(pending);
		pending.sent = true;
		this.cluster
			.call(Rpc.PUBLISH,
					pending.request.setAckInbox(pending.message.ackInbox())
						.setCorrelationId(pending.message.correlationId())
						.build(),
					Target.any(), where(pending), this.options.ackTimeout())
			.whenComplete((response, failure) -> ended(pending, response, failure));
	}

	private void ended(Pending pending, @Nullable PublishResponse response, @Nullable Throwable failure) {
		if (!this.open.remove(pending)) {
			return;
		}
		if (response != null) {
			// Another stream on the same subject may have answered first.
			this.release.accept(List.of(Answers.stored(pending, response, response.getAck().getStream())));
		}
		else if (failure != null) {
			this.release.accept(List.of(pending.resolve(reason(pending, failure))));
		}
	}

	private LiftbridgeException reason(Pending pending, Throwable failure) {
		LiftbridgeException known = Cluster.unwrap(failure);
		return (known instanceof RequestTimeoutException)
				? new AckTimeoutException(
						"publish: " + where(pending) + ": no acknowledgement within "
								+ Bounds.text(this.options.ackTimeout()) + ". The message may be stored all the same.",
						known, Outcome.INDETERMINATE)
				: known;
	}

	private String where(Pending pending) {
		return "stream '" + this.options.stream() + "' partition " + pending.partition;
	}

	/** What has no outcome at this moment. */
	List<CompletableFuture<?>> open() {
		return new ArrayList<>(this.open);
	}

	/** Fails what has no outcome. */
	void close() {
		for (Pending pending : this.open) {
			if (this.open.remove(pending)) {
				this.release.accept(List.of(pending.resolve(Answers.closed(this.options.stream(), pending))));
			}
		}
	}

}
