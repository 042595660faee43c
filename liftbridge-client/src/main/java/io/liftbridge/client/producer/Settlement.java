package io.liftbridge.client.producer;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.LiftbridgeException.Outcome;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides, by what was read back, which messages are stored, which are to be sent again
 * to the same place, and which get another one.
 */
final class Settlement {

	private static final Logger logger = LoggerFactory.getLogger(Settlement.class);

	private final ProducerOptions options;

	private final int partition;

	private final Ledger ledger;

	private final Set<Long> seen = new HashSet<>();

	/** The first message of somebody else. */
	private @Nullable Found foreign;

	private boolean own;

	Settlement(ProducerOptions options, int partition, Ledger ledger) {
		this.options = options;
		this.partition = partition;
		this.ledger = ledger;
	}

	/** Whether a message that was not found may be stored all the same. */
	boolean mayBeStored(Placed placed) {
		return placed.doubtful && !this.seen.contains(placed.offset);
	}

	/** Whether a message of this producer was found. */
	boolean hasFoundOwn() {
		return this.own;
	}

	@Nullable Found foreign() {
		return this.foreign;
	}

	void warnOfLoss(long newest, long acknowledged) {
		logger.warn(
				"Stream '{}' partition {} ends at offset {}, although messages were acknowledged up to {}: its"
						+ " leader has lost them. With ackPolicy ALL only one that was not in sync can",
				this.options.stream(), this.partition, newest, acknowledged);
	}

	/**
	 * Compares what is stored with what was sent.
	 * @return the messages that are stored, which have left the ledger
	 */
	List<Pending> compare(List<Found> stored) {
		List<Pending> done = new ArrayList<>();
		Map<Long, Placed> sent = this.ledger.byOffset();
		for (Found found : stored) {
			Placed placed = sent.get(found.offset());
			this.seen.add(found.offset());
			this.own |= this.ledger.isOwn(found.token());
			if (placed != null && placed.token.equals(found.token())) {
				this.ledger.remove(placed);
				if (!placed.told) {
					done.add(placed.pending.resolve(ack(placed, found)));
				}
			}
			else if (!this.ledger.isOwn(found.token()) && this.foreign == null) {
				this.foreign = found;
			}
		}
		return done;
	}

	private Ack ack(Placed placed, Found found) {
		return new Ack(this.options.stream(), this.partition, found.offset(),
				WirePolicy.of(placed.pending.request.getAckPolicy()), found.timestamp(), found.timestamp(),
				placed.pending.message.correlationId());
	}

	/**
	 * Finds a place for the rest.
	 * @param newest the newest offset of the leader
	 * @param read up to where was compared
	 * @return the messages that have failed, which have left the ledger
	 */
	List<Pending> conclude(long newest, long read) {
		List<Pending> failed = new ArrayList<>();
		List<Placed> rest = new ArrayList<>();
		boolean moved = false;
		long latest = -1;
		for (Placed placed : List.copyOf(this.ledger.sent())) {
			placed.presumed = placed.offset <= newest && placed.offset > read;
			if (placed.presumed) {
				latest = Math.max(latest, placed.number);
				continue;
			}
			if (placed.offset <= newest && !this.seen.contains(placed.offset)) {
				this.ledger.remove(placed);
				if (!placed.told) {
					failed.add(placed.pending.resolve(removed(placed)));
				}
				continue;
			}
			if (placed.offset <= newest) {
				// The log has gone beyond it: no copy can be stored any more.
				placed.doubtful = false;
				moved = true;
			}
			else if (placed.refusal != null) {
				LiftbridgeException why = placed.refusal;
				this.ledger.giveUp(placed);
				if (!placed.told) {
					failed.add(placed.pending.resolve(placed.doubtful ? doubtful(placed, why) : why));
				}
				continue;
			}
			rest.add(placed);
		}
		if (!rest.isEmpty()) {
			boolean fits = !moved && rest.get(0).offset == newest + 1
					&& rest.get(rest.size() - 1).offset == newest + rest.size();
			if (fits) {
				dropLate(rest);
			}
			else {
				move(rest, latest, failed);
			}
		}
		this.ledger.endsBefore(newest + 1);
		return failed;
	}

	/** Nobody waits for these, and nothing comes behind them. */
	private void dropLate(List<Placed> rest) {
		for (int i = rest.size() - 1; i >= 0 && rest.get(i).told; i--) {
			this.ledger.giveUp(rest.get(i));
		}
	}

	/**
	 * These get new places.
	 * @param latest the number of the last message that is most likely stored
	 */
	private void move(List<Placed> rest, long latest, List<Pending> failed) {
		List<Placed> again = new ArrayList<>();
		for (Placed placed : rest) {
			if (placed.told || placed.doubtful || placed.number < latest) {
				this.ledger.giveUp(placed);
				if (!placed.told) {
					// At another place it might be stored twice, or in the wrong order.
					failed.add(placed.pending.resolve(placed.doubtful ? doubtful(placed, null) : overtaken(placed)));
				}
			}
			else {
				again.add(placed);
			}
		}
		logger.info("Stream '{}' partition {}: {} messages get other offsets, {} fail", this.options.stream(),
				this.partition, again.size(), rest.size() - again.size());
		this.ledger.replace(again);
	}

	private LiftbridgeException overtaken(Placed placed) {
		return new LiftbridgeException("publish to stream '" + this.options.stream() + "' partition " + this.partition
				+ ": the message is not stored: at offset " + placed.offset
				+ ", which it expected, is another writer's, and a later one of this producer is behind that. It"
				+ " was not sent again, as it would be out of order.", null, Outcome.REFUSED);
	}

	private LiftbridgeException removed(Placed placed) {
		return new LiftbridgeException("publish to stream '" + this.options.stream() + "' partition " + this.partition
				+ ": the connection was lost before the answer, and what was stored at offset " + placed.offset
				+ " is gone already by retention or compaction, so that nobody can tell whether it was this message.",
				null, Outcome.INDETERMINATE);
	}

	private LiftbridgeException doubtful(Placed placed, @Nullable LiftbridgeException why) {
		return new LiftbridgeException("publish to stream '" + this.options.stream() + "' partition " + this.partition
				+ ": the message expects offset " + placed.offset + ", which it cannot get any more as what was before"
				+ " it failed or is lost; but it was on its way when a connection was lost"
				+ ((why != null) ? " (" + why.getMessage() + ")" : "")
				+ ". It is most likely not stored; look whether it is before it is sent again.", why,
				Outcome.INDETERMINATE);
	}

}
