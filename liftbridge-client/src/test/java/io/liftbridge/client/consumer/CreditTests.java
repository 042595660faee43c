package io.liftbridge.client.consumer;

import java.util.List;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class CreditTests {

	private static final long PLENTY = 1L << 40;

	@Test
	void asksForThePrefetch() {
		Credit credit = new Credit(1000, PLENTY);
		assertThat(credit.next()).isEqualTo(1000);
		assertThat(credit.next()).isZero();
	}

	@Test
	void asksInChunksOfAQuarter() {
		Credit credit = new Credit(100, PLENTY);
		credit.next();
		credit.received(100, 1000);
		assertThat(credit.next()).isZero();
		credit.consumed(24);
		assertThat(credit.next()).isZero();
		credit.consumed(1);
		assertThat(credit.next()).isEqualTo(25);
	}

	@Test
	void asksOneByOneWhenThereIsRoomForOne() {
		Credit credit = new Credit(1, PLENTY);
		assertThat(credit.next()).isOne();
		credit.received(1, 10);
		assertThat(credit.next()).isZero();
		credit.consumed(1);
		assertThat(credit.next()).isOne();
	}

	@Test
	void beginsAnewWithANewCall() {
		Credit credit = new Credit(10, PLENTY);
		assertThat(credit.next()).isEqualTo(10);
		credit.received(4, 40);
		credit.reset();
		assertThat(credit.next()).as("four still wait").isEqualTo(6);
	}

	@Test
	void asksForFewerLargeMessages() {
		Credit credit = new Credit(1000, 1_000_000);
		int first = credit.next();
		assertThat(first).as("sizes are not known yet").isLessThan(1000).isPositive();
		credit.received(first, first * 100_000L);
		credit.consumed(first);
		assertThat(credit.next()).isEqualTo(10);
	}

	@Test
	void asksForAtLeastOneMessageHoweverLarge() {
		Credit credit = new Credit(1000, 10);
		assertThat(credit.next()).isOne();
		credit.received(1, 5_000_000);
		credit.consumed(1);
		assertThat(credit.next()).isOne();
	}

	@Test
	void acceptsMessagesWithoutContent() {
		Credit credit = new Credit(8, 1000);
		int first = credit.next();
		credit.received(first, 0);
		credit.consumed(first);
		assertThat(credit.next()).isPositive();
	}

	/** Whatever is delivered and consumed: never more than the room, and never stuck. */
	@Property(tries = 300)
	void neverExceedsTheRoomAndNeverStops(@ForAll @IntRange(min = 1, max = 50) int prefetch,
			@ForAll @Size(max = 100) List<@IntRange(min = 0, max = 30) Integer> steps) {
		Credit credit = new Credit(prefetch, PLENTY);
		int requested = 0;
		int buffered = 0;
		for (int step : steps) {
			requested += credit.next();
			assertThat(requested + buffered).isLessThanOrEqualTo(prefetch);
			int arrive = Math.min(requested, step);
			if (arrive > 0) {
				credit.received(arrive, arrive * 10L);
				requested -= arrive;
				buffered += arrive;
			}
			int consume = Math.min(buffered, step / 2);
			credit.consumed(consume);
			buffered -= consume;
		}
		credit.consumed(buffered);
		assertThat(requested + credit.next()).as("asks when nothing waits").isPositive();
	}

}
