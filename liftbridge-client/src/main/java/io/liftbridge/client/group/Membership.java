package io.liftbridge.client.group;

import java.time.Duration;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.cluster.ClusterMetadata;
import io.liftbridge.client.cluster.RpcStatus;
import io.liftbridge.client.cluster.RpcStatus.Code;
import io.liftbridge.client.cluster.Serial;
import io.liftbridge.client.cluster.Target;
import io.liftbridge.client.message.BrokerUnavailableException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.LiftbridgeException.Outcome;
import io.liftbridge.client.message.NotAuthorizedException;
import io.liftbridge.client.message.StreamNotFoundException;
import io.liftbridge.proto.ConsumerGroupMetadata;
import io.liftbridge.proto.FetchConsumerGroupAssignmentsResponse;
import io.liftbridge.proto.JoinConsumerGroupResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Keeps a consumer a member of its group: is heard by the coordinator in time, follows it
 * to another broker, joins again after it was removed. Belongs to the member's events;
 * has no thread and waits for nothing.
 */
final class Membership {

	private static final Logger logger = LoggerFactory.getLogger(Membership.class);

	/** The share of its time after which a member says that it is alive. */
	private static final double HEARTBEAT = 0.4;

	/** How often a broker may not know yet what another one has done. */
	static final int LAGGING_ATTEMPTS = 6;

	private final Cluster cluster;

	private final GroupOptions options;

	private final Callbacks callbacks;

	private final Calls calls;

	private final StreamWatch watch;

	private final Steps steps;

	private final Admission admission;

	private String coordinator = "";

	private long epoch;

	/** The epoch in which the present assignments were made. */
	private long shared = -1;

	private Duration interval = Duration.ofSeconds(6);

	private volatile Duration consumerTimeout = Duration.ofSeconds(15);

	private Duration coordinatorTimeout = Duration.ofSeconds(15);

	private long lastContact;

	/** After which contact the log told that the coordinator cannot be reached. */
	private long toldContact;

	/** Whether the coordinator has known the member since it joined. */
	private boolean confirmed;

	/** Leaves in order to join again. */
	private boolean renewing;

	/** Whether it has to join again to get all its streams. */
	private boolean outdated;

	private boolean asking;

	private boolean again;

	Membership(Cluster cluster, GroupOptions options, Serial<Runnable> events, Callbacks callbacks) {
		this.cluster = cluster;
		this.options = options;
		this.callbacks = callbacks;
		this.calls = new Calls(cluster, options, events);
		this.watch = new StreamWatch(options.streams());
		this.steps = new Steps(cluster, events);
		this.admission = new Admission(cluster, options, events, this.calls, this.steps, this.watch, this);
	}

	String coordinator() {
		return this.coordinator;
	}

	long epoch() {
		return this.epoch;
	}

	Duration interval() {
		return this.interval;
	}

	void join() {
		this.admission.join();
	}

	void joined(JoinConsumerGroupResponse response) {
		this.confirmed = false;
		this.shared = -1;
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

	Duration consumerTimeout() {
		return this.consumerTimeout;
	}

	/** It makes no sense to try again. */
	void failed(RpcStatus status) {
		this.callbacks.failed(failure("join", status));
	}

	void interrupted(String action, RpcStatus status) {
		this.callbacks.interrupted(failure(action, status), this.steps.fail());
	}

	void tellDeleted(ClusterMetadata metadata) {
		this.watch.newlyDeleted(metadata).forEach(this.callbacks::deleted);
	}

	/** Asks for the assignments, which also tells the coordinator that this one lives. */
	private void heartbeat() {
		if (isPassive()) {
			return;
		}
		this.steps.cancel();
		if (this.outdated) {
			renew();
			return;
		}
		this.asking = true;
		long sent = System.nanoTime();
		this.calls.assignments(this.coordinator, this.epoch, (response, status) -> {
			this.asking = false;
			if (this.admission.hasLeft()) {
				return;
			}
			if (response != null) {
				assigned(response, sent);
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
		else if (this.confirmed && this.steps.failed() == 0) {
			heartbeat();
		}
	}

	/** Whether it is not to be heard at the moment. */
	private boolean isPassive() {
		return this.admission.hasLeft() || this.admission.isJoining() || this.renewing;
	}

	private void assigned(FetchConsumerGroupAssignmentsResponse response, long sent) {
		this.confirmed = true;
		this.steps.succeed();
		this.lastContact = System.nanoTime();
		boolean changed = this.shared != response.getEpoch();
		this.epoch = response.getEpoch();
		this.shared = this.epoch;
		SortedSet<GroupPartition> partitions = new TreeSet<>();
		response.getAssignmentsList()
			.forEach((assignment) -> assignment.getPartitionsList()
				.forEach((partition) -> partitions.add(new GroupPartition(assignment.getStream(), partition))));
		this.steps.plan(this::heartbeat, this.interval);
		boolean repeat = this.again;
		this.again = false;
		this.callbacks.assigned(this.epoch, partitions, sent);
		if (repeat || this.outdated) {
			heartbeat();
		}
		look(changed);
	}

	/**
	 * Looks for streams that were deleted or created anew. That a stream was deleted
	 * changes the epoch; that it was created changes nothing.
	 */
	private void look(boolean changed) {
		if (changed || this.watch.isWaiting()) {
			this.calls.metadata((metadata, status) -> {
				if (metadata != null) {
					look(metadata);
				}
			});
		}
		else {
			look(this.cluster.known());
		}
	}

	private void look(ClusterMetadata metadata) {
		if (isPassive() || this.cluster.isRecovering()) {
			return;
		}
		tellDeleted(metadata);
		List<String> anew = this.watch.anew(metadata);
		if (!anew.isEmpty() && !this.outdated) {
			logger.info("{} joins again, as streams were created anew: {}", this, anew);
			this.outdated = true;
			if (!this.asking) {
				heartbeat();
			}
		}
	}

	/** Only a member that joins is given partitions of a stream that was created. */
	private void renew() {
		this.outdated = false;
		this.confirmed = false;
		this.renewing = true;
		this.callbacks.leavesForAMoment();
		this.calls.leave((response, status) -> {
			this.renewing = false;
			this.admission.join();
		});
	}

	private void heartbeatRefused(RpcStatus status) {
		boolean unknown = status.code() == Code.NOT_FOUND || status.is(Code.FAILED_PRECONDITION, "not a member");
		boolean lagging = !this.confirmed && this.steps.failed() < LAGGING_ATTEMPTS
				&& this.cluster.brokers().size() > 1;
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
		interrupted("fetch assignments", status);
		this.admission.joinAgain(this.steps.failed() > 1);
	}

	/**
	 * Asks the others for the coordinator and the epoch. A heartbeat that failed does not
	 * count as one: the next one must follow soon.
	 */
	private void lookUp(RpcStatus reason, boolean moved) {
		// The coordinator may have another address.
		this.cluster.refresh();
		boolean silent = reason.code() == Code.DEADLINE_EXCEEDED || reason.code() == Code.UNAVAILABLE;
		this.calls.describe(silent ? Target.other(this.coordinator) : Target.any(), (group, status) -> {
			if (this.admission.hasLeft()) {
				return;
			}
			boolean unknown = group != null && group.getError() == ConsumerGroupMetadata.Error.UNKNOWN_GROUP;
			if (group != null && !unknown && isNews(group)) {
				adopt(group);
				again(this.steps.fail() > 1);
				return;
			}
			if (unknown && isOutOfContact(this.consumerTimeout) && !this.cluster.isRecovering()) {
				rejoin(reason);
				return;
			}
			if (!moved || this.steps.failed() >= LAGGING_ATTEMPTS) {
				interrupted("fetch assignments", reason);
			}
			else {
				this.steps.fail();
			}
			if (isOutOfContact(this.coordinatorTimeout)) {
				report();
			}
			again(true);
		});
	}

	/**
	 * Epochs grow, and begin at 0 when the group has been without members. A broker that
	 * was frozen may still tell, and coordinate, what was before.
	 */
	private boolean isNews(ConsumerGroupMetadata group) {
		if (group.getEpoch() != 0 && Long.compareUnsigned(group.getEpoch(), this.epoch) < 0) {
			return false;
		}
		return group.getEpoch() != this.epoch || !group.getCoordinator().equals(this.coordinator);
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

	/** Reports again as long as it lasts, but tells so once. */
	private void report() {
		Level level = (this.toldContact != this.lastContact) ? Level.INFO : Level.DEBUG;
		this.toldContact = this.lastContact;
		logger.atLevel(level)
			.log("{} cannot reach coordinator {} since {} and reports it until it answers or is replaced", this,
					this.coordinator, Duration.ofNanos(System.nanoTime() - this.lastContact));
		this.calls.report(this.coordinator, this.epoch, (response, status) -> {
			if (response == null) {
				logger.atLevel(level)
					.log("{}: the report of coordinator {} was answered with {}", this, this.coordinator, status);
			}
		});
	}

	private boolean isOutOfContact(Duration timeout) {
		return System.nanoTime() - this.lastContact > timeout.toNanos();
	}

	private void again(boolean pause) {
		this.steps.next(this::heartbeat, pause, this.interval);
	}

	/**
	 * Leaves the group.
	 * @param done completes when a broker has said that it is so
	 */
	void leave(CompletableFuture<Void> done) {
		this.admission.leave(done);
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

		/**
		 * These partitions are the member's.
		 * @param sent when it asked, as {@link System#nanoTime()} tells it: the answer
		 * may have waited in a process that hung
		 */
		void assigned(long epoch, SortedSet<GroupPartition> partitions, long sent);

		void interrupted(LiftbridgeException reason, int attempt);

		void deleted(String stream);

		void leavesForAMoment();

		void failed(LiftbridgeException failure);

	}

}
