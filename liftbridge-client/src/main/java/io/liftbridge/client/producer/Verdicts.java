package io.liftbridge.client.producer;

import java.util.ArrayList;
import java.util.List;

import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.cluster.RpcStatus;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.proto.PublishAsyncError;
import io.liftbridge.proto.PublishResponse;
import org.jspecify.annotations.Nullable;

/**
 * What a broker's answer means for a message that expects an offset.
 */
final class Verdicts {

	private final Cluster cluster;

	private final String stream;

	private final int partition;

	private final Ledger ledger;

	Verdicts(Cluster cluster, String stream, int partition, Ledger ledger) {
		this.cluster = cluster;
		this.stream = stream;
		this.partition = partition;
		this.ledger = ledger;
	}

	/** What follows from an answer. */
	enum Verdict {

		/** The message is stored where it was to be; or the broker looks at offsets. */
		STORED,

		/** What was sent behind it cannot be stored. */
		DISTURBED,

		/** As {@link #DISTURBED}, and the broker needs a moment. */
		BUSY,

		/** It is stored where it was not to be. */
		UNCONTROLLED

	}

	/**
	 * Judges.
	 * @param done takes the message if it has its outcome
	 */
	Verdict judge(Placed placed, PublishResponse response, List<Pending> done) {
		if (!response.hasAsyncError()) {
			return accepted(placed, response, done);
		}
		PublishAsyncError error = response.getAsyncError();
		if (error.getCode() == PublishAsyncError.Code.PERMISSION_DENIED) {
			// The server may store it all the same, and says so then: it stays open.
			tell(placed, failure(placed, error), done);
			return Verdict.DISTURBED;
		}
		this.ledger.answered(placed);
		if (error.getCode() == PublishAsyncError.Code.INCORRECT_OFFSET) {
			return Verdict.DISTURBED;
		}
		if (Answers.isTransient(error, this.cluster)) {
			return Verdict.BUSY;
		}
		refuse(placed, failure(placed, error), done);
		return Verdict.DISTURBED;
	}

	private Verdict accepted(Placed placed, PublishResponse response, List<Pending> done) {
		this.ledger.answered(placed);
		// Only what it is told is its outcome: it may yet be found stored.
		LiftbridgeException refusal = Answers.refusal(placed.pending, response);
		if (refusal != null) {
			refuse(placed, refusal, done);
			return Verdict.DISTURBED;
		}
		if (response.getAck().getOffset() != placed.offset) {
			return Verdict.UNCONTROLLED;
		}
		this.ledger.remove(placed);
		if (!placed.told) {
			done.add(Answers.accepted(placed.pending, response, this.stream));
		}
		return Verdict.STORED;
	}

	/** Whether another stream on the same subject answers; the own one does, too. */
	boolean isForeign(PublishResponse response) {
		String by = response.getAck().getStream();
		return !response.hasAsyncError() && !by.isEmpty() && !by.equals(this.stream);
	}

	/** A message over the server's inbound limit ended the call. */
	List<Pending> tooLarge(RpcStatus status) {
		List<Pending> done = new ArrayList<>(1);
		Placed largest = null;
		for (Placed placed : this.ledger.sent()) {
			if (placed.open && (largest == null || placed.pending.wireBytes() > largest.pending.wireBytes())) {
				largest = placed;
			}
		}
		if (largest != null) {
			this.ledger.answered(largest);
			refuse(largest,
					Answers.tooLarge(status.toString(), this.stream, this.partition, largest.pending.wireBytes()),
					done);
		}
		return done;
	}

	/**
	 * Fails what waited too long, oldest first. What was sent may yet be stored, and
	 * keeps its place.
	 */
	List<Pending> late(ProducerOptions options, @Nullable String lastFailure) {
		List<Pending> done = new ArrayList<>();
		long before = System.nanoTime() - options.ackTimeout().toNanos();
		for (Placed placed : this.ledger.untold()) {
			if (placed.pending.dueSinceNanos() - before > 0) {
				break;
			}
			LiftbridgeException why = Answers.timeout(options, placed.pending, lastFailure);
			// What did not go out must not do so after that was said.
			boolean stays = placed.offset >= 0 && (placed.pending.sent || !this.ledger.takeBack(placed));
			if (stays) {
				tell(placed, why, done);
			}
			else {
				this.ledger.remove(placed);
				done.add(placed.pending.resolve(why));
			}
		}
		this.ledger.forgetPresumed();
		return done;
	}

	LiftbridgeException failure(Placed placed, PublishAsyncError error) {
		return Answers.failure(error, this.stream, this.partition, placed.pending.wireBytes(), placed.offset);
	}

	/** A copy is not stored, and will not be. */
	private void refuse(Placed placed, LiftbridgeException why, List<Pending> done) {
		if (placed.doubtful) {
			// An earlier one may be.
			placed.refusal = why;
		}
		else {
			tell(placed, why, done);
			this.ledger.refused(placed);
		}
	}

	private void tell(Placed placed, LiftbridgeException why, List<Pending> done) {
		if (!placed.told) {
			this.ledger.told(placed);
			done.add(placed.pending.resolve(why));
		}
	}

}
