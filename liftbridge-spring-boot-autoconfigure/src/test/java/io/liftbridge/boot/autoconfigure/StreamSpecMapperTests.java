package io.liftbridge.boot.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.liftbridge.client.stream.StreamSpec;
import org.junit.jupiter.api.Test;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class StreamSpecMapperTests {

	@Test
	void mapsANameAlone() {
		assertThat(map(Map.of("liftbridge.streams[0].name", "orders"))).containsExactly(StreamSpec.named("orders"));
	}

	@Test
	void mapsEachOption() {
		assertThat(map(Map.ofEntries(Map.entry("liftbridge.streams[0].name", "orders"),
				Map.entry("liftbridge.streams[0].subject", "shop.orders"),
				Map.entry("liftbridge.streams[0].partitions", "4"),
				Map.entry("liftbridge.streams[0].replication-factor", "3"),
				Map.entry("liftbridge.streams[0].load-balance-group", "workers"),
				Map.entry("liftbridge.streams[0].retention", "7d"),
				Map.entry("liftbridge.streams[0].retention-size", "1GB"),
				Map.entry("liftbridge.streams[0].retention-messages", "1000"),
				Map.entry("liftbridge.streams[0].cleaner-interval", "5m"),
				Map.entry("liftbridge.streams[0].segment-size", "64MB"),
				Map.entry("liftbridge.streams[0].segment-age", "1h"),
				Map.entry("liftbridge.streams[0].compact", "true"),
				Map.entry("liftbridge.streams[0].compact-parallelism", "2"),
				Map.entry("liftbridge.streams[0].auto-pause", "30s"),
				Map.entry("liftbridge.streams[0].auto-pause-disable-if-subscribers", "true"),
				Map.entry("liftbridge.streams[0].min-isr", "2"),
				Map.entry("liftbridge.streams[0].optimistic-concurrency", "true"),
				Map.entry("liftbridge.streams[0].encryption", "false"))))
			.containsExactly(StreamSpec.named("orders")
				.partitions(4)
				.subject("shop.orders")
				.replicationFactor(3)
				.loadBalanceGroup("workers")
				.retention(Duration.ofDays(7))
				.retentionBytes(1L << 30)
				.retentionMessages(1000)
				.cleanerInterval(Duration.ofMinutes(5))
				.segmentBytes(64L << 20)
				.segmentAge(Duration.ofHours(1))
				.compact(true)
				.compactParallelism(2)
				.autoPause(Duration.ofSeconds(30))
				.autoPauseDisableIfSubscribers(true)
				.minIsr(2)
				.optimisticConcurrency(true)
				.encryption(false));
	}

	@Test
	void zeroMeansNoLimit() {
		assertThat(map(Map.of("liftbridge.streams[0].name", "orders", "liftbridge.streams[0].retention", "0",
				"liftbridge.streams[0].retention-size", "0", "liftbridge.streams[0].retention-messages", "0",
				"liftbridge.streams[0].segment-age", "0s", "liftbridge.streams[0].auto-pause", "0")))
			.containsExactly(StreamSpec.named("orders")
				.retention(Duration.ZERO)
				.retentionBytes(0)
				.retentionMessages(0)
				.segmentAge(Duration.ZERO)
				.autoPause(Duration.ZERO));
	}

	@Test
	void maxMeansEachBroker() {
		assertThat(
				map(Map.of("liftbridge.streams[0].name", "orders", "liftbridge.streams[0].replication-factor", "Max")))
			.containsExactly(StreamSpec.named("orders").replicationFactor(StreamSpec.MAX));
	}

	@Test
	void keepsTheOrder() {
		assertThat(map(Map.of("liftbridge.streams[0].name", "b", "liftbridge.streams[1].name", "a")))
			.extracting(StreamSpec::name)
			.containsExactly("b", "a");
	}

	@Test
	void eachStreamNeedsAName() {
		assertThatExceptionOfType(InvalidLiftbridgePropertyException.class)
			.isThrownBy(
					() -> map(Map.of("liftbridge.streams[0].name", "orders", "liftbridge.streams[1].partitions", "2")))
			.withMessage("liftbridge.streams[1].name = '' is missing: each stream needs a name.");
	}

	@Test
	void aStreamIsListedOnce() {
		assertThatExceptionOfType(InvalidLiftbridgePropertyException.class)
			.isThrownBy(
					() -> map(Map.of("liftbridge.streams[0].name", "orders", "liftbridge.streams[1].name", "orders")))
			.withMessage("liftbridge.streams[1].name = 'orders' is listed twice: it is also liftbridge.streams[0].");
	}

	@Test
	void saysWhichRuleANameBreaks() {
		assertThatExceptionOfType(InvalidLiftbridgePropertyException.class)
			.isThrownBy(() -> map(Map.of("liftbridge.streams[0].name", "a b")))
			.withMessage("liftbridge.streams[0].name = 'a b' cannot be used: Stream name 'a b' must not contain blanks "
					+ "or control characters.");
	}

	@Test
	void aWildcardAndPartitionsDoNotGoTogether() {
		assertThatExceptionOfType(InvalidLiftbridgePropertyException.class)
			.isThrownBy(() -> map(Map.of("liftbridge.streams[0].name", "all", "liftbridge.streams[0].partitions", "2",
					"liftbridge.streams[0].subject", "shop.>")))
			.withMessageStartingWith("liftbridge.streams[0].subject = 'shop.>' cannot be used: ");
	}

	private static List<StreamSpec> map(Map<String, String> properties) {
		return StreamSpecMapper.map(new Binder(new MapConfigurationPropertySource(properties))
			.bind("liftbridge.streams", Bindable.listOf(StreamProperties.class))
			.get());
	}

}
