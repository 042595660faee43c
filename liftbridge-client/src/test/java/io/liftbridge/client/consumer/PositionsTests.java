package io.liftbridge.client.consumer;

import java.time.Duration;
import java.time.Instant;

import io.liftbridge.client.message.InvalidRequestException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class PositionsTests {

	private static final Instant TIME = Instant.parse("2026-11-21T03:12:04.123456789Z");

	@Test
	void startsAtATimeInNanoseconds() {
		assertThat(StartPosition.at(TIME).kind()).isEqualTo(StartPosition.Kind.TIMESTAMP);
		assertThat(StartPosition.at(TIME).value()).isEqualTo(1_795_230_724_123_456_789L);
		assertThat(StartPosition.at(Instant.EPOCH.minusNanos(1)).value()).isEqualTo(-1);
	}

	@Test
	void startsAsLongAgo() {
		long now = StartPosition.at(Instant.now()).value();
		long hour = Duration.ofHours(1).toNanos();
		assertThat(StartPosition.ago(Duration.ofHours(1)).value()).isBetween(now - hour - 1_000_000_000L,
				now - hour + 60_000_000_000L);
	}

	@Test
	void stopsAtATimeInNanoseconds() {
		assertThat(StopPosition.at(TIME).kind()).isEqualTo(StopPosition.Kind.TIMESTAMP);
		assertThat(StopPosition.at(TIME).value()).isEqualTo(1_795_230_724_123_456_789L);
	}

	@Test
	void refusesNegativeOffsets() {
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> StartPosition.offset(-1))
			.withMessageContaining("-1");
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> StopPosition.offset(-1))
			.withMessageContaining("-1");
		assertThat(StartPosition.offset(0).value()).isZero();
		assertThat(StopPosition.offset(0).value()).isZero();
	}

	@Test
	void goesOnBehindAnOffsetThatThereMayBe() {
		assertThat(StartPosition.after(-1)).isEqualTo(StartPosition.offset(0));
		assertThat(StartPosition.after(4).value()).isEqualTo(5);
		for (long none : new long[] { -2, Long.MIN_VALUE, Long.MAX_VALUE }) {
			assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> StartPosition.after(none))
				.withMessageContaining("after " + none);
		}
	}

	@Test
	void refusesTimesThatDoNotFitTheServersClock() {
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> StartPosition.at(Instant.MAX))
			.withMessageContaining(Instant.MAX.toString());
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> StopPosition.at(Instant.MIN));
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> StartPosition.ago(Duration.ofSeconds(Long.MAX_VALUE)));
	}

	@Test
	void doesNotGoBackIntoTheFuture() {
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> StartPosition.ago(Duration.ofHours(-1)))
			.withMessageContaining("PT-1H");
		assertThat(StartPosition.ago(Duration.ZERO).kind()).isEqualTo(StartPosition.Kind.TIMESTAMP);
	}

	@Test
	void comparesByKindAndValue() {
		assertThat(StartPosition.offset(3)).isEqualTo(StartPosition.offset(3))
			.hasSameHashCodeAs(StartPosition.offset(3))
			.isNotEqualTo(StartPosition.offset(4))
			.isNotEqualTo(StartPosition.earliest());
		assertThat(StopPosition.offset(3)).isEqualTo(StopPosition.offset(3))
			.hasSameHashCodeAs(StopPosition.offset(3))
			.isNotEqualTo(StopPosition.latest());
		assertThat(StartPosition.newOnly()).isNotEqualTo(StartPosition.latest());
	}

	@Test
	void speaksPlainly() {
		assertThat(StartPosition.offset(3)).hasToString("offset 3");
		assertThat(StartPosition.newOnly()).hasToString("new messages only");
		assertThat(StopPosition.never()).hasToString("never");
		assertThat(StopPosition.at(TIME)).asString().contains("2026-11-21T03:12:04");
	}

}
