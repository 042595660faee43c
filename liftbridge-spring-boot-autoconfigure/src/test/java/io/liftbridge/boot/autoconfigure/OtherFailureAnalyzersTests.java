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
	void namesTheStreamThatAListenerMisses(CapturedOutput output) {
		try (EmbeddedBroker broker = EmbeddedBroker.start()) {
			StartupFailures.assertFails(OneListener.class, "--liftbridge.seeds=" + broker.address(),
					"--liftbridge.listener.startup-failure-policy=stop");
			assertThat(output.getOut()).contains("Listener 'billing' cannot start: ")
				.contains("'orders'")
				.contains("Create the stream, list it under liftbridge.streams, or correct the name that the listener"
						+ " has, or set liftbridge.listener.startup-failure-policy (commandLineArgs) to retry");
		}
	}

	@Test
	void tellsHowToEnableCursorsOnTheServer(CapturedOutput output) {
		try (EmbeddedBroker broker = EmbeddedBroker.builder().cursorPartitions(0).start()) {
			broker.createStream("orders", 1);
			StartupFailures.assertFails(OneListener.class, "--liftbridge.seeds=" + broker.address(),
					"--liftbridge.listener.startup-failure-policy=stop");
			assertThat(output.getOut()).contains("Listener 'billing' cannot start: ")
				.contains("Set cursors.stream.partitions to 1 or more in the configuration of the servers");
		}
	}

	@Test
	void tellsThatAListenerNeedsABroker(CapturedOutput output) {
		try (EmbeddedBroker broker = EmbeddedBroker.start()) {
			broker.stop();
			StartupFailures.assertFails(OneListener.class, "--liftbridge.seeds=" + broker.address(),
					"--liftbridge.request-timeout=1s", "--liftbridge.listener.startup-failure-policy=stop");
			assertThat(output.getOut()).contains("Start a broker, or correct liftbridge.seeds");
		}
	}

	@Test
	void tellsWhyABundleCannotBeUsed(CapturedOutput output) {
		StartupFailures.assertFails(StartupFailures.Application.class, "--liftbridge.ssl.bundle=mine",
				"--spring.ssl.bundle.pem.mine.truststore.certificate=classpath:ssl/none.crt");
		assertThat(output.getOut()).contains("liftbridge.ssl.bundle = 'mine' cannot be used: ")
			.contains("ssl/none.crt")
			.contains("Correct liftbridge.ssl.bundle (commandLineArgs), or the bundle under spring.ssl.bundle.");
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

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class OneListener {

		@LiftbridgeListener(id = "billing", streams = "orders")
		void on(String order) {
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
