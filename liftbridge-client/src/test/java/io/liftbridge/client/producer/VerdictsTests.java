package io.liftbridge.client.producer;

import java.time.Duration;
import java.util.List;

import io.liftbridge.client.message.AckTimeoutException;
import io.liftbridge.client.message.BrokerUnavailableException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.LiftbridgeException.Outcome;
import io.liftbridge.client.message.Message;
import io.liftbridge.proto.PublishRequest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What becomes of messages that wait for longer than they may. */
class VerdictsTests {

	private static final Duration LATE = Duration.ofMinutes(1);

	private static final long END = 5;

	private final Ledger ledger = new Ledger();

	private final Verdicts verdicts = new Verdicts(null, "orders", 0, this.ledger);

	private final ProducerOptions options = new ProducerBuilder("orders", (options) -> null).idempotence(true)
		.options();

	@BeforeEach
	void find() {
		this.ledger.endsBefore(END);
	}

	/** A message that was sent by its user so long ago. */
	private Placed add(String value, Duration age) {
		Pending pending = new Pending(Message.of("k", value), PublishRequest.newBuilder().setStream("orders"), 10, true,
				false, this.options.attempts(), System.nanoTime() - age.toNanos());
		pending.partition(0);
		this.ledger.add(pending);
		return this.ledger.waiting().stream().reduce((before, last) -> last).orElseThrow();
	}

	/** All that wait go into a pipe, with those that were in one before. */
	private void hand() {
		for (Placed next = this.ledger.place(); next != null; next = this.ledger.place()) {
			continue;
		}
		for (Placed placed : this.ledger.sent()) {
			placed.pending.sent = true;
			this.ledger.handed(placed);
		}
	}

	private List<Pending> late() {
		return this.verdicts.late(this.options, "connection refused");
	}

	private static LiftbridgeException failure(Pending pending) {
		LiftbridgeException failure = pending.failure();
		assertThat(failure).isNotNull();
		return failure;
	}

	@Test
	void whatWaitsFailsAsNotSentUpToTheFirstThatHasTime() {
		Placed first = add("first", LATE);
		Placed second = add("second", LATE);
		Placed third = add("third", Duration.ZERO);
		assertThat(late()).containsExactly(first.pending, second.pending);
		assertThat(failure(second.pending)).isInstanceOf(BrokerUnavailableException.class)
			.hasMessageContaining("stream 'orders' partition 0")
			.hasMessageContaining("within 30 s, at last: connection refused");
		assertThat(failure(second.pending).outcome()).isEqualTo(Outcome.NOT_SENT);
		assertThat(this.ledger.waiting()).containsExactly(third);
		assertThat(late()).isEmpty();
	}

	@Test
	void whatWentOutFailsAsIndeterminateOnceAndKeepsItsPlace() {
		Placed first = add("first", LATE);
		Placed second = add("second", Duration.ZERO);
		hand();
		this.ledger.lost(true);
		assertThat(late()).containsExactly(first.pending);
		assertThat(failure(first.pending)).isInstanceOf(AckTimeoutException.class);
		assertThat(failure(first.pending).outcome()).isEqualTo(Outcome.INDETERMINATE);
		assertThat(late()).isEmpty();
		assertThat(this.ledger.told()).isEqualTo(1);
		assertThat(this.ledger.sent()).containsExactly(first, second);
		assertThat(first.offset).isEqualTo(END);
		assertThat(second.offset).isEqualTo(END + 1);
	}

	@Test
	void whatNeverReachedABrokerDoesNotGoOutAfterItFailedAsNotSent() {
		Placed first = add("first", LATE);
		Placed second = add("second", Duration.ZERO);
		hand();
		this.ledger.lost(false);
		assertThat(late()).containsExactly(first.pending);
		assertThat(failure(first.pending).outcome()).isEqualTo(Outcome.NOT_SENT);
		assertThat(this.ledger.sent()).isEmpty();
		hand();
		assertThat(this.ledger.sent()).containsExactly(second);
		assertThat(second.offset).isEqualTo(END);
	}

	@Test
	void thoseBehindWhatMayBeStoredStayBehindIt() {
		Placed stored = add("may be stored", LATE);
		hand();
		this.ledger.lost(true);
		Placed first = add("first", LATE);
		Placed second = add("second", Duration.ZERO);
		hand();
		this.ledger.lost(false);
		assertThat(late()).containsExactly(stored.pending, first.pending);
		assertThat(failure(stored.pending).outcome()).isEqualTo(Outcome.INDETERMINATE);
		assertThat(failure(first.pending).outcome()).isEqualTo(Outcome.NOT_SENT);
		hand();
		assertThat(this.ledger.sent()).containsExactly(stored, second);
		assertThat(stored.offset).isEqualTo(END);
		assertThat(second.offset).isEqualTo(END + 1);
	}

	@Test
	void whatTheLeaderDoesNotShowHoldsUpNobodyAndIsLookedAtAgain() {
		Placed first = add("first", LATE);
		hand();
		this.ledger.lost(true);
		first.presumed = true;
		assertThat(late()).containsExactly(first.pending);
		assertThat(failure(first.pending).outcome()).isEqualTo(Outcome.INDETERMINATE);
		assertThat(this.ledger.isEmpty()).isTrue();
		assertThat(this.ledger.told()).isZero();
		assertThat(this.ledger.unknown()).isEqualTo(END);
	}

}
