package io.liftbridge.test.conformance;

import java.util.Map;

import io.liftbridge.test.LiftbridgeServer;
import io.liftbridge.test.conformance.BrokerExtension.Wanted;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The suite on a real server.
 */
@EnabledIf(value = "io.liftbridge.test.LiftbridgeServer#isAvailable",
		disabledReason = "no liftbridge server: LIFTBRIDGE_SERVER names none, and there is none on the PATH")
class RealServerConformanceIT extends ConformanceSuite {

	@RegisterExtension
	static final BrokerExtension BROKER = new BrokerExtension("real", RealServerConformanceIT::start);

	private static BrokerUnderTest start(Wanted wanted) {
		LiftbridgeServer server = LiftbridgeServer.builder()
			.cursorPartitions(wanted.cursorPartitions())
			.setting("activity.stream.enabled", wanted.activityStream())
			.setting("groups.consumer.timeout", BrokerUnderTest.CONSUMER_TIMEOUT.toMillis() + "ms")
			// The server can miss the result of its own Raft operation, and then waits
			// for it until the call's deadline,
			// if one of its threads is quicker than another. With a single thread at a
			// time that does not happen.
			.environment("GOMAXPROCS", "1")
			.start();
		return new BrokerUnderTest(Map.of(server.id(), server.address()), true, new BrokerUnderTest.Process() {

			@Override
			public void restart() {
				server.restart();
			}

			@Override
			public void close() {
				server.close();
			}

		});
	}

}
