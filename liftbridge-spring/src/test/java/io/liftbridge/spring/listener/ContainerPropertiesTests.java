package io.liftbridge.spring.listener;

import java.time.Duration;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ContainerPropertiesTests {

	private final ContainerProperties properties = new ContainerProperties();

	@Test
	void aRecoveryPauseOfNothingIsRefusedAsItWouldAskWithoutEnd() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.properties.setMaxRecoveryPause(Duration.ZERO))
			.withMessageContaining("maxRecoveryPause is PT0S")
			.withMessageContaining("1 ms or more");
	}

	@ParameterizedTest
	@MethodSource
	void refusesTimesThatNobodyMeans(String option, Setter setter) {
		assertThatIllegalArgumentException().isThrownBy(() -> setter.set(this.properties, Duration.ofDays(365_000)))
			.withMessageContaining(option + " is PT8760000H")
			.withMessageContaining("PT24H or less");
		assertThatIllegalArgumentException().isThrownBy(() -> setter.set(this.properties, Duration.ofMillis(-1)))
			.withMessageContaining(option);
		setter.set(this.properties, Duration.ofDays(1));
	}

	static Stream<Arguments> refusesTimesThatNobodyMeans() {
		return Stream.of(arguments("shutdownTimeout", ContainerProperties::setShutdownTimeout),
				arguments("cursorInterval", ContainerProperties::setCursorInterval),
				arguments("lagInterval", ContainerProperties::setLagInterval),
				arguments("maxRecoveryPause", ContainerProperties::setMaxRecoveryPause));
	}

	@Test
	void refusesAPrefetchOfNoBytes() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.properties.setPrefetchBytes(0))
			.withMessageContaining("prefetchBytes is 0");
		assertThat(this.properties.getPrefetchBytes()).isPositive();
	}

	private static Arguments arguments(String option, Setter setter) {
		return Arguments.of(option, setter);
	}

	private interface Setter {

		void set(ContainerProperties properties, Duration value);

	}

}
