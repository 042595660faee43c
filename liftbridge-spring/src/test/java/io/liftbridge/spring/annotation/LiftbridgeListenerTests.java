package io.liftbridge.spring.annotation;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.cursor.CursorConvention;
import io.liftbridge.spring.EmbeddedBrokerTest;
import io.liftbridge.spring.TestApplication;
import io.liftbridge.spring.core.DefaultProducerFactory;
import io.liftbridge.spring.listener.ContainerProperties;
import io.liftbridge.spring.listener.ContainerState;
import io.liftbridge.spring.listener.DuplicateListenerIdException;
import io.liftbridge.spring.listener.LiftbridgeListenerContainerFactory;
import io.liftbridge.spring.listener.ListenerContainer;
import io.liftbridge.spring.listener.PartitionStatus;
import io.liftbridge.spring.listener.delivery.AckMode;
import io.liftbridge.spring.support.Acknowledgment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.core.annotation.AliasFor;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.SendTo;

import static io.liftbridge.spring.TestApplication.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class LiftbridgeListenerTests extends EmbeddedBrokerTest {

	@Test
	void resolvesPlaceholdersAndExpressions() {
		broker.createStream(this.stream, 4);
		try (TestApplication app = application().listener(new Expressions())
			.bean("names", Names.class, () -> new Names(this.stream))
			.property("app.id", "resolved")
			.property("app.partitions", "1-2")
			.property("app.start", "offset:5")
			.property("app.concurrency", "3")
			.property("app.mode", "manual")
			.start()) {
			ListenerContainer container = app.container("resolved-x");
			assertThat(container.properties()).satisfies((properties) -> {
				assertThat(properties.getStreams()).containsExactly(this.stream, "other-a", "other-b");
				assertThat(properties.getPartitions()).hasToString("[1, 2]");
				assertThat(properties.getStartPosition().get()).hasToString("offset 5");
				assertThat(properties.getConcurrency()).isEqualTo(3);
				assertThat(properties.getAckMode()).isEqualTo(AckMode.MANUAL);
				assertThat(properties.getBatchSize()).isEqualTo(7);
				assertThat(properties.getCursorId()).isEqualTo("cursor-resolved");
				assertThat(properties.isAutoStartup()).isFalse();
			});
			assertThat(container.state()).isEqualTo(ContainerState.STOPPED);
			assertThat(container.partitions()).isEmpty();
		}
	}

	@Test
	void saysWhyAnExpressionOrPlaceholderCannotBeResolved() {
		assertThatThrownBy(() -> application().listener("orders", new UnknownBean()).start())
			.isInstanceOf(IllegalStateException.class)
			.hasMessageContaining("of bean 'orders': streams = '#{nosuch.bean}' cannot be resolved: ")
			.hasMessageContaining("'nosuch' cannot be found")
			.hasMessageEndingWith(" Correct the expression, or set the bean or property it refers to.");
		assertThatThrownBy(() -> application().listener("orders", new BrokenExpression()).start())
			.isInstanceOf(IllegalStateException.class)
			.hasMessageContaining("streams = '#{1 +}' cannot be resolved: EL")
			.hasMessageContaining(". Correct the expression at position ")
			.hasMessageNotContaining("Set the property");
		assertThatThrownBy(() -> application().listener("orders", new ThrowingExpression())
			.bean("names", Names.class, () -> new Names("x"))
			.start()).isInstanceOf(IllegalStateException.class).hasMessageContaining("no streams today.");
		assertThatThrownBy(() -> application().listener("orders", new UnknownProperty()).start())
			.isInstanceOf(IllegalStateException.class)
			.hasMessageContaining("nosuch.property")
			.hasMessageEndingWith(". Set the property or bean it refers to.");
	}

	@Test
	void setsOptionsWithoutAnAttributeOfTheirOwn() {
		stream(1);
		try (TestApplication app = application().property("timeout", "30s")
			.property("more", "lag-interval=1m\nresume-paused = false")
			.listener(new Options())
			.start()) {
			assertThat(app.container("listener.on").properties()).satisfies((properties) -> {
				assertThat(properties.getPrefetch()).isEqualTo(10);
				assertThat(properties.getPrefetchBytes()).isEqualTo(2 << 20);
				assertThat(properties.getShutdownTimeout()).isEqualTo(Duration.ofSeconds(30));
				assertThat(properties.getLagInterval()).isEqualTo(Duration.ofMinutes(1));
				assertThat(properties.isResumePaused()).isFalse();
				assertThat(properties.getCursorConvention()).isEqualTo(CursorConvention.NEXT_OFFSET);
			});
		}
	}

	@Test
	void worksThroughAnAnnotationOfOnesOwn() {
		stream(1);
		Meta listener = new Meta();
		try (TestApplication app = application().listener(listener).start()) {
			assertThat(app.container("own").properties().getAckMode()).isEqualTo(AckMode.NONE);
			app.template().send(this.stream, "x");
			eventually(() -> assertThat(listener.texts).containsExactly("x"));
		}
	}

	@Test
	void makesTheContainerWithAnotherFactory() {
		stream(1);
		LiftbridgeClient client = LiftbridgeClient.builder().seeds(broker.address()).build();
		LiftbridgeListenerContainerFactory other = new LiftbridgeListenerContainerFactory(client,
				new DefaultProducerFactory(client));
		other.getContainerProperties().setInfo("of another factory");
		try (client;
				TestApplication app = application().listener(new OtherFactory())
					.bean("other", LiftbridgeListenerContainerFactory.class, () -> other)
					.start()) {
			assertThat(app.container("elsewhere").properties().getInfo()).isEqualTo("of another factory");
		}
	}

	@Test
	void mayBeRepeated() {
		stream(1);
		broker.createStream(this.stream + "b", 1);
		Repeated listener = new Repeated();
		try (TestApplication app = application().property("in2", this.stream + "b").listener(listener).start()) {
			assertThat(app.registry().containers()).extracting(ListenerContainer::id)
				.containsExactly("listener.on", "listener.on#2");
			app.template().send(this.stream, "a");
			app.template().send(this.stream + "b", "b");
			eventually(() -> assertThat(listener.texts).containsExactlyInAnyOrder("a", "b"));
		}
	}

	@Test
	void derivesIdAndCursorFromBeanAndMethod() {
		stream(1);
		Repeated listener = new Repeated();
		try (TestApplication app = application().property("in2", this.stream).listener("orders", listener).start()) {
			app.template().send(this.stream, "a").join();
			eventually(() -> assertThat(app.cursor("orders.on", this.stream, 0)).isZero());
		}
	}

	@Test
	void aDefaultCursorBearsTheNameOfTheApplication() {
		stream(1);
		Repeated listener = new Repeated();
		try (TestApplication app = application().property("in2", this.stream)
			.property("spring.application.name", "shop")
			.listener("orders", listener)
			.start()) {
			app.template().send(this.stream, "a").join();
			eventually(() -> assertThat(app.cursor("shop.orders.on", this.stream, 0)).isZero());
			assertThat(app.cursor("orders.on", this.stream, 0)).isEqualTo(-1);
			assertThat(app.container("orders.on").properties().getCursorId()).isEqualTo("shop.orders.on");
		}
	}

	@Test
	void readsOnlyThePartitionsItIsToldTo() {
		broker.createStream(this.stream, 4);
		OnePartition listener = new OnePartition();
		try (TestApplication app = application().listener(listener).start()) {
			for (int i = 0; i < 4; i++) {
				app.template().newMessage("p" + i).stream(this.stream).partition(i).send().join();
			}
			eventually(() -> assertThat(listener.texts).containsExactlyInAnyOrder("p1", "p3"));
			assertThat(app.container("listener.on").partitions()).extracting(PartitionStatus::partition)
				.containsExactly(1, 3);
		}
	}

	@Test
	void objectsThatAreMadeLaterMayListen() throws NoSuchMethodException {
		stream(1);
		try (TestApplication app = application().start()) {
			OnlyText listener = new OnlyText();
			app.bean(LiftbridgeListenerAnnotationBeanPostProcessor.class)
				.postProcessAfterInitialization(listener, "later");
			ContainerProperties properties = new ContainerProperties(app.factory().getContainerProperties());
			properties.setStreams(List.of(this.stream));
			app.registry()
				.register(
						app.factory()
							.createContainer("by-hand", properties, app.factory()
								.createMethodListener("by-hand", listener,
										OnlyText.class.getDeclaredMethod("plain", String.class), false, List.of())));
			app.template().send(this.stream, "a").join();
			eventually(() -> assertThat(listener.texts).containsExactlyInAnyOrder("later a", "plain a"));
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			ackMode       | sometimes  | [RECORD, BATCH, COUNT, TIME, MANUAL, NONE]
			partitions    | 3-1        | numbers and ranges such as '0-3,5'
			partitions    | 9x         | numbers and ranges such as '0-3,5'
			partitions    | a          | numbers and ranges such as '0-3,5'
			startPosition | yesterday  | use earliest, latest, new
			startPosition | offset:-4  | use earliest, latest, new
			concurrency   | 0          | Use a number of 1 and above
			batchSize     | many       | Use a number of 1 and above
			prefetch      | -1         | Use a number of 1 and above
			properties    | a=b        | There is no option 'a'. Use one of [ack-count,
			properties    | concurrency=2   | or the attribute of that name
			properties    | resume-paused   | name=value
			properties    | lag-interval=x  | Use a duration such as
			properties    | lag-interval=-1s| must not be negative
			properties    | prefetch-bytes=many | many
			autoStartup   | maybe      | Use 'true' or 'false'
			batch         | perhaps    | Use 'true' or 'false'
			streams       | 'two words'| two words
			""")
	void saysWhichAttributeIsWrongAndWhy(String attribute, String value, String remedy) {
		TestApplication.Builder application = application();
		for (String name : List.of("ackMode", "partitions", "startPosition", "concurrency", "batchSize", "autoStartup",
				"batch", "prefetch", "properties")) {
			application.property(name, "");
		}
		application.property("streams", this.stream).property(attribute, value);
		assertThatThrownBy(() -> application.listener("orders", new AllProperties()).start())
			.isInstanceOf(IllegalStateException.class)
			.hasMessageContaining("AllProperties.on(String) of bean 'orders'")
			.hasMessageContaining(attribute)
			.hasMessageContaining(value)
			.hasMessageContaining(remedy);
	}

	@Test
	void refusesAnIdThatIsTaken() {
		assertThatThrownBy(() -> application().listener("a", new Duplicates()).start())
			.isInstanceOf(DuplicateListenerIdException.class)
			.hasMessageContaining("Duplicates.one(String) of bean 'a'")
			.hasMessageContaining("Duplicates.two(String) of bean 'a'")
			.hasMessageContaining("'same'");
	}

	@Test
	void refusesAListenerWithoutStream() {
		assertThatThrownBy(() -> application().property("in", "").listener("a", new OnePartition()).start())
			.isInstanceOf(IllegalStateException.class)
			.hasMessageContaining("names no stream");
	}

	@Test
	void refusesAPlaceholderThatIsNotSet() {
		assertThatThrownBy(() -> application().listener("a", new Unset()).start())
			.isInstanceOf(IllegalStateException.class)
			.hasMessageContaining("Unset.on(String) of bean 'a'")
			.hasMessageContaining("not.there");
	}

	@Test
	void refusesABatchListenerWithoutList() {
		assertThatThrownBy(() -> application().listener("a", new BatchWithoutList()).start())
			.isInstanceOf(IllegalStateException.class)
			.hasMessageContaining("BatchWithoutList.on(String)")
			.hasMessageContaining("declare one List");
	}

	@Test
	void refusesTwoPayloads() {
		assertThatThrownBy(() -> application().listener("a", new TwoPayloads()).start())
			.isInstanceOf(IllegalStateException.class)
			.hasMessageContaining("@Header");
	}

	@Test
	void refusesAnErrorHandlerThatDoesNotExist() {
		assertThatThrownBy(() -> application().listener("a", new UnknownHandler()).start())
			.isInstanceOf(IllegalStateException.class)
			.hasMessageContaining("errorHandler = 'nobody'");
	}

	@Test
	void refusesASendToWithoutStream() {
		assertThatThrownBy(() -> application().listener("a", new EmptySendTo()).start())
			.isInstanceOf(IllegalStateException.class)
			.hasMessageContaining("@SendTo names no stream");
	}

	record Names(String stream) {

		public List<String> others() {
			return List.of("other-a", "other-b");
		}

		public List<String> failing() {
			throw new IllegalStateException("no streams today");
		}

	}

	static class OtherFactory {

		@LiftbridgeListener(id = "elsewhere", streams = "${in}", containerFactory = "other")
		void on(String text) {
		}

	}

	static class UnknownBean {

		@LiftbridgeListener(streams = "#{nosuch.bean}")
		void on(String text) {
		}

	}

	static class BrokenExpression {

		@LiftbridgeListener(streams = "#{1 +}")
		void on(String text) {
		}

	}

	static class ThrowingExpression {

		@LiftbridgeListener(streams = "#{@names.failing()}")
		void on(String text) {
		}

	}

	static class UnknownProperty {

		@LiftbridgeListener(streams = "${nosuch.property}")
		void on(String text) {
		}

	}

	static class Expressions {

		@LiftbridgeListener(id = "#{'${app.id}' + '-x'}", streams = { "#{@names.stream}", "#{@names.others()}" },
				partitions = "${app.partitions}", startPosition = "${app.start}", concurrency = "${app.concurrency}",
				ackMode = "${app.mode}", batchSize = "#{3 + 4}", cursorId = "cursor-${app.id}",
				autoStartup = "${app.auto:false}")
		void on(String text, Acknowledgment acknowledgment) {
		}

	}

	@Retention(RetentionPolicy.RUNTIME)
	@LiftbridgeListener(ackMode = "NONE", startPosition = "earliest")
	@interface Observes {

		@AliasFor(annotation = LiftbridgeListener.class, attribute = "streams")
		String[] value();

		@AliasFor(annotation = LiftbridgeListener.class)
		String id() default "";

	}

	static class Meta {

		final Queue<String> texts = new ConcurrentLinkedQueue<>();

		@Observes(value = "${in}", id = "own")
		void on(String text) {
			this.texts.add(text);
		}

	}

	static class Repeated {

		final Queue<String> texts = new ConcurrentLinkedQueue<>();

		@LiftbridgeListener(streams = "${in}")
		@LiftbridgeListener(streams = "${in2}")
		void on(String text) {
			this.texts.add(text);
		}

	}

	static class OnePartition {

		final Queue<String> texts = new ConcurrentLinkedQueue<>();

		@LiftbridgeListener(streams = "${in}", partitions = "1,3")
		void on(String text) {
			this.texts.add(text);
		}

	}

	static class AllProperties {

		@LiftbridgeListener(streams = "${streams}", ackMode = "${ackMode}", partitions = "${partitions}",
				startPosition = "${startPosition}", concurrency = "${concurrency}", batchSize = "${batchSize}",
				autoStartup = "${autoStartup}", batch = "${batch}", prefetch = "${prefetch}",
				properties = "${properties}")
		void on(String text) {
		}

	}

	static class OnlyText {

		final Queue<String> texts = new ConcurrentLinkedQueue<>();

		@LiftbridgeListener(streams = "${in}")
		void on(String text) {
			this.texts.add("later " + text);
		}

		void plain(String text) {
			this.texts.add("plain " + text);
		}

	}

	static class Options {

		@LiftbridgeListener(streams = "${in}", prefetch = "#{5 * 2}", properties = { "prefetch-bytes=2MB",
				"shutdownTimeout=${timeout}", "${more}", "#{{'cursor-convention': 'next-offset'}}" })
		void on(String text) {
		}

	}

	static class Duplicates {

		@LiftbridgeListener(id = "same", streams = "${in}")
		void one(String text) {
		}

		@LiftbridgeListener(id = "same", streams = "${in}")
		void two(String text) {
		}

	}

	static class Unset {

		@LiftbridgeListener(streams = "${not.there}")
		void on(String text) {
		}

	}

	static class BatchWithoutList {

		@LiftbridgeListener(streams = "${in}", batch = "true")
		void on(String text) {
		}

	}

	static class TwoPayloads {

		@LiftbridgeListener(streams = "${in}")
		void on(String text, Integer other, @Header("x") String header) {
		}

	}

	static class UnknownHandler {

		@LiftbridgeListener(streams = "${in}", errorHandler = "nobody")
		void on(String text) {
		}

	}

	static class EmptySendTo {

		@LiftbridgeListener(streams = "${in}")
		@SendTo
		String on(String text) {
			return text;
		}

	}

}
