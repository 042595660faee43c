package io.liftbridge.test.conformance;

import java.util.LinkedHashMap;
import java.util.Map;

import io.liftbridge.test.LiftbridgeCluster;
import io.liftbridge.test.LiftbridgeServer;
import io.liftbridge.test.conformance.BrokerExtension.Wanted;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The suite on three real servers that are one cluster.
 */
@EnabledIf(value = "io.liftbridge.test.LiftbridgeServer#isAvailable",
		disabledReason = "no liftbridge server: LIFTBRIDGE_SERVER names none, and there is none on the PATH")
class RealClusterConformanceIT extends ConformanceSuite {

	@RegisterExtension
	static final BrokerExtension BROKER = new BrokerExtension("cluster", RealClusterConformanceIT::start).onCluster();

	private static BrokerUnderTest start(Wanted wanted) {
		LiftbridgeCluster cluster = LiftbridgeCluster.builder()
			.each((server) -> server.cursorPartitions(wanted.cursorPartitions())
				.setting("activity.stream.enabled", wanted.activityStream())
				.setting("groups.consumer.timeout", BrokerUnderTest.CONSUMER_TIMEOUT.toMillis() + "ms")
				// As for a single server, see there.
				.environment("GOMAXPROCS", "1"))
			.start();
		Map<String, String> addresses = new LinkedHashMap<>();
		cluster.servers().forEach((server) -> addresses.put(server.id(), server.address()));
		return new BrokerUnderTest(addresses, true, new BrokerUnderTest.Process() {

			@Override
			public void restart() {
				cluster.servers().forEach(LiftbridgeServer::stop);
				cluster.start();
			}

			@Override
			public void close() {
				cluster.close();
			}

		});
	}

}
