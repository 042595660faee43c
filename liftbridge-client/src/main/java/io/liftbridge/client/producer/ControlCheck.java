package io.liftbridge.client.producer;

import java.util.List;

import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.producer.Verdicts.Verdict;
import io.liftbridge.proto.PublishAsyncError;
import io.liftbridge.proto.PublishResponse;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether a stream has optimistic concurrency control, which brokers do not
 * tell: the first message is sent with an offset that no message can get. A broker that
 * looks at offsets refuses it, and it is sent properly then; another one stores it.
 */
final class ControlCheck {

	private static final long NEVER = -2;

	private static final String ID = "control";

	private final Cluster cluster;

	private final Ledger ledger;

	private final Verdicts verdicts;

	private @Nullable Placed asked;

	private boolean proven;

	ControlCheck(Cluster cluster, Ledger ledger, Verdicts verdicts) {
		this.cluster = cluster;
		this.ledger = ledger;
		this.verdicts = verdicts;
	}

	/** Whether the stream is known to have it. */
	boolean isProven() {
		return this.proven;
	}

	/** The message that is asked with. */
	@Nullable Placed asked() {
		return this.asked;
	}

	void ask(PipeLink link) {
		this.asked = this.ledger.firstWaiting();
		if (this.asked != null) {
			link.hand(this.asked, NEVER, ID);
		}
	}

	/** The pipe has ended. */
	void lost(boolean connected) {
		if (this.asked != null && !connected) {
			this.asked.pending.sent = false;
		}
		this.asked = null;
	}

	/** The stream may be another one from now on. */
	void forget() {
		this.proven = false;
	}

	/**
	 * Judges the answer.
	 * @param done takes the message if it has its outcome
	 * @return what follows, {@code null} if it is no answer to this
	 */
	@Nullable Verdict judge(PublishResponse response, List<Pending> done) {
		Placed question = this.asked;
		if (question == null || !response.getCorrelationId().equals(ID)) {
			return null;
		}
		if (!response.hasAsyncError()) {
			return (Answers.refusal(question.pending, response) == null) ? Verdict.UNCONTROLLED : Verdict.BUSY;
		}
		PublishAsyncError error = response.getAsyncError();
		if (error.getCode() == PublishAsyncError.Code.INCORRECT_OFFSET) {
			question.pending.sent = false;
			this.proven = true;
			return Verdict.STORED;
		}
		if (Answers.isTransient(error, this.cluster)) {
			return Verdict.BUSY;
		}
		if (this.ledger.firstWaiting() == question) {
			this.ledger.remove(question);
			done.add(question.pending.resolve(this.verdicts.failure(question, error)));
		}
		return Verdict.DISTURBED;
	}

}
