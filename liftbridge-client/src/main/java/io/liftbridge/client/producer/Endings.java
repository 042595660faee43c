package io.liftbridge.client.producer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

import io.liftbridge.client.message.IncorrectOffsetException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.LiftbridgeException.Outcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What makes it impossible to go on, and what that means for each message.
 */
final class Endings {

	private static final Logger logger = LoggerFactory.getLogger(Endings.class);

	private final String where;

	private final Ledger ledger;

	Endings(String stream, int partition, Ledger ledger) {
		this.where = "stream '" + stream + "' partition " + partition;
		this.ledger = ledger;
	}

	/** All messages fail. */
	List<Pending> all(Function<Pending, LiftbridgeException> why) {
		List<Pending> done = new ArrayList<>();
		this.ledger.untold().forEach((placed) -> done.add(placed.pending.resolve(why.apply(placed.pending))));
		return done;
	}

	/**
	 * Somebody else writes to this partition.
	 * @param found the message of somebody else
	 * @param mayBeStored whether one of this producer's may be stored all the same
	 * @param done takes the messages that have failed
	 * @return what all others fail with
	 */
	LiftbridgeException foreignWriter(Found found, Predicate<Placed> mayBeStored, List<Pending> done) {
		String who = found.producer().isEmpty() ? "another writer"
				: "producer '" + found.producer().toStringUtf8() + "'";
		String what = this.where + ": at offset " + found.offset() + " is a message of " + who
				+ ", but a partition has one writer where its producer has option idempotence. Nothing of it was"
				+ " overwritten.";
		String remedy = " Make sure that nobody else writes, close this producer, and start another one, which goes on"
				+ " behind what is stored.";
		IncorrectOffsetException why = new IncorrectOffsetException(
				"publish to " + what + " The message was not stored." + remedy, null);
		logger.error("Publishing to {}{}", what, remedy);
		for (Placed placed : this.ledger.untold()) {
			done.add(placed.pending.resolve(mayBeStored.test(placed) ? new LiftbridgeException(
					"publish to " + what + " The message may be stored all the same." + remedy, why,
					Outcome.INDETERMINATE) : why));
		}
		return why;
	}

	/**
	 * The stream takes messages whatever offset they expect.
	 * @param placed the message that tells
	 * @param offset where it is stored
	 * @param done takes the messages that have failed
	 * @return what all others fail with
	 */
	LiftbridgeException uncontrolled(Placed placed, long offset, List<Pending> done) {
		String what = this.where + " has no optimistic concurrency control, without which option idempotence of its"
				+ " producer can hold nothing. Create the stream with StreamSpec.optimisticConcurrency(true), or leave"
				+ " out idempotence.";
		logger.error("{} A message was stored at offset {}", what, offset);
		for (Placed other : this.ledger.untold()) {
			boolean sent = other == placed || other.pending.sent;
			String outcome = sent ? " The message may be stored." : " The message was not sent.";
			done.add(
					other.pending.resolve(
							new LiftbridgeException(
									"publish to " + what
											+ ((other == placed) ? " The message is stored at offset " + offset + "."
													: outcome),
									null, sent ? Outcome.INDETERMINATE : Outcome.NOT_SENT)));
		}
		return new LiftbridgeException("publish to " + what + " The message was not sent.", null, Outcome.NOT_SENT);
	}

}
