package io.liftbridge.spring.listener;

import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.spring.TestApplication;
import io.liftbridge.spring.annotation.LiftbridgeListener;
import io.liftbridge.spring.core.DefaultProducerFactory;
import io.liftbridge.spring.listener.delivery.DeadLetterPublisher;
import io.liftbridge.spring.listener.delivery.DeadLetterReplayer;
import io.liftbridge.spring.listener.delivery.DefaultErrorHandler;
import io.liftbridge.spring.listener.delivery.ErrorHandler;
import io.liftbridge.spring.listener.delivery.RetryStream;
import io.liftbridge.test.LiftbridgeServer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.backoff.FixedBackOff;

import static io.liftbridge.spring.TestApplication.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * From the retry stream to the dead letters and back, on a real server, alone and in a
 * group.
 */
class RetryStreamIT {

	@ParameterizedTest
	@ValueSource(strings = { "", "members" })
	void whatFailsComesAgainOverARestartOfTheServerAndIsPutBackInTheEnd(String group) throws Exception {
		assumeTrue(LiftbridgeServer.isAvailable(), LiftbridgeServer::unavailableReason);
		String cursor = group.isEmpty() ? "failing" : "__group:" + group;
		try (LiftbridgeServer server = LiftbridgeServer.builder().cursorPartitions(1).start();
				LiftbridgeClient client = LiftbridgeClient.builder().seeds(server.address()).build()) {
			DefaultProducerFactory producers = new DefaultProducerFactory(client);
			ErrorHandler handler = new DefaultErrorHandler(new FixedBackOff(0, 0), new RetryStream(client, producers,
					new FixedBackOff(1500, 2), new DeadLetterPublisher(client, producers)));
			Failing listener = new Failing();
			try (TestApplication app = TestApplication.on(server.address())
				.property("group", group)
				.listener(listener)
				.factory((factory) -> factory.setErrorHandler(handler))
				.start()) {
				app.createStream("in", 2);
				app.awaitRunning("failing");
				send(app, "once");
				send(app, "always");
				send(app, "good");
				eventually(() -> assertThat(app.messages("in.retry", 1)).hasSizeGreaterThanOrEqualTo(2));
				// While some of them wait.
				server.stop();
				server.restart();
				eventually(() -> assertThat(listener.texts).contains("once", "good"));
				eventually(() -> assertThat(app.messages("in.dlt", 1)).hasSize(1));
				listener.mended = true;
				assertThat(new DeadLetterReplayer(app.client(), app.bean(DefaultProducerFactory.class)).from("in.dlt")
					.run()
					.replayed()).isEqualTo(1);
				eventually(() -> assertThat(listener.texts).contains("always"));
				eventually(() -> assertThat(app.cursor(cursor, "in", 1)).isEqualTo(3));
				eventually(() -> assertThat(app.cursor(cursor, "in.retry", 1)).isPositive());
			}
			producers.destroy();
		}
	}

	private static void send(TestApplication app, String text) {
		app.template().newMessage(text).stream("in").partition(1).send().join();
	}

	static class Failing {

		final Queue<String> texts = new ConcurrentLinkedQueue<>();

		private final Map<String, Integer> attempts = new ConcurrentHashMap<>();

		volatile boolean mended;

		@LiftbridgeListener(id = "failing", streams = "in", group = "${group}")
		void on(String text) {
			int attempt = this.attempts.merge(text, 1, Integer::sum);
			if ((text.equals("once") && attempt == 1) || (text.equals("always") && !this.mended)) {
				throw new IllegalStateException("not yet");
			}
			this.texts.add(text);
		}

	}

}
