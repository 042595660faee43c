package io.liftbridge.test.conformance;

import java.util.Map;

import io.liftbridge.embedded.EmbeddedBroker;
import io.liftbridge.test.conformance.BrokerExtension.Wanted;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The suite on the embedded broker.
 */
class EmbeddedConformanceTests extends ConformanceSuite {

	@RegisterExtension
	static final BrokerExtension BROKER = new BrokerExtension("embedded", EmbeddedConformanceTests::start);

	static EmbeddedBroker.Builder settings(Wanted wanted) {
		return EmbeddedBroker.builder()
			.cursorPartitions(wanted.cursorPartitions())
			.activityStream(wanted.activityStream())
			.consumerTimeout(BrokerUnderTest.CONSUMER_TIMEOUT);
	}

	private static BrokerUnderTest start(Wanted wanted) {
		EmbeddedBroker broker = settings(wanted).start();
		return new BrokerUnderTest(Map.of("embedded", broker.host() + ":" + broker.port()), false,
				new BrokerUnderTest.Process() {

					@Override
					public void restart() {
						broker.restart();
					}

					@Override
					public void close() {
						broker.close();
					}

				});
	}

}
