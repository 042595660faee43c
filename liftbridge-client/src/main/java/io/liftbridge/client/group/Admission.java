package io.liftbridge.client.group;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.cluster.ClusterMetadata;
import io.liftbridge.client.cluster.RpcStatus;
import io.liftbridge.client.cluster.RpcStatus.Code;
import io.liftbridge.client.cluster.Serial;
import io.liftbridge.proto.JoinConsumerGroupResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a consumer a member of its group, with those of its streams that there are, and
 * ends that. Belongs to the member's events.
 */
final class Admission {

	private static final Logger logger = LoggerFactory.getLogger(Admission.class);

	private final Cluster cluster;

	private final GroupOptions options;

	private final Serial<Runnable> events;

	private final Calls calls;

	private final Steps steps;

	private final StreamWatch watch;

	private final Membership membership;

	private boolean joined;

	/** Whether it may be a member, as an attempt to join may have been carried out. */
	private boolean perhaps;

	private boolean joining;

	private boolean left;

	/** Waits for the answer to a join, which might be carried out after the leave. */
	private @Nullable CompletableFuture<Void> leaving;

	Admission(Cluster cluster, GroupOptions options, Serial<Runnable> events, Calls calls, Steps steps,
			StreamWatch watch, Membership membership) {
		this.cluster = cluster;
		this.options = options;
		this.events = events;
		this.calls = calls;
		this.steps = steps;
		this.watch = watch;
		this.membership = membership;
	}

	boolean isJoining() {
		return this.joining;
	}

	boolean hasLeft() {
		return this.left;
	}

	void join() {
		if (this.left) {
			return;
		}
		this.joining = true;
		// What was known before is not newer than what it joins with.
		this.calls.metadata((metadata, status) -> {
			if (metadata == null || this.leaving != null) {
				answered(null, status);
				return;
			}
			List<String> streams = streams(metadata);
			if (streams.isEmpty()) {
				this.joining = false;
				this.steps.plan(this::join, this.membership.interval());
				return;
			}
			this.watch.joins(streams, metadata);
			this.calls.join(streams, (response, answer) -> {
				this.perhaps |= response != null || answer.code() == Code.DEADLINE_EXCEEDED
						|| answer.code() == Code.UNAVAILABLE;
				answered(response, answer);
			});
		});
	}

	/**
	 * The streams to join with. Which do not exist at the start is for the server to say;
	 * later they may have been deleted.
	 */
	private List<String> streams(ClusterMetadata metadata) {
		if (!this.joined) {
			return this.options.streams();
		}
		List<String> existing = this.watch.existing(metadata);
		if (existing.size() < this.options.streams().size()) {
			if (this.cluster.isRecovering()) {
				// A broker that has just come back does not know its streams yet.
				return List.of();
			}
			this.membership.tellDeleted(metadata);
		}
		return existing;
	}

	private void answered(@Nullable JoinConsumerGroupResponse response, RpcStatus status) {
		this.joining = false;
		CompletableFuture<Void> waiting = this.leaving;
		if (waiting != null) {
			// Too late to be wanted.
			leaveIfMember(waiting);
		}
		else if (response != null) {
			this.joined = true;
			this.steps.succeed();
			this.membership.joined(response);
		}
		else {
			refused(status);
		}
	}

	private void refused(RpcStatus status) {
		if (status.is(Code.FAILED_PRECONDITION, "already a member")) {
			// A crashed twin, or an attempt of this one whose answer was lost.
			logger.info("{} is a member already; it leaves and joins again", this.membership);
			this.calls.leave((response, refused) -> joinAgain(this.steps.fail() > 1));
			return;
		}
		if (status.is(Code.FAILED_PRECONDITION, "consumer group already exists")) {
			// Another member has created it between the server's look for it and this
			// one's attempt to.
			joinAgain(this.steps.fail() > 1);
			return;
		}
		boolean lagging = this.steps.failed() < Membership.LAGGING_ATTEMPTS && this.cluster.brokers().size() > 1;
		boolean hopeless = switch (status.code()) {
			case INVALID_ARGUMENT, UNIMPLEMENTED, PERMISSION_DENIED, UNAUTHENTICATED -> true;
			case FAILED_PRECONDITION -> !lagging && !this.cluster.isRecovering();
			default -> status.isNotAuthorized();
		};
		if (hopeless && !this.joined) {
			this.membership.failed(status);
			return;
		}
		this.membership.interrupted("join", status);
		joinAgain(true);
	}

	void joinAgain(boolean pause) {
		this.steps.next(this::join, pause, this.membership.interval());
	}

	/**
	 * Leaves the group.
	 * @param done completes when a broker has said that it is so
	 */
	void leave(CompletableFuture<Void> done) {
		this.left = true;
		this.steps.end();
		if (this.joining) {
			this.leaving = done;
		}
		else {
			leaveIfMember(done);
		}
	}

	private void leaveIfMember(CompletableFuture<Void> done) {
		if (this.perhaps) {
			leave(done, 1);
		}
		else {
			done.complete(null);
		}
	}

	private void leave(CompletableFuture<Void> done, int attempt) {
		this.calls.leave((response, status) -> {
			boolean passing = status.code() == Code.DEADLINE_EXCEEDED || status.code() == Code.INTERNAL
					|| (status.code() == Code.UNAVAILABLE && this.joined);
			if (response == null && passing && !done.isDone() && !this.cluster.isClosed()) {
				Duration pause = this.cluster.options().retryPolicy().pause(attempt);
				this.cluster.schedule(() -> this.events.post(() -> leave(done, attempt + 1)), pause);
				return;
			}
			logger.info("{} left{}", this.membership, (response != null) ? "" : ": " + status);
			done.complete(null);
		});
	}

}
