package io.liftbridge.spring.observation;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.EmbeddedBrokerTest;
import io.liftbridge.spring.TestApplication;
import io.liftbridge.spring.annotation.LiftbridgeListener;
import io.liftbridge.spring.core.DefaultProducerFactory;
import io.liftbridge.spring.listener.ContainerProperties;
import io.liftbridge.spring.listener.RecordInterceptor;
import io.liftbridge.spring.listener.delivery.RecordListener;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.messaging.handler.annotation.SendTo;

import static io.liftbridge.spring.TestApplication.eventually;
import static org.assertj.core.api.Assertions.assertThat;

class ListenerObservationTests extends EmbeddedBrokerTest {

	private final Recorder recorder = new Recorder();

	private final ObservationRegistry registry = TestObservationRegistry.create();

	@BeforeEach
	void record() {
		stream(1);
		broker.createStream(this.stream + ".out", 1);
		this.registry.observationConfig().observationHandler(this.recorder);
	}

	@Test
	void aCallGoesOnWithTheTraceOfItsMessageAndItsReplyToo() {
		try (TestApplication app = start(new Answering(this.registry))) {
			app.template().send(this.stream, "hello").join();
			eventually(() -> assertThat(this.recorder.calls()).hasSize(1));
			eventually(() -> assertThat(this.recorder.sends()).hasSize(2));
			LiftbridgeReceiverContext call = this.recorder.calls().get(0);
			LiftbridgeSenderContext request = send(this.stream);
			LiftbridgeSenderContext reply = send(this.stream + ".out");
			assertThat(call.getName()).isEqualTo("liftbridge.listener");
			assertThat(call.getContextualName()).isEqualTo("process " + this.stream);
			assertThat(call.<String>get(Recorder.TRACE)).isEqualTo(request.get(Recorder.TRACE));
			assertThat(parent(reply)).isSameAs(call);
			assertThat(call.getLowCardinalityKeyValues()).containsExactlyInAnyOrder(
					KeyValue.of("messaging.system", "liftbridge"), KeyValue.of("messaging.operation.name", "process"),
					KeyValue.of("messaging.operation.type", "process"),
					KeyValue.of("messaging.destination.name", this.stream),
					KeyValue.of("messaging.consumer.group.name", "none"), KeyValue.of("liftbridge.listener.id", "one"));
			assertThat(call.getHighCardinalityKeyValues()).containsExactlyInAnyOrder(
					KeyValue.of("messaging.destination.partition.id", "0"),
					KeyValue.of("liftbridge.message.offset", "0"), KeyValue.of("liftbridge.listener.attempt", "1"),
					KeyValue.of("messaging.message.body.size", "5"));
		}
	}

	@Test
	void aCallEndsWhenItsFutureDoesAndTheReplyOfThatBelongsToIt() {
		Later later = new Later();
		try (TestApplication app = start(later)) {
			app.template().send(this.stream, "hello").join();
			eventually(() -> assertThat(later.results).containsKey("hello"));
			eventually(() -> assertThat(this.recorder.sends()).hasSize(1));
			assertThat(this.recorder.calls()).isEmpty();
			later.results.get("hello").complete("HELLO");
			eventually(() -> assertThat(this.recorder.calls()).hasSize(1));
			eventually(() -> assertThat(this.recorder.sends()).hasSize(2));
			assertThat(parent(send(this.stream + ".out"))).isSameAs(this.recorder.calls().get(0));
			app.template().send(this.stream, "bad").join();
			eventually(() -> assertThat(later.results).containsKey("bad"));
			later.results.remove("bad").completeExceptionally(new IllegalStateException("Late"));
			eventually(() -> assertThat(this.recorder.calls()).hasSize(2));
			assertThat(this.recorder.calls().get(1).getError()).isInstanceOf(IllegalStateException.class)
				.hasMessage("Late");
			// The next attempt.
			eventually(() -> assertThat(later.results).containsKey("bad"));
			later.results.get("bad").complete(null);
		}
	}

	@Test
	void eachAttemptIsACallAndTheDeadLetterKeepsTheTrace() {
		broker.createStream(this.stream + ".dlt", 1);
		try (TestApplication app = start(new Failing())) {
			app.template().send(this.stream, "hello").join();
			eventually(() -> assertThat(app.messages(this.stream + ".dlt", 0)).hasSize(1));
			eventually(() -> assertThat(this.recorder.calls()).hasSize(3));
			assertThat(this.recorder.calls()).extracting(LiftbridgeReceiverContext::getAttempt)
				.containsExactly(1, 2, 3);
			assertThat(this.recorder.calls())
				.allSatisfy((call) -> assertThat(call.getError()).isInstanceOf(IllegalStateException.class));
			assertThat(app.messages(this.stream + ".dlt", 0).get(0).headers().text(Recorder.TRACE))
				.isEqualTo(send(this.stream).get(Recorder.TRACE));
		}
	}

	@Test
	void aListIsOneCallWithoutTheTraceOfAnyOfItsMessages() {
		Lists lists = new Lists();
		try (TestApplication app = start(lists)) {
			app.template().sendAll(this.stream, List.of("a", "b", "c")).forEach((result) -> {
			});
			eventually(() -> assertThat(lists.texts).containsExactly("a", "b", "c"));
			eventually(
					() -> assertThat(this.recorder.calls().stream().mapToInt((call) -> call.getMessages().size()).sum())
						.isEqualTo(3));
			assertThat(this.recorder.calls()).allSatisfy((call) -> {
				assertThat(call.isBatch()).isTrue();
				assertThat(call.containsKey(Recorder.TRACE)).isFalse();
				assertThat(call.getHighCardinalityKeyValue("messaging.batch.message_count").getValue())
					.isEqualTo(Integer.toString(call.getMessages().size()));
			});
			// As those of listeners for single messages: some registries insist on that.
			assertThat(this.recorder.calls().get(0).getLowCardinalityKeyValues()).extracting(KeyValue::getKey)
				.containsExactlyInAnyOrder("messaging.system", "messaging.operation.name", "messaging.operation.type",
						"messaging.destination.name", "messaging.consumer.group.name", "liftbridge.listener.id");
		}
	}

	@Test
	void interceptorsAreInsideAndFilteredMessagesAreNotObserved() {
		Answering listener = new Answering(this.registry);
		Queue<Boolean> current = new ConcurrentLinkedQueue<>();
		try (TestApplication app = builder(listener).factory((factory) -> {
			factory.setListenerObserver(new MicrometerListenerObserver(this.registry));
			ContainerProperties properties = factory.getContainerProperties();
			properties.setFilter((message) -> !message.text().equals("unwanted"));
			properties.setRecordInterceptor(new RecordInterceptor() {

				@Override
				public @Nullable ReceivedMessage<byte[]> before(ReceivedMessage<byte[]> message) {
					current.add(ListenerObservationTests.this.registry.getCurrentObservation() != null);
					return message;
				}

			});
		}).start()) {
			app.template().send(this.stream, "unwanted").join();
			app.template().send(this.stream, "wanted").join();
			eventually(() -> assertThat(this.recorder.calls()).singleElement()
				.satisfies((call) -> assertThat(call.getMessages().get(0).text()).isEqualTo("wanted")));
			assertThat(current).containsExactly(true);
			assertThat(listener.current).containsExactly(true);
		}
	}

	@Test
	void aConventionThatFailsKeepsNoMessageFromTheListener() {
		Answering listener = new Answering(this.registry);
		try (TestApplication app = builder(listener).factory((factory) -> factory
			.setListenerObserver(new MicrometerListenerObserver(this.registry, null, List.of((context) -> {
				throw new IllegalStateException("Broken");
			})))).start()) {
			app.template().send(this.stream, "hello").join();
			eventually(() -> assertThat(listener.current).containsExactly(false));
		}
	}

	@Test
	void aConventionThatFailsAtTheEndMakesNoMessageFail() {
		Answering listener = new Answering(this.registry);
		FailingAtTheEnd convention = new FailingAtTheEnd();
		try (TestApplication app = builder(listener)
			.factory((factory) -> factory
				.setListenerObserver(new MicrometerListenerObserver(this.registry, convention, List.of())))
			.start()) {
			app.template().send(this.stream, "a").join();
			app.template().send(this.stream, "b").join();
			// With the reply.
			eventually(() -> assertThat(app.messages(this.stream + ".out", 0)).hasSize(2));
			eventually(() -> assertThat(convention.ended).hasSize(2));
			app.template().send(this.stream, "c").join();
			eventually(() -> assertThat(listener.current).containsExactly(true, true, true));
		}
	}

	@Test
	void nothingIsAroundAListenerWithoutAnyoneWhoLooks() {
		RecordListener listener = (message, ack) -> null;
		assertThat(new MicrometerListenerObserver(ObservationRegistry.NOOP).observeEach("id", null, listener))
			.isSameAs(listener);
	}

	private TestApplication.Builder builder(Object listener) {
		return application().property("out", this.stream + ".out").listener(listener);
	}

	private TestApplication start(Object listener) {
		TestApplication app = builder(listener)
			.factory((factory) -> factory.setListenerObserver(new MicrometerListenerObserver(this.registry)))
			.start();
		app.bean(DefaultProducerFactory.class).setSendObserver(new MicrometerSendObserver(this.registry));
		return app;
	}

	private LiftbridgeSenderContext send(String destination) {
		return this.recorder.sends()
			.stream()
			.filter((send) -> send.getDestination().equals(destination))
			.findFirst()
			.orElseThrow();
	}

	private static Object parent(Observation.Context context) {
		return ((Observation) context.getParentObservation()).getContext();
	}

	/** Asked at the beginning and at the end of each call. */
	private static final class FailingAtTheEnd extends DefaultLiftbridgeListenerObservationConvention {

		final Set<LiftbridgeReceiverContext> ended = ConcurrentHashMap.newKeySet();

		private final Set<LiftbridgeReceiverContext> begun = ConcurrentHashMap.newKeySet();

		@Override
		public KeyValues getLowCardinalityKeyValues(LiftbridgeReceiverContext context) {
			if (!this.begun.add(context)) {
				this.ended.add(context);
				throw new IllegalStateException("Broken");
			}
			return super.getLowCardinalityKeyValues(context);
		}

	}

	static class Answering {

		final Queue<Boolean> current = new ConcurrentLinkedQueue<>();

		private final ObservationRegistry registry;

		Answering(ObservationRegistry registry) {
			this.registry = registry;
		}

		@LiftbridgeListener(id = "one", streams = "${in}")
		@SendTo("${out}")
		String on(String text) {
			this.current.add(this.registry.getCurrentObservation() != null);
			return text.toUpperCase();
		}

	}

	static class Later {

		final Map<String, CompletableFuture<@Nullable String>> results = new ConcurrentHashMap<>();

		@LiftbridgeListener(id = "later", streams = "${in}")
		@SendTo("${out}")
		CompletableFuture<@Nullable String> on(String text) {
			return this.results.computeIfAbsent(text, (absent) -> new CompletableFuture<>());
		}

	}

	static class Failing {

		@LiftbridgeListener(id = "failing", streams = "${in}")
		void on(String text) {
			throw new IllegalStateException("Always");
		}

	}

	static class Lists {

		final Queue<String> texts = new ConcurrentLinkedQueue<>();

		@LiftbridgeListener(id = "lists", streams = "${in}", batch = "true")
		void on(List<String> batch) {
			this.texts.addAll(batch);
		}

	}

}
