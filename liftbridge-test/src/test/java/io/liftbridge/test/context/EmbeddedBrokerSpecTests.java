package io.liftbridge.test.context;

import java.util.List;
import java.util.function.UnaryOperator;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.embedded.EmbeddedBroker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class EmbeddedBrokerSpecTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
			orders:0 | stream 'orders:0' must be written as name or name:partitions, with 1 partition or more
			orders:x | stream 'orders:x' must be written as name or name:partitions, with 1 partition or more
			a, b, a  | stream 'a' is listed twice
			""")
	void tellsWhatIsWrongWithAStream(String stream, String problem) {
		assertThatIllegalArgumentException().isThrownBy(() -> start(spec(List.of(stream), List.of(), false)))
			.withMessage("@EmbeddedLiftbridge: " + problem);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
			broker-id             | property 'broker-id' must be written as key=value
			brokers=3             | property 'brokers' is not known; there are [activity-stream, broker-id,
			max-message-bytes=big | property 'max-message-bytes' = 'big' cannot be used:
			restart-window=soon   | property 'restart-window' = 'soon' cannot be used:
			activity-stream=yes   | property 'activity-stream' = 'yes' cannot be used: it must be true or false
			""")
	void tellsWhatIsWrongWithAProperty(String property, String problem) {
		assertThatIllegalArgumentException().isThrownBy(() -> start(spec(List.of(), List.of(property), false)))
			.withMessageStartingWith("@EmbeddedLiftbridge: " + problem);
	}

	@Test
	void takesEachSetting() {
		List<String> properties = List.of("broker-id=b1", "cursor-partitions=2", "max-message-bytes=1000",
				"activity-stream=true", "restart-window=500ms", "consumer-timeout=2s", "coordinator-timeout=PT3S");
		try (EmbeddedBroker broker = start(spec(List.of("orders"), properties, false))) {
			assertThat(broker.isRunning()).isTrue();
		}
	}

	@Test
	void sharesABrokerAndAddsStreams() {
		EmbeddedBroker one = start(spec(List.of("shared-a:2"), List.of(), true));
		EmbeddedBroker other = start(spec(List.of("shared-a:2", "shared-b"), List.of(), true));
		assertThat(other).isSameAs(one);
		assertThat(start(spec(List.of(), List.of("broker-id=b1"), true))).isNotSameAs(one);
		try (LiftbridgeClient client = LiftbridgeClient.builder().seeds(one.address()).build()) {
			assertThat(client.streams().describe("shared-b").partitions()).hasSize(1);
		}
		assertThatIllegalStateException().isThrownBy(() -> start(spec(List.of("shared-a:3"), List.of(), true)))
			.withMessageContaining("has stream 'shared-a' with 2 partitions, this test wants 3");
	}

	private static EmbeddedBroker start(EmbeddedBrokerSpec spec) {
		return spec.start(UnaryOperator.identity());
	}

	private static EmbeddedBrokerSpec spec(List<String> streams, List<String> properties, boolean shared) {
		return new EmbeddedBrokerSpec(streams, 1, properties, shared, 0, "liftbridge.seeds");
	}

}
