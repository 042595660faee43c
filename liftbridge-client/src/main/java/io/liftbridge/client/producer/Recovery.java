package io.liftbridge.client.producer;

import java.util.ArrayList;
import java.util.List;

import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.PartitionNotFoundException;
import io.liftbridge.client.message.StreamNotFoundException;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what of a lane's messages is stored, while nothing is sent: asks where the
 * partition ends, and compares what is there. What could not be read yet is presumed to
 * be there, and read as soon as it can. Belongs to the events of the lane.
 */
final class Recovery {

	private final IdempotentLane lane;

	private final Cluster cluster;

	private final ProducerOptions options;

	private final int partition;

	private final Ledger ledger;

	private final Endings endings;

	private final Verification verification;

	private boolean established;

	Recovery(IdempotentLane lane, Cluster cluster, ProducerOptions options, int partition, Ledger ledger,
			Endings endings) {
		this.lane = lane;
		this.cluster = cluster;
		this.options = options;
		this.partition = partition;
		this.ledger = ledger;
		this.endings = endings;
		this.verification = new Verification(cluster, options.stream(), partition, lane::post, this::verified);
	}

	/**
	 * Whether a message of this producer is known to be stored here. What others wrote
	 * before that is nobody's concern.
	 */
	boolean isEstablished() {
		return this.established;
	}

	void establish() {
		this.established = true;
	}

	void start() {
		stop();
		long from = (this.ledger.next() >= 0) ? this.ledger.unknown() : -1;
		Tail.read(this.cluster, this.options.stream(), this.partition, from, this.ledger.next())
			.whenComplete((tail, failure) -> this.lane.post(() -> finish(from, tail, failure)));
	}

	/** Nobody wants to know any more. */
	void stop() {
		this.verification.stop();
	}

	private void finish(long from, @Nullable Tail tail, @Nullable Throwable failure) {
		if (this.lane.isOver()) {
			return;
		}
		if (tail == null) {
			unknownEnd(Cluster.unwrap((failure != null) ? failure : new IllegalStateException("no answer")));
		}
		else if (from < 0) {
			this.ledger.endsBefore(tail.newest() + 1);
			this.lane.resume();
		}
		else {
			compare(tail, from);
		}
	}

	private void unknownEnd(LiftbridgeException failure) {
		if (failure instanceof StreamNotFoundException || failure instanceof PartitionNotFoundException) {
			this.established = false;
			this.lane.startOver(this.endings.all((pending) -> failure));
		}
		else {
			this.lane.later(String.valueOf(failure.getMessage()));
		}
	}

	private void compare(Tail tail, long from) {
		Settlement settlement = new Settlement(this.options, this.partition, this.ledger);
		if (tail.newest() + 1 < from && this.established) {
			settlement.warnOfLoss(tail.newest(), from - 1);
		}
		List<Pending> done = new ArrayList<>(settlement.compare(tail.found()));
		this.established |= settlement.hasFoundOwn();
		Found foreign = settlement.foreign();
		if (foreign != null && this.established) {
			this.lane.die(this.endings.foreignWriter(foreign, settlement::mayBeStored, done));
		}
		else {
			done.addAll(settlement.conclude(tail.newest(), tail.read()));
			if (this.lane.resume()) {
				this.verification.start(this.ledger.presumed());
			}
		}
		this.lane.decided(done);
	}

	private void verified(Found found) {
		Placed there = this.ledger.byOffset().get(found.offset());
		if (this.lane.isOver() || there == null || !there.presumed) {
			return;
		}
		if (there.token.equals(found.token())) {
			this.established = true;
			this.lane.decided(new Settlement(this.options, this.partition, this.ledger).compare(List.of(found)));
			this.lane.transmit();
		}
		else {
			this.lane.disturbed("another message is stored at offset " + found.offset());
		}
	}

}
