package io.liftbridge.spring.listener;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.message.Message;
import io.liftbridge.spring.EmbeddedBrokerTest;
import io.liftbridge.spring.TestApplication;
import io.liftbridge.spring.core.DefaultProducerFactory;
import io.liftbridge.spring.listener.delivery.AckMode;
import io.liftbridge.spring.listener.delivery.DeadLetterPublisher;
import io.liftbridge.spring.listener.delivery.DefaultErrorHandler;
import io.liftbridge.spring.listener.delivery.ErrorHandler;
import io.liftbridge.spring.listener.delivery.RecordListener;
import io.liftbridge.spring.listener.delivery.RetryStream;
import io.liftbridge.spring.support.LiftbridgeHeaders;
import io.liftbridge.spring.support.SeekTo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.util.backoff.FixedBackOff;

import static io.liftbridge.spring.TestApplication.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Who gets what waits in a retry stream: whoever goes on where the listener that failed
 * has left off, and nobody else.
 */
class RetryStreamSharingTests extends EmbeddedBrokerTest {

	private final String retries = this.stream + ".retry";

	private final Queue<String> texts = new ConcurrentLinkedQueue<>();

	private final RecordListener collecting = (message, acknowledgment) -> {
		this.texts.add(message.text() + " of " + message.stream());
		return null;
	};

	private LiftbridgeClient client;

	private DefaultProducerFactory producers;

	private TestApplication app;

	@BeforeEach
	void open() {
		this.client = LiftbridgeClient.builder().seeds(broker.address()).build();
		this.producers = new DefaultProducerFactory(this.client);
		stream(1);
	}

	@AfterEach
	void close() throws Exception {
		if (this.app != null) {
			this.app.close();
		}
		this.producers.destroy();
		this.client.close();
	}

	@Test
	void aMemberOfAGroupGetsWhatAnotherOneHasFailedOn() {
		start();
		ContainerProperties properties = properties();
		properties.setGroup("g" + this.stream);
		ListenerContainer first = register("a", properties, failing());
		send("bad");
		eventually(() -> assertThat(this.app.messages(this.retries, 0)).hasSize(1));
		first.stop();
		register("b", properties, this.collecting);
		eventually(() -> assertThat(this.texts).containsExactly("bad of " + this.stream));
	}

	@Test
	void aListenerWithAnotherIdThatGoesOnWithTheSameCursorGetsIt() {
		start();
		ContainerProperties properties = properties();
		properties.setCursorId("kept");
		ListenerContainer first = register("before", properties, failing());
		send("bad");
		eventually(() -> assertThat(this.app.messages(this.retries, 0)).hasSize(1));
		first.stop();
		this.app.registry().unregister("before");
		register("after", properties, this.collecting);
		eventually(() -> assertThat(this.texts).containsExactly("bad of " + this.stream));
	}

	@Test
	void anotherApplicationsListenerOfTheSameNameDoesNotGetIt() {
		start();
		ContainerProperties own = properties();
		own.setCursorId("shop.orders");
		register("orders", own, this.collecting);
		try (TestApplication other = TestApplication.on(broker.address())
			.factory((factory) -> factory.setErrorHandler(handler(Duration.ofMillis(50))))
			.start()) {
			ContainerProperties properties = properties();
			properties.setCursorId("bank.orders");
			other.registry().register(other.factory().createContainer("orders", properties, failing()));
			send("bad");
			eventually(() -> assertThat(other.messages(this.stream + ".dlt", 0)).hasSize(1));
		}
		eventually(() -> assertThat(this.app.cursor("shop.orders", this.retries, 0)).isEqualTo(1));
		assertThat(this.texts).containsExactly("bad of " + this.stream);
	}

	/** It may be written before the first look at where the retry stream ends. */
	@Test
	void whatFailedBeforeTheRetryStreamWasReadForTheFirstTimeIsNotSkipped() {
		broker.createStream(this.retries, 1);
		start();
		waiting("fresh", "x");
		ContainerProperties properties = properties();
		properties.setStartPosition(StartPosition::newOnly);
		register("fresh", properties, this.collecting);
		eventually(() -> assertThat(this.texts).containsExactly("x of " + this.stream));
	}

	@Test
	void neitherIsItSkippedInAGroup() {
		broker.createStream(this.retries, 1);
		start();
		String group = "g" + this.stream;
		waiting("__group:" + group, "x");
		ContainerProperties properties = properties();
		properties.setGroup(group);
		properties.setStartPosition(StartPosition::newOnly);
		register("fresh", properties, this.collecting);
		eventually(() -> assertThat(this.texts).containsExactly("x of " + this.stream));
	}

	@Test
	void neitherIsItSkippedWithAPattern() {
		broker.createStream(this.retries, 1);
		start();
		waiting("fresh", "x");
		ContainerProperties properties = properties();
		properties.setStreams(List.of());
		properties.setStreamPattern(Pattern.compile(Pattern.quote(this.stream)));
		properties.setStartPosition(StartPosition::newOnly);
		register("fresh", properties, this.collecting);
		eventually(() -> assertThat(this.texts).containsExactly("x of " + this.stream));
	}

	@Test
	void neitherSeekAwareNorASeekOfAllPartitionsSkipsOrRepeatsWhatIsInRetryStreams() {
		broker.createStream(this.retries, 1);
		start();
		waiting("seeking", "x");
		ContainerProperties properties = properties();
		Queue<String> asked = new ConcurrentLinkedQueue<>();
		properties.setSeekAware((container, stream, partition, stored) -> {
			asked.add(stream);
			return SeekTo.newOnly();
		});
		ListenerContainer container = register("seeking", properties, this.collecting);
		eventually(() -> assertThat(this.texts).containsExactly("x of " + this.stream));
		eventually(() -> assertThat(asked).containsExactly(this.stream));
		send("y");
		eventually(() -> assertThat(this.texts).contains("y of " + this.stream));
		this.texts.clear();
		container.seek(SeekTo.earliest()).join();
		eventually(() -> assertThat(this.texts).contains("y of " + this.stream));
		container.seek(this.retries, 0, SeekTo.earliest()).join();
		eventually(() -> assertThat(this.texts).containsExactly("y of " + this.stream, "x of " + this.stream));
	}

	/** Its partitions and replicas are those of its stream, which is not there yet. */
	@Test
	void aRetryStreamIsNotCreatedBeforeItsStream() {
		String late = this.stream + "-late";
		start();
		ContainerProperties properties = properties();
		properties.setStreams(List.of(late));
		register("early", properties, this.collecting);
		properties.setGroup("g" + late);
		register("member", properties, this.collecting);
		eventually(() -> assertThat(this.app.container("early").partitions())
			.allSatisfy((status) -> assertThat(status.state()).isEqualTo(PartitionState.WAITING)));
		eventually(() -> assertThat(this.app.container("member").partitions())
			.allSatisfy((status) -> assertThat(status.state()).isEqualTo(PartitionState.WAITING)));
		broker.createStream(late, 3);
		this.app.awaitRunning("early").awaitRunning("member");
		assertThat(this.client.streams().describe(late + ".retry").partitions()).hasSize(3);
	}

	/** It would be delivered again as a whole at each start. */
	@Test
	void isRefusedWithoutStoredPositions() {
		start();
		ContainerProperties properties = properties();
		properties.setAckMode(AckMode.NONE);
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.app.factory().createContainer("forgetful", properties, this.collecting))
			.withMessageContainingAll("'forgetful'", "ackMode = 'NONE'", "retry stream", "errorHandler");
		properties.setStreams(List.of());
		properties.setStreamPattern(Pattern.compile("x.*"));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.app.factory().createContainer("forgetful", properties, this.collecting))
			.withMessageContaining("ackMode = 'NONE'");
	}

	/** Nobody reads a retry stream of a retry stream. */
	@Test
	void whatSomebodyElseHasPutIntoARetryStreamComesBackOverThatStream() {
		broker.createStream(this.retries, 1);
		this.app = TestApplication.on(broker.address())
			.factory((factory) -> factory.setErrorHandler(handler(Duration.ofMillis(50))))
			.start();
		register("reader", properties(), failing());
		this.producers.send(this.retries, Message.builder().value("foreign").partition(0).build()).join();
		eventually(() -> assertThat(this.texts).hasSize(3));
		eventually(() -> assertThat(this.app.cursor("reader", this.retries, 0)).isEqualTo(2));
		assertThat(this.client.streams().exists(this.retries + ".retry")).isFalse();
	}

	private void start() {
		this.app = TestApplication.on(broker.address())
			.factory((factory) -> factory.setErrorHandler(handler(Duration.ofSeconds(2))))
			.start();
	}

	private ErrorHandler handler(Duration pause) {
		return new DefaultErrorHandler(new FixedBackOff(0, 0), new RetryStream(this.client, this.producers,
				new FixedBackOff(pause.toMillis(), 2), new DeadLetterPublisher(this.client, this.producers)));
	}

	private ContainerProperties properties() {
		ContainerProperties properties = new ContainerProperties(this.app.factory().getContainerProperties());
		properties.setStreams(List.of(this.stream));
		return properties;
	}

	private ListenerContainer register(String id, ContainerProperties properties, RecordListener listener) {
		ListenerContainer container = this.app.factory().createContainer(id, properties, listener);
		this.app.registry().register(container);
		return container;
	}

	private RecordListener failing() {
		return (message, acknowledgment) -> {
			if (message.text().equals("foreign")) {
				this.texts.add("foreign");
			}
			throw new IllegalStateException("always");
		};
	}

	private void send(String text) {
		this.producers.send(this.stream, Message.builder().value(text).partition(0).build()).join();
	}

	/** As if a listener had failed on it some time ago. */
	private void waiting(String cursorId, String text) {
		this.producers
			.send(this.retries,
					Message.builder()
						.value(text)
						.partition(0)
						.header(LiftbridgeHeaders.RETRY_STREAM, this.stream)
						.header(LiftbridgeHeaders.RETRY_PARTITION, "0")
						.header(LiftbridgeHeaders.RETRY_OFFSET, "0")
						.header(LiftbridgeHeaders.RETRY_TIMESTAMP, "1")
						.header(LiftbridgeHeaders.RETRY_CURSOR_ID, cursorId)
						.header(LiftbridgeHeaders.RETRY_DUE, "1")
						.header(LiftbridgeHeaders.RETRY_ROUND, "1")
						.header(LiftbridgeHeaders.RETRY_ATTEMPTS, "1")
						.build())
			.join();
	}

}
