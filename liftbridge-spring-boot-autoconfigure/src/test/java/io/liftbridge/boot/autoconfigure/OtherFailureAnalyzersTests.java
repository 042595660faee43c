package io.liftbridge.boot.autoconfigure;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

import io.liftbridge.embedded.EmbeddedBroker;
import io.liftbridge.spring.annotation.LiftbridgeListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;

import static io.liftbridge.boot.autoconfigure.StartupFailures.assertReport;
import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class OtherFailureAnalyzersTests {

	@Test
	void namesBothListenersWithTheSameId(CapturedOutput output) {
		StartupFailures.assertFails(TwoListeners.class);
		assertThat(output.getOut()).contains("Give one of the listeners another id than 'billing'.")
			.contains("Billing.on")
			.contains("Billing.also");
	}

	@Test
	void namesTheStreamsThatCannotBeCreated(CapturedOutput output) {
		try (EmbeddedBroker broker = EmbeddedBroker.start()) {
			broker.stop();
			StartupFailures.assertFails(StartupFailures.Application.class, "--liftbridge.seeds=" + broker.address(),
					"--liftbridge.streams[0].name=orders", "--liftbridge.admin.fatal=true");
			assertThat(output.getOut()).contains("Not all declared streams could be created:")
				.contains("    - orders: BrokerUnavailableException")
				.contains(
						"Start a broker, correct the streams, or set liftbridge.admin.fatal (commandLineArgs) to false"
								+ " to start without them.");
		}
	}

	@Test
	void theEmbeddedBrokersPortMayBeTaken(CapturedOutput output) throws IOException {
		try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
			assertReport(output,
					"liftbridge.embedded.port = '" + taken.getLocalPort()
							+ "' cannot be used: it is taken on 127.0.0.1.",
					"Correct liftbridge.embedded.port (commandLineArgs): choose a free port, or 0 for any.",
					"--liftbridge.embedded.enabled=true", "--liftbridge.embedded.port=" + taken.getLocalPort());
		}
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class TwoListeners {

		@Bean
		Billing billing() {
			return new Billing();
		}

	}

	static class Billing {

		@LiftbridgeListener(id = "billing", streams = "orders")
		void on(String order) {
		}

		@LiftbridgeListener(id = "billing", streams = "invoices")
		void also(String order) {
		}

	}

}
