package io.liftbridge.boot.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.cursor.CursorConvention;
import io.liftbridge.client.entry.UnknownEncoding;
import io.liftbridge.spring.listener.ContainerProperties;
import io.liftbridge.spring.listener.StartupFailurePolicy;
import io.liftbridge.spring.listener.delivery.AckMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.util.backoff.BackOffExecution;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

class ContainerPropertiesMapperTests {

	private final MockEnvironment environment = new MockEnvironment();

	private final LiftbridgeProperties properties = new LiftbridgeProperties();

	@Test
	void keepsTheDefaultsOfContainers() {
		ContainerProperties plain = new ContainerProperties();
		assertThat(map()).usingRecursiveComparison().ignoringFields("startPosition").isEqualTo(plain);
		assertThat(map().getStartPosition().get()).isEqualTo(plain.getStartPosition().get());
	}

	@Test
	void mapsEachProperty() {
		this.environment.withProperty("liftbridge.listener.ack-mode", "batch")
			.withProperty("liftbridge.listener.concurrency", "2")
			.withProperty("liftbridge.listener.batch-size", "3")
			.withProperty("liftbridge.listener.start-position", "offset:42")
			.withProperty("liftbridge.listener.cursor-convention", "next-offset")
			.withProperty("liftbridge.listener.cursor-interval", "4s")
			.withProperty("liftbridge.listener.auto-startup", "false")
			.withProperty("liftbridge.listener.resume-paused", "false")
			.withProperty("liftbridge.listener.shutdown-timeout", "5s")
			.withProperty("liftbridge.listener.lag-interval", "6s")
			.withProperty("liftbridge.listener.max-recovery-pause", "7s")
			.withProperty("liftbridge.listener.startup-failure-policy", "continue")
			.withProperty("liftbridge.listener.startup-timeout", "13s")
			.withProperty("liftbridge.listener.idle-event-interval", "14s")
			.withProperty("liftbridge.listener.max-messages-per-second", "1.5")
			.withProperty("liftbridge.listener.stream-refresh-interval", "16s")
			.withProperty("liftbridge.listener.max-unacknowledged", "17")
			.withProperty("liftbridge.consumer.prefetch", "8")
			.withProperty("liftbridge.consumer.encoding-header", "Coding")
			.withProperty("liftbridge.consumer.max-uncompressed-size", "10KB")
			.withProperty("liftbridge.consumer.unknown-encoding", "pass-through")
			.withProperty("liftbridge.consumer.max-large-message-size", "11KB")
			.withProperty("liftbridge.consumer.large-message-timeout", "12s")
			.withProperty("liftbridge.consumer.prefetch-size", "9KB");
		ContainerProperties container = map();
		assertThat(container.getAckMode()).isEqualTo(AckMode.BATCH);
		assertThat(container.getConcurrency()).isEqualTo(2);
		assertThat(container.getBatchSize()).isEqualTo(3);
		assertThat(container.getStartPosition().get()).isEqualTo(StartPosition.offset(42));
		assertThat(container.getCursorConvention()).isEqualTo(CursorConvention.NEXT_OFFSET);
		assertThat(container.getCursorInterval()).isEqualTo(Duration.ofSeconds(4));
		assertThat(container.isAutoStartup()).isFalse();
		assertThat(container.isResumePaused()).isFalse();
		assertThat(container.getShutdownTimeout()).isEqualTo(Duration.ofSeconds(5));
		assertThat(container.getLagInterval()).isEqualTo(Duration.ofSeconds(6));
		assertThat(container.getMaxRecoveryPause()).isEqualTo(Duration.ofSeconds(7));
		assertThat(container.getPrefetch()).isEqualTo(8);
		assertThat(container.getPrefetchBytes()).isEqualTo(DataSize.ofKilobytes(9).toBytes());
		assertThat(container.getEncodingHeader()).isEqualTo("Coding");
		assertThat(container.getMaxUncompressedBytes()).isEqualTo(10 << 10);
		assertThat(container.getMaxLargeMessageBytes()).isEqualTo(11 << 10);
		assertThat(container.getLargeMessageTimeout()).isEqualTo(Duration.ofSeconds(12));
		assertThat(container.getUnknownEncoding()).isEqualTo(UnknownEncoding.PASS_THROUGH);
		assertThat(container.getStartupFailurePolicy()).isEqualTo(StartupFailurePolicy.CONTINUE);
		assertThat(container.getStartupTimeout()).isEqualTo(Duration.ofSeconds(13));
		assertThat(container.getIdleEventInterval()).isEqualTo(Duration.ofSeconds(14));
		assertThat(container.getMaxMessagesPerSecond()).isEqualTo(1.5);
		assertThat(container.getStreamRefreshInterval()).isEqualTo(Duration.ofSeconds(16));
		assertThat(container.getMaxUnacknowledged()).isEqualTo(17);
	}

	@ParameterizedTest
	@CsvSource({ "30s, 10s, 10000", "30s, 60s, 27000", "5s, 10s, 4500", "10s, 9s, 9000", "0s, 10s, 0" })
	void stopsListenersWithinTheShutdownPhase(String phase, String wanted, long millis) {
		this.environment.withProperty("spring.lifecycle.timeout-per-shutdown-phase", phase)
			.withProperty("liftbridge.listener.shutdown-timeout", wanted);
		assertThat(map().getShutdownTimeout()).hasMillis(millis);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			4 | 1000    | 2   | 30000 | 1000 2000 4000
			1 | 1000    | 2   | 30000 |
			2 | 500 | 2   | 30000 | 500
			5 | 1000    | 3   | 5000  | 1000 3000 5000 5000
			3 | 0    | 2   | 30000 | 0 0
			3 | 1000    | 1   | 30000 | 1000 1000
			3 | 40000   | 2   | 30000 | 30000 30000
			""")
	void pausesBetweenAttempts(int maxAttempts, long initial, double multiplier, long max, String pauses) {
		RetryProperties retry = new RetryProperties();
		retry.setMaxAttempts(maxAttempts);
		retry.setInitialInterval(Duration.ofMillis(initial));
		retry.setMultiplier(multiplier);
		retry.setMaxInterval(Duration.ofMillis(max));
		BackOffExecution execution = ContainerPropertiesMapper.backOff(retry).start();
		List<String> given = new ArrayList<>();
		for (long pause = execution.nextBackOff(); pause != BackOffExecution.STOP; pause = execution.nextBackOff()) {
			given.add(Long.toString(pause));
		}
		assertThat(String.join(" ", given)).isEqualTo((pauses != null) ? pauses : "");
	}

	private ContainerProperties map() {
		Binder.get(this.environment).bind("liftbridge", Bindable.ofInstance(this.properties));
		ContainerProperties container = new ContainerProperties();
		new ContainerPropertiesMapper(this.properties, this.environment).map(container);
		return container;
	}

}
