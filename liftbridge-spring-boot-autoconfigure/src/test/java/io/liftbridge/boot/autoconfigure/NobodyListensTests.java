package io.liftbridge.boot.autoconfigure;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;

import io.liftbridge.boot.autoconfigure.health.LiftbridgeHealthAutoConfiguration;
import io.liftbridge.spring.annotation.LiftbridgeListener;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The application starts and stops without a broker, and quickly.
 */
class NobodyListensTests {

	private static final Duration QUICKLY = Duration.ofSeconds(8);

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(LiftbridgeAutoConfiguration.class, LiftbridgeHealthAutoConfiguration.class))
		.withPropertyValues("liftbridge.streams[0].name=orders")
		.withBean(Billing.class);

	@Test
	void startsAndStopsQuicklyIfConnectionsAreRefused() {
		long begin = System.nanoTime();
		this.runner.withPropertyValues("liftbridge.seeds=127.0.0.1:1")
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(QUICKLY);
	}

	@Test
	void stopsQuicklyIfConnectionsAreNotAnswered() throws IOException {
		try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
			long[] started = new long[1];
			this.runner
				.withPropertyValues("liftbridge.seeds=127.0.0.1:" + silent.getLocalPort(),
						"liftbridge.admin.start-timeout=1s")
				.run((context) -> {
					assertThat(context).hasNotFailed();
					started[0] = System.nanoTime();
				});
			assertThat(Duration.ofNanos(System.nanoTime() - started[0])).isLessThan(QUICKLY);
		}
	}

	static class Billing {

		@LiftbridgeListener(id = "billing", streams = "orders")
		void on(String order) {
		}

	}

}
