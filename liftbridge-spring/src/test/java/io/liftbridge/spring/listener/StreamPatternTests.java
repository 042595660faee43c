package io.liftbridge.spring.listener;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;

import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.spring.EmbeddedBrokerTest;
import io.liftbridge.spring.TestApplication;
import io.liftbridge.spring.listener.delivery.RecordListener;
import org.junit.jupiter.api.Test;

import static io.liftbridge.spring.TestApplication.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class StreamPatternTests extends EmbeddedBrokerTest {

	private final Queue<String> texts = new ConcurrentLinkedQueue<>();

	private final RecordListener listener = (message, acknowledgment) -> {
		this.texts.add(message.text());
		return null;
	};

	@Test
	void readsTheStreamsThatMatchAlsoThoseThatAreCreatedLaterAndForgetsThoseThatAreDeleted() {
		broker.createStream(this.stream + ".one", 1);
		broker.createStream(this.stream + "-other", 1);
		try (TestApplication app = application().start()) {
			ContainerProperties properties = properties(app);
			properties.setStartPosition(StartPosition::newOnly);
			app.registry().register(app.factory().createContainer("matching", properties, this.listener));
			app.awaitRunning("matching");
			assertThat(streams(app)).containsExactly(this.stream + ".one");
			app.template().send(this.stream + "-other", "not mine").join();
			app.template().send(this.stream + ".one", "one").join();
			eventually(() -> assertThat(this.texts).containsExactly("one"));
			// What is published before it is found is not skipped.
			app.createStream(this.stream + ".two", 2);
			app.template().send(this.stream + ".two", "two").join();
			eventually(() -> assertThat(this.texts).containsExactly("one", "two"));
			assertThat(streams(app)).containsExactly(this.stream + ".one", this.stream + ".two", this.stream + ".two");
			app.client().streams().delete(this.stream + ".one");
			eventually(() -> assertThat(streams(app)).containsOnly(this.stream + ".two"));
			assertThat(app.container("matching").state()).isEqualTo(ContainerState.RUNNING);
		}
	}

	@Test
	void goesOnWhereItWasAfterARestart() {
		broker.createStream(this.stream + ".one", 1);
		try (TestApplication app = application().start()) {
			app.registry().register(app.factory().createContainer("matching", properties(app), this.listener));
			app.template().send(this.stream + ".one", "a").join();
			eventually(() -> assertThat(this.texts).containsExactly("a"));
			app.container("matching").stop();
			app.template().send(this.stream + ".one", "b").join();
			app.container("matching").start();
			eventually(() -> assertThat(this.texts).containsExactly("a", "b"));
		}
	}

	@Test
	void runsWhileThereIsNoStreamThatMatches() {
		try (TestApplication app = application().start()) {
			app.registry().register(app.factory().createContainer("matching", properties(app), this.listener));
			app.awaitRunning("matching");
			app.createStream(this.stream + ".late", 1);
			app.template().send(this.stream + ".late", "late").join();
			eventually(() -> assertThat(this.texts).containsExactly("late"));
		}
	}

	/** The pattern matches the names of dead-letter streams, too. */
	@Test
	void doesNotReadItsOwnDeadLettersUnlessItNamesNothingElse() {
		broker.createStream(this.stream + ".one", 1);
		try (TestApplication app = application().start()) {
			app.registry()
				.register(
						app.factory().createContainer("matching", properties(app), (RecordListener) (message, ack) -> {
							throw new IllegalStateException("always");
						}));
			ContainerProperties letters = properties(app);
			letters.setStreamPattern(Pattern.compile(Pattern.quote(this.stream) + "\\..*\\.dlt"));
			app.registry().register(app.factory().createContainer("letters", letters, this.listener));
			app.template().send(this.stream + ".one", "bad").join();
			eventually(() -> assertThat(this.texts).containsExactly("bad"));
			app.createStream(this.stream + ".two", 1);
			eventually(() -> assertThat(streams(app)).containsExactly(this.stream + ".one", this.stream + ".two"));
		}
	}

	@Test
	void refusesNamesBesideAPattern() {
		try (TestApplication app = application().start()) {
			ContainerProperties properties = properties(app);
			properties.setStreams(List.of(this.stream));
			assertThatIllegalArgumentException()
				.isThrownBy(() -> app.factory().createContainer("matching", properties, this.listener))
				.withMessageContainingAll("'matching'", "streamPattern", this.stream);
		}
	}

	private ContainerProperties properties(TestApplication app) {
		ContainerProperties properties = new ContainerProperties(app.factory().getContainerProperties());
		properties.setStreamPattern(Pattern.compile(Pattern.quote(this.stream) + "\\..*"));
		properties.setStreamRefreshInterval(Duration.ofMillis(100));
		return properties;
	}

	private static List<String> streams(TestApplication app) {
		return app.container("matching").partitions().stream().map(PartitionStatus::stream).toList();
	}

}
