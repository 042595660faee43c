package io.liftbridge.spring.listener;

import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.EmbeddedBrokerTest;
import io.liftbridge.spring.TestApplication;
import io.liftbridge.spring.annotation.LiftbridgeHandler;
import io.liftbridge.spring.annotation.LiftbridgeListener;
import io.liftbridge.spring.support.Acknowledgment;
import io.liftbridge.spring.support.LiftbridgeHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.SendTo;

import static io.liftbridge.spring.TestApplication.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class HandlerTests extends EmbeddedBrokerTest {

	@Test
	void choosesByTheHeaderThatNamesTheType() {
		stream(1);
		Named listener = new Named();
		try (TestApplication app = application().property("cancelled", "order-cancelled").listener(listener).start()) {
			send(app, new Placed("a"), "Placed");
			send(app, new Placed("b"), Placed.class.getName());
			send(app, new Placed("c"), "order-cancelled");
			// Its class' name is not what was agreed on.
			send(app, new Placed("d"), "Cancelled");
			send(app, new Placed("e"), "java.lang.ProcessBuilder");
			app.template().send(this.stream, new Placed("f")).join();
			eventually(() -> assertThat(listener.calls).containsExactly("placed a", "placed b", "cancelled c",
					"other {\"id\":\"d\"} 3", "other {\"id\":\"e\"} 4", "other {\"id\":\"f\"} 5"));
		}
	}

	@Test
	void aNameThatWasAgreedOnCountsMoreThanThoseOfClasses() {
		stream(1);
		Homonyms listener = new Homonyms();
		try (TestApplication app = application().listener(listener).start()) {
			send(app, new Placed("a"), "Event");
			send(app, new Land.Event(1), Sea.Event.class.getName());
			eventually(() -> assertThat(listener.calls).containsExactly("agreed a", "sea"));
		}
	}

	@Test
	void choosesByTheMediaType() {
		stream(1);
		ByMediaType listener = new ByMediaType();
		try (TestApplication app = application().listener(listener).start()) {
			app.template().send(this.stream, new Placed("a")).join();
			app.template().send(this.stream, "text").join();
			app.template().send(this.stream, new byte[] { 1, 2 }).join();
			eventually(() -> assertThat(listener.calls).containsExactly("placed a", "text text", "2 bytes"));
		}
	}

	@Test
	void choosesByWhatTheJsonSays() {
		stream(1);
		ByJson listener = new ByJson();
		try (TestApplication app = application().listener(listener).start()) {
			app.template().send(this.stream, new Moved(1)).join();
			app.template().send(this.stream, new Stopped("wall")).join();
			app.template().send(this.stream, new Crashed("wall", 3)).join();
			app.template().send(this.stream, "hello").join();
			eventually(() -> assertThat(listener.calls).containsExactly("moved 1", "event Stopped[at=wall]",
					"crashed wall 3 2", "text hello"));
		}
	}

	@Test
	void putsAMessageAsideThatNoMethodTakes() {
		stream(1);
		ByMediaType listener = new ByMediaType();
		try (TestApplication app = application().listener(listener).start()) {
			send(app, new Placed("a"), "Unknown");
			app.template().send(this.stream, new Placed("b")).join();
			eventually(() -> assertThat(listener.calls).containsExactly("placed b"));
			eventually(() -> assertThat(app.messages(this.stream + ".dlt", 0)).singleElement().satisfies((message) -> {
				assertThat(message.text()).isEqualTo("{\"id\":\"a\"}");
				assertThat(message.headers().text(LiftbridgeHeaders.DLT_EXCEPTION_CLASS))
					.endsWith("HandlerNotFoundException");
				assertThat(message.headers().text(LiftbridgeHeaders.DLT_EXCEPTION_MESSAGE))
					.contains("its header 'payload-type' is 'Unknown'")
					.contains("bytes(byte[]) and placed(Placed) and text(String)")
					.contains("isDefault = true");
			}));
		}
	}

	@Test
	void putsAMessageAsideThatSeveralMethodsTake() {
		stream(1);
		Several listener = new Several();
		try (TestApplication app = application().listener(listener).start()) {
			app.template().send(this.stream, new Crashed("wall", 3)).join();
			eventually(() -> assertThat(app.messages(this.stream + ".dlt", 0)).singleElement()
				.extracting((message) -> message.headers().text(LiftbridgeHeaders.DLT_EXCEPTION_MESSAGE))
				.asString()
				.contains("Crashed fits several @LiftbridgeHandler methods")
				.contains("costly(Costly) and located(Located)"));
		}
	}

	@Test
	void sendsResultsToTheStreamOfTheMethodOrOfTheClass() {
		stream(1);
		broker.createStream(this.stream + ".one", 1);
		broker.createStream(this.stream + ".two", 1);
		try (TestApplication app = application().property("one", this.stream + ".one")
			.property("two", this.stream + ".two")
			.listener(new Replying())
			.start()) {
			app.template().send(this.stream, "a").join();
			app.template().send(this.stream, new Placed("b")).join();
			eventually(() -> {
				assertThat(app.messages(this.stream + ".one", 0)).extracting(ReceivedMessage::text)
					.containsExactly("text a");
				assertThat(app.messages(this.stream + ".two", 0)).extracting(ReceivedMessage::text)
					.containsExactly("placed b");
			});
		}
	}

	@Test
	void acknowledgesByHand() {
		stream(1);
		Manual listener = new Manual();
		try (TestApplication app = application().listener("orders", listener).start()) {
			app.template().send(this.stream, "a").join();
			app.template().send(this.stream, new Placed("b")).join();
			eventually(() -> assertThat(app.cursor("orders", this.stream, 0)).isEqualTo(1));
		}
	}

	@ParameterizedTest
	@MethodSource
	void refusesWhatItCouldNotChooseFrom(Object listener, String problem) {
		assertThatThrownBy(() -> application().listener("orders", listener).start())
			.isInstanceOf(IllegalStateException.class)
			.hasMessageContaining(
					"@LiftbridgeListener on " + listener.getClass().getSimpleName() + " of bean 'orders': ")
			.hasMessageContaining(problem);
	}

	static Stream<Arguments> refusesWhatItCouldNotChooseFrom() {
		return Stream.of(Arguments.of(new NoHandlers(), "the class has no method with @LiftbridgeHandler"),
				Arguments.of(new TwoDefaults(),
						"several @LiftbridgeHandler methods with isDefault = true, one(String) and two(byte[])"),
				Arguments.of(new SameType(),
						"two @LiftbridgeHandler methods for payloads of type " + Placed.class.getName()
								+ ", one(Placed) and two(ReceivedMessage)"),
				Arguments.of(new TakesAnything(), "@LiftbridgeHandler method any(Message) takes any payload"),
				Arguments.of(new InBatches(), "batch = 'true' does not go with @LiftbridgeHandler"),
				Arguments.of(new ManualWithoutAcknowledgment(),
						"ackMode = 'MANUAL' needs a parameter of type Acknowledgment, without which text"),
				Arguments.of(new TwoPayloads(), "@LiftbridgeHandler method on: has 2 parameters without annotation"));
	}

	private void send(TestApplication app, Object payload, String type) {
		app.template()
			.newMessage(payload)
			.stream(this.stream)
			.header(LiftbridgeHeaders.PAYLOAD_TYPE, type)
			.send()
			.join();
	}

	record Placed(String id) {
	}

	record Cancelled(String id) {
	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
	@JsonSubTypes({ @JsonSubTypes.Type(Moved.class), @JsonSubTypes.Type(Stopped.class),
			@JsonSubTypes.Type(Crashed.class) })
	interface Event {

	}

	interface Located extends Event {

		String at();

	}

	interface Costly extends Event {

		int cost();

	}

	record Moved(int by) implements Event {
	}

	record Stopped(String at) implements Located {
	}

	record Crashed(String at, int cost) implements Located, Costly {
	}

	@LiftbridgeListener(streams = "${in}")
	static class Named {

		final Queue<String> calls = new ConcurrentLinkedQueue<>();

		@LiftbridgeHandler
		void placed(Placed placed) {
			this.calls.add("placed " + placed.id());
		}

		@LiftbridgeHandler(payloadType = "${cancelled}")
		void cancelled(Cancelled cancelled) {
			this.calls.add("cancelled " + cancelled.id());
		}

		@LiftbridgeHandler(isDefault = true)
		void other(ReceivedMessage<byte[]> message, @Header(LiftbridgeHeaders.OFFSET) long offset) {
			this.calls.add("other " + message.text() + " " + offset);
		}

	}

	@LiftbridgeListener(streams = "${in}")
	static class ByMediaType {

		final Queue<String> calls = new ConcurrentLinkedQueue<>();

		@LiftbridgeHandler
		void placed(Placed placed) {
			this.calls.add("placed " + placed.id());
		}

		@LiftbridgeHandler
		void text(String text) {
			this.calls.add("text " + text);
		}

		@LiftbridgeHandler
		void bytes(byte[] bytes) {
			this.calls.add(bytes.length + " bytes");
		}

	}

	@LiftbridgeListener(streams = "${in}")
	static class ByJson {

		final Queue<String> calls = new ConcurrentLinkedQueue<>();

		@LiftbridgeHandler
		void event(Event event) {
			this.calls.add("event " + event);
		}

		@LiftbridgeHandler
		void moved(Moved moved) {
			this.calls.add("moved " + moved.by());
		}

		@LiftbridgeHandler
		void crashed(Message<Crashed> crashed, @Header(LiftbridgeHeaders.OFFSET) long offset) {
			this.calls.add("crashed " + crashed.getPayload().at() + " " + crashed.getPayload().cost() + " " + offset);
		}

		@LiftbridgeHandler
		void text(String text) {
			this.calls.add("text " + text);
		}

	}

	@LiftbridgeListener(streams = "${in}")
	static class Several {

		@LiftbridgeHandler
		void located(Located located) {
		}

		@LiftbridgeHandler
		void costly(Costly costly) {
		}

	}

	@LiftbridgeListener(streams = "${in}")
	@SendTo("${one}")
	static class Replying {

		@LiftbridgeHandler
		String text(String text) {
			return "text " + text;
		}

		@LiftbridgeHandler
		@SendTo("${two}")
		String placed(Placed placed) {
			return "placed " + placed.id();
		}

	}

	@LiftbridgeListener(streams = "${in}", ackMode = "MANUAL")
	static class Manual {

		@LiftbridgeHandler
		void text(String text, Acknowledgment acknowledgment) {
			acknowledgment.acknowledge();
		}

		@LiftbridgeHandler
		void placed(Placed placed, Acknowledgment acknowledgment) {
			acknowledgment.acknowledge();
		}

	}

	@LiftbridgeListener(streams = "${in}")
	static class NoHandlers {

		void on(String text) {
		}

	}

	@LiftbridgeListener(streams = "${in}")
	static class TwoDefaults {

		@LiftbridgeHandler(isDefault = true)
		void one(String text) {
		}

		@LiftbridgeHandler(isDefault = true)
		void two(byte[] bytes) {
		}

	}

	@LiftbridgeListener(streams = "${in}")
	static class SameType {

		@LiftbridgeHandler
		void one(Placed placed) {
		}

		@LiftbridgeHandler
		void two(ReceivedMessage<Placed> placed) {
		}

	}

	@LiftbridgeListener(streams = "${in}")
	static class TakesAnything {

		@LiftbridgeHandler
		void any(Message<?> message) {
		}

		@LiftbridgeHandler(payloadType = "map")
		void map(Map<String, Object> map) {
		}

	}

	@LiftbridgeListener(streams = "${in}", batch = "true")
	static class InBatches {

		@LiftbridgeHandler
		void text(String text) {
		}

	}

	@LiftbridgeListener(streams = "${in}", ackMode = "MANUAL")
	static class ManualWithoutAcknowledgment {

		@LiftbridgeHandler
		void text(String text) {
		}

		@LiftbridgeHandler
		void placed(Placed placed, Acknowledgment acknowledgment) {
		}

	}

	@LiftbridgeListener(streams = "${in}")
	static class TwoPayloads {

		@LiftbridgeHandler
		void on(String text, Integer number) {
		}

	}

	static class Sea {

		record Event(int value) {
		}

	}

	static class Land {

		record Event(int value) {
		}

	}

	@LiftbridgeListener(id = "homonyms", streams = "${in}")
	static class Homonyms {

		final Queue<String> calls = new ConcurrentLinkedQueue<>();

		@LiftbridgeHandler(payloadType = "Event")
		void agreed(Placed placed) {
			this.calls.add("agreed " + placed.id());
		}

		@LiftbridgeHandler
		void land(Land.Event event) {
			this.calls.add("land");
		}

		@LiftbridgeHandler
		void sea(Sea.Event event) {
			this.calls.add("sea");
		}

	}

}
