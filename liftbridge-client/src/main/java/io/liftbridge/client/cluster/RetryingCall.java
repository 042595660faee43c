package io.liftbridge.client.cluster;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.message.BrokerUnavailableException;
import io.liftbridge.client.message.ClientClosedException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.LiftbridgeException.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * One call with its attempts: finds the broker, asks, and asks again where the answer may
 * be another one soon and repeating does no harm.
 */
final class RetryingCall<Q, R> {

	/** How long one attempt may take, where another one does no harm. */
	private static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(4);

	private final Cluster cluster;

	private final Rpc<Q, R> rpc;

	private final Q request;

	private final Target target;

	private final String what;

	private final long deadline;

	private final CompletableFuture<R> result = new CompletableFuture<>();

	private int attempt;

	/** How often another broker than the leader has answered. */
	private int strayed;

	/** Whether an attempt without answer may have been carried out. */
	private volatile boolean doubtful;

	/** Whether an attempt is under way. */
	private volatile boolean asking;

	private @Nullable RpcStatus last;

	private @Nullable LiftbridgeException answered;

	RetryingCall(Cluster cluster, Rpc<Q, R> rpc, Q request, Target target, String what, Duration timeout) {
		this.cluster = cluster;
		this.rpc = rpc;
		this.request = request;
		this.target = target;
		this.what = what;
		this.deadline = System.nanoTime() + Bounds.nanos(timeout);
	}

	CompletableFuture<R> start() {
		this.cluster.within(this.cluster.metadata(), this.deadline, this.target).whenComplete(this::attempt);
		return this.result;
	}

	private void attempt(@Nullable ClusterMetadata metadata, @Nullable Throwable failure) {
		if (failure != null) {
			LiftbridgeException known = Cluster.unwrap(failure);
			if (known instanceof BrokerUnavailableException && remaining() > 0 && !this.cluster.isClosed()) {
				again(known);
			}
			else {
				fail(known);
			}
			return;
		}
		ClusterMetadata known = (metadata != null) ? metadata : this.cluster.known();
		List<String> ids = this.target.brokers(known);
		BrokerConnection broker = (ids != null) ? this.cluster.connections().pick(ids) : null;
		if (broker == null) {
			again(this.cluster.isClosed() ? this.cluster.closedFailure() : this.cluster
				.nobody((this.last != null) ? this.last.toString() : "no leader is known", this.target));
			return;
		}
		long remaining = remaining();
		if (remaining <= 0) {
			again(this.cluster.nobody((this.last != null) ? this.last.toString() : null, this.target));
			return;
		}
		// A server that has lost track of a request answers the next one.
		this.asking = true;
		long patience = this.rpc.isRepeatable() ? Math.min(remaining, ATTEMPT_TIMEOUT.toNanos()) : remaining;
		broker.unary(this.rpc, this.request, Duration.ofNanos(patience)).whenComplete((response, error) -> {
			if (response != null) {
				this.result.complete(response);
			}
			else if (error instanceof RpcException ended) {
				failed(ended.status(), ended.isSent());
			}
			else {
				failed(new RpcStatus(RpcStatus.Code.UNKNOWN, String.valueOf(error), broker.name()), true);
			}
		});
	}

	private void failed(RpcStatus status, boolean sent) {
		// A broker that is just back may not know yet what there is.
		boolean unsure = status.code() == RpcStatus.Code.NOT_FOUND && this.cluster.isRecovering();
		R done = (this.doubtful && !unsure) ? this.rpc.doneBefore(status.code()) : null;
		if (done != null) {
			this.result.complete(done);
			return;
		}
		if (sent && (status.code() == RpcStatus.Code.DEADLINE_EXCEEDED || status.code() == RpcStatus.Code.UNAVAILABLE
				|| status.code() == RpcStatus.Code.CANCELLED)) {
			this.doubtful = !this.rpc.isReading();
		}
		this.asking = false;
		this.last = status;
		LiftbridgeException translated = Translator.translate(status, this.rpc.toString(), this.what, !this.doubtful);
		this.answered = translated;
		if (status.isNotLeader() && this.cluster.options().isBalanced()) {
			if (++this.strayed > this.cluster.options().loadBalancerRetries()) {
				this.result.completeExceptionally(this.cluster.strayed(this.target, this.strayed, status));
			}
			else {
				// The next connection may lead to the leader; waiting makes that no
				// likelier.
				again(translated, this.cluster.options().retryPolicy().pause(1));
			}
		}
		else if (isTransient(status)) {
			again(translated);
		}
		else {
			if (status.code() == RpcStatus.Code.NOT_FOUND) {
				// What is known of streams and partitions is out of date, perhaps.
				this.cluster.refresh();
			}
			this.result.completeExceptionally(translated);
		}
	}

	/** Whether the same call may be answered differently in a moment. */
	private boolean isTransient(RpcStatus status) {
		return switch (status.code()) {
			case UNAVAILABLE, DEADLINE_EXCEEDED -> this.rpc.isRepeatable();
			case FAILED_PRECONDITION -> status.isNotLeader();
			case INTERNAL -> status.text().contains("no known metadata leader")
					|| (status.text().contains("Cursors stream does not exist") && this.cluster.isRecovering());
			case NOT_FOUND -> this.cluster.isRecovering();
			default -> false;
		};
	}

	private void again(LiftbridgeException failure) {
		again(failure, this.cluster.options().retryPolicy().pause(++this.attempt));
	}

	private void again(LiftbridgeException failure, Duration pause) {
		if (this.cluster.isClosed()) {
			this.result.completeExceptionally(closedFailure());
			return;
		}
		if (remaining() <= pause.toNanos()) {
			fail(failure);
			return;
		}
		this.cluster.schedule(() -> this.cluster.within(this.cluster.refresh(), this.deadline, this.target)
			.whenComplete(this::attempt), pause);
	}

	/** That nobody can be asked now says less than what a broker answered before. */
	private void fail(LiftbridgeException failure) {
		R done = (this.doubtful && this.last != null) ? this.rpc.doneBefore(this.last.code()) : null;
		if (done != null) {
			this.result.complete(done);
			return;
		}
		LiftbridgeException said = (failure instanceof BrokerUnavailableException && this.answered != null)
				? this.answered : failure;
		if (this.doubtful && said instanceof BrokerUnavailableException && said.outcome() != Outcome.INDETERMINATE) {
			// The last attempt was refused, but one before it was not answered.
			said = new BrokerUnavailableException(
					said.getMessage() + " An earlier attempt was not answered: it may have been carried out.", null,
					Outcome.INDETERMINATE);
		}
		this.result.completeExceptionally(said);
	}

	/** What is said when the client is closed meanwhile. */
	LiftbridgeException closedFailure() {
		boolean sent = this.doubtful || (this.asking && !this.rpc.isReading());
		return new ClientClosedException(
				this.rpc + ": " + this.what + ": the client was closed before the answer. "
						+ (sent ? "It may have been carried out." : "Nothing was changed."),
				null, sent ? Outcome.INDETERMINATE : Outcome.NOT_SENT);
	}

	private long remaining() {
		return this.deadline - System.nanoTime();
	}

}
