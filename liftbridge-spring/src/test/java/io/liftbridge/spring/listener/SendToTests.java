package io.liftbridge.spring.listener;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.Headers;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.client.message.StreamNotFoundException;
import io.liftbridge.spring.EmbeddedBrokerTest;
import io.liftbridge.spring.TestApplication;
import io.liftbridge.spring.annotation.LiftbridgeListener;
import io.liftbridge.spring.core.DefaultProducerFactory;
import io.liftbridge.spring.core.LiftbridgeTemplate;
import io.liftbridge.spring.support.DefaultHeaderMapper;
import io.liftbridge.spring.support.HeaderMapper;
import io.liftbridge.spring.support.LiftbridgeHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.SendTo;
import org.springframework.messaging.support.MessageBuilder;

import static io.liftbridge.spring.TestApplication.eventually;
import static org.assertj.core.api.Assertions.assertThat;

class SendToTests extends EmbeddedBrokerTest {

	@Test
	void sendsTheResultWithTheKeyAndNothingForNull() {
		try (TestApplication app = start(new Nullables())) {
			app.template().send(this.stream, "k1", "a").join();
			app.template().send(this.stream, "k2", "nothing").join();
			app.template().send(this.stream, "k3", "b").join();
			eventually(() -> assertThat(replies(app)).extracting(ReceivedMessage::text).containsExactly("A", "B"));
			assertThat(replies(app)).extracting(ReceivedMessage::keyText).containsExactly("k1", "k3");
			eventually(() -> assertThat(app.cursor("listener.on", this.stream, 0)).isEqualTo(2));
		}
	}

	@Test
	void unwrapsOptionalCollectionAndFuture() {
		try (TestApplication app = start(new Wrapped())) {
			app.template().send(this.stream, "x").join();
			app.template().send(this.stream, "nothing").join();
			eventually(() -> assertThat(replies(app)).extracting(ReceivedMessage::text)
				.containsExactlyInAnyOrder("optional x", "one x", "two x", "later x"));
		}
	}

	@Test
	void sendsTheHeadersOfAMessage() {
		try (TestApplication app = start(new Messages())) {
			app.template().newMessage("x").stream(this.stream).key("k").header("in", "1").send();
			eventually(() -> assertThat(replies(app)).hasSize(2));
			assertThat(replies(app).get(0)).satisfies((reply) -> {
				assertThat(reply.text()).isEqualTo("reply");
				assertThat(reply.headers().text("out")).isEqualTo("2");
				assertThat(reply.keyText()).isEqualTo("k");
			});
			// A message that is passed on does not run back to where it came from.
			assertThat(replies(app).get(1)).satisfies((reply) -> {
				assertThat(reply.text()).isEqualTo("x");
				assertThat(reply.headers().text("in")).isEqualTo("1");
			});
			assertThat(app.messages(this.stream, 0)).hasSize(1);
		}
	}

	@Test
	void acknowledgesTheInputOnlyWhenTheReplyIsStored() {
		try (TestApplication app = start(new Nullables())) {
			app.client().streams().setReadonly(this.stream + ".out", true);
			app.template().send(this.stream, "k", "a").join();
			// The reply is refused, retried and given up: the input is a dead letter.
			eventually(() -> assertThat(app.messages(this.stream + ".dlt", 0)).hasSize(1));
			eventually(() -> assertThat(app.cursor("listener.on", this.stream, 0)).isZero());
			assertThat(replies(app)).isEmpty();
		}
	}

	@Test
	void waitsForTheStreamOfTheReplyAndDoesNotGiveUpTheInput() {
		stream(1);
		CountedReply listener = new CountedReply();
		try (TestApplication app = application().property("out", this.stream + ".out").listener(listener).start()) {
			app.template().send(this.stream, "k1", "a").join();
			app.template().send(this.stream, "k2", "b").join();
			eventually(() -> assertThat(app.status("listener.on", 0)).satisfies((status) -> {
				assertThat(status.state()).isEqualTo(PartitionState.REPLYING);
				assertThat(status.state().isDown()).isTrue();
				assertThat(status.lastError()).contains("the reply to " + this.stream + "/0@0 cannot be sent")
					.contains("StreamNotFound")
					.contains("'" + this.stream + ".out'");
			}));
			assertThat(app.cursor("listener.on", this.stream, 0)).isEqualTo(-1);
			app.createStream(this.stream + ".out", 1);
			eventually(() -> assertThat(replies(app)).extracting(ReceivedMessage::text).containsExactly("A", "B"));
			eventually(() -> assertThat(app.cursor("listener.on", this.stream, 0)).isEqualTo(1));
			eventually(() -> assertThat(app.status("listener.on", 0).state()).isEqualTo(PartitionState.LIVE));
			// Only the sending was repeated.
			assertThat(listener.texts).containsExactly("a", "b");
			assertThat(app.client().streams().exists(this.stream + ".dlt")).isFalse();
		}
	}

	@Test
	void stopsWhileItWaitsForTheStreamOfTheReplyAndDeliversTheInputAgain() {
		stream(1);
		CountedReply listener = new CountedReply();
		try (TestApplication app = application().property("out", this.stream + ".out").listener(listener).start()) {
			app.template().send(this.stream, "k1", "a").join();
			eventually(() -> assertThat(app.status("listener.on", 0).state()).isEqualTo(PartitionState.REPLYING));
			app.container("listener.on").stop();
			assertThat(app.container("listener.on").state()).isEqualTo(ContainerState.STOPPED);
			app.createStream(this.stream + ".out", 1);
			app.container("listener.on").start();
			eventually(() -> assertThat(replies(app)).extracting(ReceivedMessage::text).containsExactly("A"));
		}
	}

	@Test
	void waitsForTheStreamOfALaterReply() {
		stream(1);
		Later listener = new Later();
		try (TestApplication app = application().property("out", this.stream + ".out").listener(listener).start()) {
			app.template().send(this.stream, "k1", "a").join();
			eventually(() -> assertThat(app.status("listener.on", 0).state()).isEqualTo(PartitionState.REPLYING));
			app.createStream(this.stream + ".out", 1);
			eventually(() -> assertThat(replies(app)).extracting(ReceivedMessage::text).containsExactly("A"));
			eventually(() -> assertThat(app.cursor("listener.on", this.stream, 0)).isZero());
			assertThat(listener.texts).containsExactly("a");
		}
	}

	@Test
	void aReplyThatTakesItsTimeDoesNotHoldUpOtherPartitions() {
		stream(2);
		broker.createStream(this.stream + ".out", 1);
		CountedReply listener = new CountedReply();
		try (LiftbridgeClient client = LiftbridgeClient.builder().seeds(broker.address()).build();
				SlowReplies slow = new SlowReplies(client);
				TestApplication app = application().property("out", this.stream + ".out")
					.factory((factory) -> factory.setReplyTemplate(new LiftbridgeTemplate(client, slow)))
					.listener(listener)
					.start()) {
			app.template().newMessage("slow").stream(this.stream).partition(0).send().join();
			eventually(() -> assertThat(slow.attempts).hasValue(2));
			app.template().newMessage("quick").stream(this.stream).partition(1).send().join();
			eventually(() -> assertThat(replies(app)).extracting(ReceivedMessage::text).containsExactly("QUICK"));
			slow.gate.countDown();
			eventually(
					() -> assertThat(replies(app)).extracting(ReceivedMessage::text).containsExactly("QUICK", "SLOW"));
			assertThat(listener.texts).containsExactly("slow", "quick");
		}
	}

	@Test
	void whoCompletesAFutureDoesNotSend() {
		Completed listener = new Completed();
		Queue<String> threads = new ConcurrentLinkedQueue<>();
		stream(1);
		broker.createStream(this.stream + ".out", 1);
		try (TestApplication app = application().property("out", this.stream + ".out")
			.listener(listener)
			.factory((factory) -> factory.setHeaderMapper(new HeaderMapper() {

				private final HeaderMapper delegate = new DefaultHeaderMapper();

				@Override
				public Headers toLiftbridge(Map<String, Object> headers) {
					threads.add(Thread.currentThread().getName());
					return this.delegate.toLiftbridge(headers);
				}

				@Override
				public Map<String, Object> fromLiftbridge(ReceivedMessage<?> message) {
					return this.delegate.fromLiftbridge(message);
				}

			}))
			.start()) {
			app.template().send(this.stream, "x").join();
			eventually(() -> assertThat(listener.results).hasSize(1));
			listener.results.peek().complete(MessageBuilder.withPayload("reply").setHeader("out", 2).build());
			eventually(() -> assertThat(replies(app)).extracting(ReceivedMessage::text).containsExactly("reply"));
			assertThat(threads).isNotEmpty().allMatch((name) -> name.startsWith("liftbridge-listener-reply"));
		}
	}

	@Test
	void anExpressionNamesTheStreamOfEachResult() {
		stream(1);
		broker.createStream(this.stream + ".eu", 1);
		broker.createStream(this.stream + ".us", 1);
		broker.createStream(this.stream + ".all", 1);
		Routed listener = new Routed(this.stream);
		try (TestApplication app = application().property("all", this.stream + ".all").listener(listener).start()) {
			app.template().send(this.stream, "k", List.of(new Region("eu", 1), new Region("us", 2), new Region("", 3)));
			eventually(() -> {
				assertThat(app.messages(this.stream + ".eu", 0)).extracting(ReceivedMessage::text)
					.containsExactly("{\"name\":\"eu\",\"number\":1}");
				assertThat(app.messages(this.stream + ".us", 0)).extracting(ReceivedMessage::text)
					.containsExactly("{\"name\":\"us\",\"number\":2}");
				assertThat(app.messages(this.stream + ".all", 0)).hasSize(3);
			});
			eventually(() -> assertThat(app.cursor("listener.on", this.stream, 0)).isZero());
		}
	}

	@Test
	void anExpressionSeesTheRequest() {
		stream(1);
		broker.createStream(this.stream + ".a", 1);
		broker.createStream(this.stream + ".b", 1);
		try (TestApplication app = application().listener(new ByRequest()).start()) {
			app.template().newMessage(new Region("b", 1)).stream(this.stream).header("to", this.stream + ".a").send();
			eventually(() -> {
				assertThat(app.messages(this.stream + ".a", 0)).extracting(ReceivedMessage::text)
					.containsExactlyInAnyOrder("header", "batch 1");
				assertThat(app.messages(this.stream + ".b", 0)).extracting(ReceivedMessage::text)
					.containsExactly("payload");
			});
		}
	}

	@Test
	void putsAMessageAsideWhoseExpressionNamesNoStream() {
		stream(1);
		Routed listener = new Routed(this.stream);
		try (TestApplication app = application().property("all", this.stream + ".all").listener(listener).start()) {
			app.template().send(this.stream, List.of(new Region("two words", 1))).join();
			eventually(() -> assertThat(app.messages(this.stream + ".dlt", 0)).singleElement()
				.extracting((message) -> message.headers().text(LiftbridgeHeaders.DLT_EXCEPTION_MESSAGE))
				.asString()
				.contains("' gives no name of a stream: ")
				.contains("two words"));
		}
	}

	@Test
	void putsAMessageAsideThatNamesAStreamWhichDoesNotExist() {
		stream(1);
		broker.createStream(this.stream + ".a", 1);
		ReplyTo listener = new ReplyTo();
		try (TestApplication app = application().listener(listener).start()) {
			app.template().newMessage("x").stream(this.stream).header("reply-to", this.stream + ".gone").send().join();
			app.template().newMessage("y").stream(this.stream).header("reply-to", this.stream + ".a").send().join();
			eventually(() -> assertThat(app.messages(this.stream + ".a", 0)).extracting(ReceivedMessage::text)
				.containsExactly("Y"));
			assertThat(app.messages(this.stream + ".dlt", 0)).singleElement().satisfies((letter) -> {
				assertThat(letter.text()).isEqualTo("x");
				assertThat(letter.headers().text(LiftbridgeHeaders.DLT_EXCEPTION_MESSAGE))
					.contains("@SendTo = '!{request.headers['reply-to']}'")
					.contains("'" + this.stream + ".gone' does not exist");
			});
			// It would be as wrong again.
			assertThat(listener.texts).containsExactly("x", "y");
		}
	}

	@Test
	void waitsForFuturesInsideOfResults() {
		stream(1);
		broker.createStream(this.stream + ".out", 1);
		LaterInside listener = new LaterInside();
		try (TestApplication app = application().property("out", this.stream + ".out").listener(listener).start()) {
			app.template().send(this.stream, "k", "x").join();
			eventually(() -> assertThat(listener.later).hasSize(2));
			assertThat(app.cursor("listener.quiet", this.stream, 0)).isEqualTo(-1);
			listener.later.forEach((later) -> later.complete("later"));
			eventually(
					() -> assertThat(replies(app)).extracting(ReceivedMessage::text).containsExactly("now", "later"));
			assertThat(replies(app)).extracting(ReceivedMessage::keyText).containsOnly("k");
			eventually(() -> assertThat(app.cursor("listener.quiet", this.stream, 0)).isZero());
		}
	}

	private TestApplication start(Object listener) {
		stream(1);
		broker.createStream(this.stream + ".out", 1);
		return application().property("out", this.stream + ".out").listener(listener).start();
	}

	private List<ReceivedMessage<byte[]>> replies(TestApplication app) {
		return app.messages(this.stream + ".out", 0);
	}

	static class Nullables {

		@LiftbridgeListener(streams = "${in}")
		@SendTo("${out}")
		@Nullable String on(String text) {
			return text.equals("nothing") ? null : text.toUpperCase();
		}

	}

	static class ReplyTo {

		final Queue<String> texts = new ConcurrentLinkedQueue<>();

		@LiftbridgeListener(streams = "${in}")
		@SendTo("!{request.headers['reply-to']}")
		String on(String text) {
			this.texts.add(text);
			return text.toUpperCase();
		}

	}

	static class CountedReply {

		final Queue<String> texts = new ConcurrentLinkedQueue<>();

		@LiftbridgeListener(streams = "${in}")
		@SendTo("${out}")
		String on(String text) {
			this.texts.add(text);
			return text.toUpperCase();
		}

	}

	static class Later {

		final Queue<String> texts = new ConcurrentLinkedQueue<>();

		@LiftbridgeListener(streams = "${in}")
		@SendTo("${out}")
		CompletableFuture<String> on(String text) {
			this.texts.add(text);
			return CompletableFuture.supplyAsync(text::toUpperCase);
		}

	}

	/** Finds no stream at first, and then a broker that is slow to tell. */
	static class SlowReplies extends DefaultProducerFactory implements AutoCloseable {

		final AtomicInteger attempts = new AtomicInteger();

		final CountDownLatch gate = new CountDownLatch(1);

		SlowReplies(LiftbridgeClient client) {
			super(client);
		}

		@Override
		public CompletableFuture<Ack> send(String stream, io.liftbridge.client.message.Message message) {
			if (new String(message.value(), StandardCharsets.UTF_8).equals("SLOW")) {
				if (this.attempts.incrementAndGet() == 1) {
					return CompletableFuture.failedFuture(new StreamNotFoundException("No stream", null));
				}
				try {
					this.gate.await();
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			}
			return super.send(stream, message);
		}

		@Override
		public void close() {
			this.gate.countDown();
			destroy();
		}

	}

	static class Wrapped {

		@LiftbridgeListener(streams = "${in}")
		@SendTo("${out}")
		Optional<String> optional(String text) {
			return Optional.of(text).filter((value) -> !value.equals("nothing")).map((value) -> "optional " + value);
		}

		@LiftbridgeListener(streams = "${in}")
		@SendTo("${out}")
		List<String> several(String text) {
			return text.equals("nothing") ? List.of() : List.of("one " + text, "two " + text);
		}

		@LiftbridgeListener(streams = "${in}")
		@SendTo("${out}")
		CompletableFuture<String> later(String text) {
			return CompletableFuture.supplyAsync(() -> text.equals("nothing") ? null : "later " + text);
		}

	}

	record Region(String name, int number) {
	}

	static class Routed {

		private final String stream;

		Routed(String stream) {
			this.stream = stream;
		}

		public @Nullable String target(String region) {
			return region.isEmpty() ? null : this.stream + "." + region;
		}

		@LiftbridgeListener(streams = "${in}")
		@SendTo({ "!{@listener.target(result.name)}", "${all}" })
		List<Region> on(List<Region> regions) {
			return regions;
		}

	}

	static class ByRequest {

		@LiftbridgeListener(streams = "${in}")
		@SendTo("!{request.headers['to']}")
		String header(Region region) {
			return "header";
		}

		@LiftbridgeListener(streams = "${in}")
		@SendTo("${in}.!{request.payload.name}")
		CompletableFuture<String> payload(ReceivedMessage<Region> region) {
			return CompletableFuture.supplyAsync(() -> "payload");
		}

		@LiftbridgeListener(streams = "${in}", batch = "true")
		@SendTo("!{request.headers['liftbridge_stream']}.a")
		String batch(List<Region> regions) {
			return "batch " + regions.size();
		}

	}

	static class LaterInside {

		final Queue<CompletableFuture<String>> later = new ConcurrentLinkedQueue<>();

		@LiftbridgeListener(streams = "${in}")
		@SendTo("${out}")
		List<Object> on(String text) {
			CompletableFuture<String> result = new CompletableFuture<>();
			this.later.add(result);
			return List.of("now", Optional.of(result));
		}

		@LiftbridgeListener(streams = "${in}")
		List<CompletableFuture<String>> quiet(String text) {
			CompletableFuture<String> result = new CompletableFuture<>();
			this.later.add(result);
			return List.of(result);
		}

	}

	static class Completed {

		final Queue<CompletableFuture<Message<?>>> results = new ConcurrentLinkedQueue<>();

		@LiftbridgeListener(streams = "${in}")
		@SendTo("${out}")
		CompletableFuture<Message<?>> on(String text) {
			CompletableFuture<Message<?>> result = new CompletableFuture<>();
			this.results.add(result);
			return result;
		}

	}

	static class Messages {

		@LiftbridgeListener(streams = "${in}")
		@SendTo("${out}")
		List<Message<?>> on(Message<String> message) {
			return List.of(MessageBuilder.withPayload("reply").setHeader("out", 2).build(), message);
		}

	}

}
