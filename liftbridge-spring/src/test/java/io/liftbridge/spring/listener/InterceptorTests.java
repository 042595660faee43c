package io.liftbridge.spring.listener;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.EmbeddedBrokerTest;
import io.liftbridge.spring.TestApplication;
import io.liftbridge.spring.listener.delivery.AckMode;
import io.liftbridge.spring.listener.delivery.BatchListener;
import io.liftbridge.spring.listener.delivery.DefaultErrorHandler;
import io.liftbridge.spring.listener.delivery.Listener;
import io.liftbridge.spring.listener.delivery.LoggingRecoverer;
import io.liftbridge.spring.listener.delivery.RecordListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.util.backoff.FixedBackOff;

import static io.liftbridge.spring.TestApplication.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class InterceptorTests extends EmbeddedBrokerTest {

	private final Queue<String> seen = new ConcurrentLinkedQueue<>();

	@Test
	void whatFailsAfterTheListenerDoesNotBringTheMessageBack() throws Exception {
		Runnable failing = () -> {
			throw new StackOverflowError("in an interceptor");
		};
		assertThat(Interception.around(() -> null, failing, (failure) -> failing.run(), failing)).isNull();
		CompletableFuture<String> later = new CompletableFuture<>();
		CompletableFuture<?> result = Interception.around(() -> later, failing, (failure) -> failing.run(), failing);
		later.complete("done");
		assertThat(result).isCompleted();
		assertThatIllegalStateException().isThrownBy(() -> Interception.around(() -> {
			throw new IllegalStateException("of the listener");
		}, failing, (failure) -> failing.run(), failing)).withMessage("of the listener");
	}

	@Test
	void aRecordInterceptorIsCalledAroundTheListenerAndMayChangeOrDropAMessage() {
		stream(1);
		try (TestApplication app = app()) {
			ContainerProperties properties = properties(app);
			properties.setRecordInterceptor(new Noting());
			RecordListener listener = (message, acknowledgment) -> {
				this.seen.add("listener " + message.text());
				if (message.text().equals("bad")) {
					throw new IllegalStateException("no database");
				}
				return message.text().equals("later") ? CompletableFuture.completedFuture(null) : null;
			};
			start(app, properties, listener);
			publish(app, "good", "dropped", "bad", "later");
			eventually(() -> assertThat(app.cursor("x", this.stream, 0)).isEqualTo(3));
			assertThat(this.seen).containsExactly("before good", "listener good", "success good", "after good",
					"before dropped", "before bad", "listener bad", "failure bad no database", "after bad",
					"before later", "listener later", "success later", "after later");
		}
	}

	@Test
	void aBatchInterceptorIsCalledAroundTheListener() {
		stream(1);
		try (TestApplication app = app()) {
			ContainerProperties properties = properties(app);
			properties.setBatchInterceptor(new NotingBatches());
			properties.setFilter((message) -> !message.text().equals("filtered"));
			publish(app, "a", "filtered", "b");
			start(app, properties, batches());
			eventually(() -> assertThat(app.cursor("x", this.stream, 0)).isEqualTo(2));
			// It may come in one list or in two.
			List<String> lists = List.of("[a, b]", "[a]", "[b]");
			List<String> expected = lists.stream()
				.filter((list) -> this.seen.contains("listener " + list))
				.flatMap((list) -> Stream.of("before ", "listener ", "success ", "after ").map((what) -> what + list))
				.toList();
			assertThat(this.seen).hasSizeGreaterThanOrEqualTo(4).containsExactlyElementsOf(expected);
		}
	}

	@ParameterizedTest
	@EnumSource(value = AckMode.class, names = { "RECORD", "BATCH", "MANUAL" })
	void whatIsFilteredOutMovesThePosition(AckMode mode) {
		stream(1);
		try (TestApplication app = app()) {
			ContainerProperties properties = properties(app);
			properties.setAckMode(mode);
			properties.setFilter((message) -> message.text().startsWith("a"));
			start(app, properties, (RecordListener) (message, acknowledgment) -> {
				this.seen.add(message.text());
				acknowledgment.acknowledge();
				return null;
			});
			publish(app, "a1", "b1", "a2", "b2");
			eventually(() -> assertThat(app.cursor("x", this.stream, 0)).isEqualTo(3));
			assertThat(this.seen).containsExactly("a1", "a2");
		}
	}

	@Test
	void aBatchOfWhichNothingIsLeftMovesThePosition() {
		stream(1);
		try (TestApplication app = app()) {
			ContainerProperties properties = properties(app);
			properties.setFilter((message) -> false);
			start(app, properties, batches());
			publish(app, "a", "b");
			eventually(() -> assertThat(app.cursor("x", this.stream, 0)).isEqualTo(1));
			assertThat(this.seen).isEmpty();
		}
	}

	@Test
	void aFilterThatFailsIsAFailureOfTheMessage() {
		stream(1);
		try (TestApplication app = app()) {
			ContainerProperties properties = properties(app);
			properties.setFilter((message) -> {
				if (message.text().equals("bad")) {
					throw new IllegalStateException("cannot tell");
				}
				return true;
			});
			start(app, properties, (RecordListener) (message, acknowledgment) -> {
				this.seen.add(message.text());
				return null;
			});
			publish(app, "bad", "good");
			eventually(() -> assertThat(this.seen).containsExactly("good"));
		}
	}

	@Test
	void receivesNoMoreMessagesPerSecondThanItIsTo() {
		stream(2);
		try (TestApplication app = app()) {
			ContainerProperties properties = properties(app);
			properties.setMaxMessagesPerSecond(20);
			properties.setConcurrency(2);
			for (int i = 0; i < 15; i++) {
				for (int partition = 0; partition < 2; partition++) {
					app.template().newMessage("m" + i).stream(this.stream).partition(partition).send().join();
				}
			}
			long start = System.nanoTime();
			start(app, properties, (RecordListener) (message, acknowledgment) -> {
				this.seen.add(message.text());
				return null;
			});
			eventually(() -> assertThat(this.seen).hasSize(30));
			// 30 messages at 20 per second, of which the first two bursts come at once.
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofSeconds(1));
			assertThat(app.container("x").partitions())
				.allSatisfy((status) -> assertThat(status.state()).isEqualTo(PartitionState.LIVE));
		}
	}

	private TestApplication app() {
		return application()
			.factory((factory) -> factory
				.setErrorHandler(new DefaultErrorHandler(new FixedBackOff(1, 0), new LoggingRecoverer())))
			.start();
	}

	private ContainerProperties properties(TestApplication app) {
		ContainerProperties properties = new ContainerProperties(app.factory().getContainerProperties());
		properties.setStreams(List.of(this.stream));
		return properties;
	}

	private static void start(TestApplication app, ContainerProperties properties, Listener listener) {
		app.registry().register(app.factory().createContainer("x", properties, listener));
	}

	private void publish(TestApplication app, String... texts) {
		for (String text : texts) {
			app.template().send(this.stream, text).join();
		}
	}

	private BatchListener batches() {
		return (batch, acknowledgment) -> {
			this.seen
				.add("listener " + batch.stream().map((element) -> ((ReceivedMessage<?>) element).text()).toList());
			return null;
		};
	}

	private final class Noting implements RecordInterceptor {

		@Override
		public ReceivedMessage<byte[]> before(ReceivedMessage<byte[]> message) {
			InterceptorTests.this.seen.add("before " + message.text());
			return message.text().equals("dropped") ? null : message;
		}

		@Override
		public void success(ReceivedMessage<byte[]> message) {
			InterceptorTests.this.seen.add("success " + message.text());
			throw new IllegalStateException("must do no harm");
		}

		@Override
		public void failure(ReceivedMessage<byte[]> message, Throwable failure) {
			InterceptorTests.this.seen.add("failure " + message.text() + " " + failure.getMessage());
		}

		@Override
		public void after(ReceivedMessage<byte[]> message) {
			InterceptorTests.this.seen.add("after " + message.text());
		}

	}

	private final class NotingBatches implements BatchInterceptor {

		@Override
		public boolean before(List<ReceivedMessage<byte[]>> messages) {
			note("before ", messages);
			return true;
		}

		@Override
		public void success(List<ReceivedMessage<byte[]>> messages) {
			note("success ", messages);
		}

		@Override
		public void after(List<ReceivedMessage<byte[]>> messages) {
			note("after ", messages);
		}

		private void note(String what, List<ReceivedMessage<byte[]>> messages) {
			InterceptorTests.this.seen.add(what + messages.stream().map(ReceivedMessage::text).toList());
		}

	}

}
