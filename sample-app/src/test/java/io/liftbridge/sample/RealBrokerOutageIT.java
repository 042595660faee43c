package io.liftbridge.sample;

import io.liftbridge.test.LiftbridgeServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.condition.EnabledIf;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

@EnabledIf(value = "io.liftbridge.test.LiftbridgeServer#isAvailable",
		disabledReason = "No liftbridge executable on the PATH, and LIFTBRIDGE_SERVER names none")
class RealBrokerOutageIT extends BrokerOutage {

	private static final LiftbridgeServer server = LiftbridgeServer.builder().build();

	@DynamicPropertySource
	static void seeds(DynamicPropertyRegistry registry) {
		server.start();
		registry.add("liftbridge.seeds", server::address);
	}

	@AfterAll
	static void close() {
		server.close();
	}

	@Override
	String brokerAddress() {
		return server.address();
	}

	@Override
	void killBroker() {
		server.kill();
	}

	@Override
	void startBroker() {
		server.start();
	}

}
