package io.liftbridge.client.group;

import java.time.Duration;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.cluster.RpcStatus;
import io.liftbridge.client.cluster.RpcStatus.Code;
import io.liftbridge.client.cluster.Serial;
import io.liftbridge.client.message.BrokerUnavailableException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.LiftbridgeException.Outcome;
import io.liftbridge.client.message.NotAuthorizedException;
import io.liftbridge.client.message.StreamNotFoundException;
import io.liftbridge.proto.ConsumerGroupMetadata;
import io.liftbridge.proto.FetchConsumerGroupAssignmentsResponse;
import io.liftbridge.proto.JoinConsumerGroupResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a consumer a member of its group: joins, is heard by the coordinator in time,
 * follows it to another broker, joins again after it was removed. Belongs to the member's
 * events; has no thread and waits for nothing.
 */
final class Membership {

	private static final Logger logger = LoggerFactory.getLogger(Membership.class);

	/** The share of its time after which a member says that it is alive. */
	private static final double HEARTBEAT = 0.4;

	/** How often a broker may not know yet what another one has done. */
	private static final int LAGGING_ATTEMPTS = 6;

	private final Cluster cluster;

	private final GroupOptions options;

	private final Serial<Runnable> events;

	private final Callbacks callbacks;

	private final Calls calls;

	private String coordinator = "";

	private long epoch;

	private Duration interval = Duration.ofSeconds(6);

	private Duration consumerTimeout = Duration.ofSeconds(15);

	private Duration coordinatorTimeout = Duration.ofSeconds(15);

	private long lastContact;

	private boolean everJoined;

	/** Whether the coordinator has known the member since it joined. */
	private boolean confirmed;

	private boolean left;

	private boolean joining;

	/** Waits for the answer to a join, which might be carried out after the leave. */
	private @Nullable CompletableFuture<Void> leaving;

	/** In a row. */
	private int failed;

	/** Only the last step that was planned is done. */
	private int plan;

	private boolean asking;

	private boolean again;

	Membership(Cluster cluster, GroupOptions options, Serial<Runnable> events, Callbacks callbacks) {
		this.cluster = cluster;
		this.options = options;
		this.events = events;
		this.callbacks = callbacks;
		this.calls = new Calls(cluster, options, events);
	}

	String coordinator() {
		return this.coordinator;
	}

	long epoch() {
		return this.epoch;
	}

	void join() {
		if (this.left) {
			return;
		}
		this.joining = true;
		this.calls.join((response, status) -> {
			this.joining = false;
			CompletableFuture<Void> waiting = this.leaving;
			if (waiting != null) {
				// Too late to be wanted.
				if (response == null && !this.everJoined && status.code() != Code.DEADLINE_EXCEEDED) {
					waiting.complete(null);
				}
				else {
					leave(waiting, 1);
				}
			}
			else if (response != null) {
				joined(response);
			}
			else {
				joinRefused(status);
			}
		});
	}

	private void joined(JoinConsumerGroupResponse response) {
		this.everJoined = true;
		this.confirmed = false;
		this.failed = 0;
		this.coordinator = response.getCoordinator();
		this.epoch = response.getEpoch();
		this.consumerTimeout = Duration.ofNanos(response.getConsumerTimeout());
		this.coordinatorTimeout = Duration.ofNanos(response.getCoordinatorTimeout());
		this.interval = Duration.ofNanos(Math.max(1_000_000, (long) (response.getConsumerTimeout() * HEARTBEAT)));
		this.calls.heartbeatInterval(this.interval);
		this.lastContact = System.nanoTime();
		logger.info("{} joined, coordinator {}, epoch {}", this, this.coordinator, epochText());
		heartbeat();
	}

	private void joinRefused(RpcStatus status) {
		if (status.is(Code.FAILED_PRECONDITION, "already a member")) {
			// A crashed twin, or an attempt of this one whose answer was lost.
			logger.info("{} is a member already; it leaves and joins again", this);
			this.calls.leave((response, refused) -> later(this::join, ++this.failed > 1));
			return;
		}
		LiftbridgeException failure = failure("join", status);
		boolean lagging = this.failed < LAGGING_ATTEMPTS && this.cluster.brokers().size() > 1;
		boolean hopeless = switch (status.code()) {
			case INVALID_ARGUMENT, UNIMPLEMENTED, PERMISSION_DENIED, UNAUTHENTICATED -> true;
			case FAILED_PRECONDITION -> !lagging && !this.cluster.isRecovering();
			default -> status.isNotAuthorized();
		};
		if (hopeless && !this.everJoined) {
			this.left = true;
			this.callbacks.failed(failure);
			return;
		}
		this.callbacks.interrupted(failure, ++this.failed);
		later(this::join, true);
	}

	/** Asks for the assignments, which also tells the coordinator that this one lives. */
	private void heartbeat() {
		if (this.left) {
			return;
		}
		this.plan++;
		this.asking = true;
		this.calls.assignments(this.coordinator, this.epoch, (response, status) -> {
			this.asking = false;
			if (this.left) {
				return;
			}
			if (response != null) {
				assigned(response);
			}
			else {
				heartbeatRefused(status);
			}
		});
	}

	/** Something says that the assignments are not what they were. */
	void heartbeatNow() {
		if (this.asking) {
			this.again = true;
		}
		else if (this.confirmed && this.failed == 0) {
			heartbeat();
		}
	}

	private void assigned(FetchConsumerGroupAssignmentsResponse response) {
		this.confirmed = true;
		this.failed = 0;
		this.lastContact = System.nanoTime();
		this.epoch = response.getEpoch();
		SortedSet<GroupPartition> partitions = new TreeSet<>();
		response.getAssignmentsList()
			.forEach((assignment) -> assignment.getPartitionsList()
				.forEach((partition) -> partitions.add(new GroupPartition(assignment.getStream(), partition))));
		plan(this::heartbeat, this.interval);
		boolean repeat = this.again;
		this.again = false;
		this.callbacks.assigned(this.epoch, partitions);
		if (repeat) {
			heartbeat();
		}
	}

	private void heartbeatRefused(RpcStatus status) {
		boolean unknown = status.code() == Code.NOT_FOUND || status.is(Code.FAILED_PRECONDITION, "not a member");
		boolean lagging = !this.confirmed && this.failed < LAGGING_ATTEMPTS && this.cluster.brokers().size() > 1;
		if (unknown && !lagging && !this.cluster.isRecovering()) {
			rejoin(status);
			return;
		}
		boolean moved = status.is(Code.FAILED_PRECONDITION, "group epoch")
				|| status.is(Code.FAILED_PRECONDITION, "not the consumer group coordinator");
		lookUp(status, moved);
	}

	private void rejoin(RpcStatus status) {
		logger.info("{} is no member any more and joins again: {}", this, status);
		this.callbacks.interrupted(failure("fetch assignments", status), ++this.failed);
		later(this::join, this.failed > 1);
	}

	/**
	 * Asks the others for the coordinator and the epoch. A heartbeat that failed does not
	 * count as one: the next one must follow soon.
	 */
	private void lookUp(RpcStatus reason, boolean moved) {
		// The coordinator may have another address.
		this.cluster.refresh();
		this.calls.describe((group, status) -> {
			if (this.left) {
				return;
			}
			boolean unknown = group != null && group.getError() == ConsumerGroupMetadata.Error.UNKNOWN_GROUP;
			if (group != null && !unknown
					&& (!group.getCoordinator().equals(this.coordinator) || group.getEpoch() != this.epoch)) {
				adopt(group);
				later(this::heartbeat, this.failed++ > 0);
				return;
			}
			boolean silent = isOutOfContact(this.consumerTimeout);
			if (unknown && silent && !this.cluster.isRecovering()) {
				rejoin(reason);
				return;
			}
			this.failed++;
			if (!moved || this.failed > LAGGING_ATTEMPTS) {
				this.callbacks.interrupted(failure("fetch assignments", reason), this.failed);
			}
			if (isOutOfContact(this.coordinatorTimeout)) {
				report();
			}
			later(this::heartbeat, true);
		});
	}

	private void adopt(ConsumerGroupMetadata group) {
		if (!group.getCoordinator().equals(this.coordinator)) {
			logger.info("{} has another coordinator: {} instead of {}, epoch {}", this, group.getCoordinator(),
					this.coordinator, Long.toUnsignedString(group.getEpoch()));
			// The new one is given its time.
			this.lastContact = System.nanoTime();
		}
		this.coordinator = group.getCoordinator();
		this.epoch = group.getEpoch();
	}

	private void report() {
		logger.info("{} cannot reach coordinator {} since {} and reports it", this, this.coordinator,
				Duration.ofNanos(System.nanoTime() - this.lastContact));
		this.calls.report(this.coordinator, this.epoch, (response, status) -> {
			if (response == null) {
				logger.info("{}: the report of coordinator {} was answered with {}", this, this.coordinator, status);
			}
		});
	}

	private boolean isOutOfContact(Duration timeout) {
		return System.nanoTime() - this.lastContact > timeout.toNanos();
	}

	/**
	 * Does the next step at once, or after a pause that grows with the failures. However
	 * long the client was told to pause: a member that is silent for too long is expired.
	 */
	private void later(Runnable step, boolean pause) {
		if (pause) {
			Duration told = this.cluster.options().retryPolicy().pause(Math.max(1, this.failed));
			plan(step, (told.compareTo(this.interval) < 0) ? told : this.interval);
		}
		else {
			step.run();
		}
	}

	private void plan(Runnable step, Duration delay) {
		int mine = ++this.plan;
		this.cluster.schedule(() -> this.events.post(() -> {
			if (mine == this.plan && !this.left) {
				step.run();
			}
		}), delay);
	}

	/**
	 * Leaves the group.
	 * @param done completes when a broker has said that it is so
	 */
	void leave(CompletableFuture<Void> done) {
		boolean member = this.everJoined && !this.left;
		boolean pending = this.joining && !this.left;
		this.left = true;
		if (pending) {
			this.leaving = done;
			return;
		}
		if (!member) {
			done.complete(null);
			return;
		}
		leave(done, 1);
	}

	private void leave(CompletableFuture<Void> done, int attempt) {
		this.calls.leave((response, status) -> {
			boolean passing = status.code() == Code.UNAVAILABLE || status.code() == Code.DEADLINE_EXCEEDED
					|| status.code() == Code.INTERNAL;
			if (response == null && passing && !done.isDone() && !this.cluster.isClosed()) {
				this.cluster.schedule(() -> this.events.post(() -> leave(done, attempt + 1)),
						this.cluster.options().retryPolicy().pause(attempt));
				return;
			}
			logger.info("{} left{}", this, (response != null) ? "" : ": " + status);
			done.complete(null);
		});
	}

	private LiftbridgeException failure(String action, RpcStatus status) {
		String text = action + ": " + this + " for streams " + this.options.streams() + ": the server answered "
				+ status + ". ";
		if (status.isNotAuthorized()) {
			return new NotAuthorizedException(text + "Allow it in the server's policy.", null);
		}
		if (status.is(Code.FAILED_PRECONDITION, "stream does not exist")) {
			return new StreamNotFoundException(
					text + "Create the stream first. Existing streams are: " + this.cluster.known().userStreams() + ".",
					null);
		}
		if (status.code() == Code.UNAVAILABLE || status.code() == Code.DEADLINE_EXCEEDED) {
			return new BrokerUnavailableException(text + "Trying again.", null, Outcome.INDETERMINATE);
		}
		return new LiftbridgeException(text);
	}

	private String epochText() {
		return Long.toUnsignedString(this.epoch);
	}

	@Override
	public String toString() {
		return "Group '" + this.options.group() + "' member '" + this.options.consumerId() + "'";
	}

	/** What the member learns. */
	interface Callbacks {

		void assigned(long epoch, SortedSet<GroupPartition> partitions);

		void interrupted(LiftbridgeException reason, int attempt);

		void failed(LiftbridgeException failure);

	}

}
