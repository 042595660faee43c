package io.liftbridge.spring.core;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionException;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.AckPolicy;
import io.liftbridge.client.message.ClientClosedException;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.MessageTooLargeException;
import io.liftbridge.client.message.PartitionNotFoundException;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.client.message.StreamNotFoundException;
import io.liftbridge.spring.EmbeddedBrokerTest;
import io.liftbridge.spring.support.LiftbridgeHeaders;
import io.liftbridge.spring.support.PayloadConversionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.messaging.support.MessageBuilder;

import static io.liftbridge.spring.TestApplication.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class LiftbridgeTemplateTests extends EmbeddedBrokerTest {

	private static final Duration LONG = Duration.ofSeconds(10);

	private final List<String> fates = Collections.synchronizedList(new ArrayList<>());

	private LiftbridgeClient client;

	private DefaultProducerFactory producers;

	private LiftbridgeTemplate template;

	@BeforeEach
	void open() {
		stream(3);
		this.client = LiftbridgeClient.builder().seeds(broker.address()).build();
		this.producers = new DefaultProducerFactory(this.client,
				List.of((name, producer) -> producer.ackTimeout(Duration.ofSeconds(8))), List.of(new Fates()));
		this.template = new LiftbridgeTemplate(this.client, this.producers);
	}

	@AfterEach
	void close() {
		this.producers.destroy();
		this.client.close();
	}

	@Test
	void sendsBytesTextAndJson() {
		Ack bytes = this.template.newMessage(new byte[] { 1, 2 }).stream(this.stream).partition(0).sendAndWait(LONG);
		this.template.newMessage("héllo").stream(this.stream).partition(0).sendAndWait(LONG);
		this.template.newMessage(new Order("o1", 3)).stream(this.stream).partition(0).sendAndWait(LONG);
		assertThat(bytes.offset()).isZero();
		List<ReceivedMessage<byte[]>> stored = this.template.receive(this.stream, 0, StartPosition.earliest(), 10);
		assertThat(stored.get(0).value()).containsExactly(1, 2);
		assertThat(stored.get(0).headers().text(LiftbridgeHeaders.CONTENT_TYPE)).isNull();
		assertThat(stored.get(1).text()).isEqualTo("héllo");
		assertThat(stored.get(1).headers().text(LiftbridgeHeaders.CONTENT_TYPE)).isEqualTo("text/plain;charset=UTF-8");
		assertThat(stored.get(2).text()).isEqualTo("{\"id\":\"o1\",\"amount\":3}");
		assertThat(stored.get(2).headers().text(LiftbridgeHeaders.CONTENT_TYPE)).isEqualTo("application/json");
		assertThat(stored.get(2).headers().names()).doesNotContain("__TypeId__");
	}

	@Test
	void namesTheClassOfAPayloadIfItIsToldTo() {
		this.template.setPayloadType(true);
		LiftbridgeTemplate same = this.template.withOptions(ProducerOverrides.NONE);
		for (Object payload : List.of("text", new byte[1], List.of("a"), new Order("o1", 3))) {
			same.newMessage(payload).stream(this.stream).partition(0).sendAndWait(LONG);
		}
		same.newMessage(new Order("o2", 3))
			.header(LiftbridgeHeaders.PAYLOAD_TYPE, "purchase")
			.stream(this.stream)
			.partition(0)
			.sendAndWait(LONG);
		assertThat(this.template.receive(this.stream, 0, StartPosition.earliest(), 10))
			.extracting((message) -> message.headers().text(LiftbridgeHeaders.PAYLOAD_TYPE))
			.containsExactly(null, null, null, "Order", "purchase");
	}

	@Test
	void choosesThePartitionByKey() {
		Ack first = this.template.send(this.stream, "k1", "a").join();
		Ack second = this.template.sendAndWait(this.stream, "k1", "b", LONG);
		assertThat(second.partition()).isEqualTo(first.partition());
		assertThat(this.template.receive(this.stream, first.partition(), first.offset()).keyText()).isEqualTo("k1");
	}

	@Test
	void sendsAMessageWithItsHeaders() {
		Ack ack = this.template
			.send(MessageBuilder.withPayload(new Order("o2", 1))
				.setHeader(LiftbridgeHeaders.STREAM, this.stream)
				.setHeader(LiftbridgeHeaders.KEY, "k")
				.setHeader(LiftbridgeHeaders.PARTITION, 2)
				.setHeader(LiftbridgeHeaders.ACK_POLICY, AckPolicy.ALL)
				.setHeader("region", "eu")
				.setHeader("count", 7)
				.build())
			.join();
		assertThat(ack.partition()).isEqualTo(2);
		assertThat(ack.policy()).isEqualTo(AckPolicy.ALL);
		ReceivedMessage<byte[]> stored = this.template.receive(this.stream, 2, 0);
		assertThat(stored.keyText()).isEqualTo("k");
		assertThat(stored.headers().text("region")).isEqualTo("eu");
		assertThat(stored.headers().text("count")).isEqualTo("7");
		assertThat(stored.headers().names()).noneMatch((name) -> name.startsWith(LiftbridgeHeaders.PREFIX))
			.doesNotContain("id", "timestamp");
	}

	@Test
	void sendsToTheDefaultStream() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.template.sendDefault("x"))
			.withMessageContaining("default stream");
		this.template.setDefaultStream(this.stream);
		assertThat(this.template.sendDefault("x").join().stream()).isEqualTo(this.stream);
		assertThat(this.template.sendDefault("k", "x").join().stream()).isEqualTo(this.stream);
		assertThat(this.template.send(MessageBuilder.withPayload("y").build()).join().stream()).isEqualTo(this.stream);
	}

	@Test
	void sendsToASubject() {
		Ack ack = this.template.sendToSubject(this.stream, "x").join();
		assertThat(ack.stream()).isEqualTo(this.stream);
		assertThat(this.template.receive(this.stream, 0, ack.offset()).text()).isEqualTo("x");
	}

	@Test
	void receivesOneMessageOrRanges() {
		for (int i = 0; i < 5; i++) {
			this.template.newMessage(new Order("o" + i, i)).stream(this.stream).partition(1).send().join();
		}
		assertThat(this.template.receive(this.stream, 1, 3, Order.class).value()).isEqualTo(new Order("o3", 3));
		assertThat(this.template.receive(this.stream, 1, 5)).isNull();
		assertThat(this.template.receive(this.stream, 1, StartPosition.offset(2), 2))
			.extracting(ReceivedMessage::offset)
			.containsExactly(2L, 3L);
		assertThatThrownBy(() -> this.template.receive("nowhere", 0, 0)).isInstanceOf(StreamNotFoundException.class);
	}

	@Test
	void throwsWhatIsWrongWithTheArguments() {
		assertThatThrownBy(() -> this.template.send("two words", "x")).isInstanceOf(InvalidRequestException.class);
		assertThatThrownBy(() -> this.template.newMessage("x").stream(this.stream).partition(-2).send())
			.isInstanceOf(InvalidRequestException.class);
		assertThatIllegalArgumentException().isThrownBy(() -> this.template.send(this.stream, (Object) null));
		assertThatThrownBy(() -> this.template.send(this.stream, new Loop()))
			.isInstanceOf(PayloadConversionException.class)
			.hasMessageContaining("Loop");
		assertThat(this.fates).isEmpty();
	}

	@Test
	void failsTheFutureWithEverythingElse() {
		assertFails("nowhere", "x", StreamNotFoundException.class);
		assertFails(this.stream, new byte[2 << 20], MessageTooLargeException.class);
		assertThatThrownBy(this.template.newMessage("x").stream(this.stream).partition(9).send()::join)
			.isInstanceOf(CompletionException.class)
			.hasCauseInstanceOf(PartitionNotFoundException.class);
		this.producers.destroy();
		assertFails(this.stream, "x", ClientClosedException.class);
	}

	private void assertFails(String stream, Object payload, Class<? extends Throwable> type) {
		assertThatThrownBy(this.template.send(stream, payload)::join).isInstanceOf(CompletionException.class)
			.hasCauseInstanceOf(type);
	}

	@Test
	void theOneThatWaitsThrowsTheFailureItself() {
		assertThatThrownBy(() -> this.template.sendAndWait("nowhere", "x", LONG))
			.isInstanceOf(StreamNotFoundException.class);
	}

	@Test
	void tellsTheFateOfEachMessageOnce() {
		this.template.send(this.stream, "x").join();
		assertThatThrownBy(this.template.send("nowhere", "x")::join);
		assertThatThrownBy(this.template.send(this.stream, new byte[2 << 20])::join);
		eventually(() -> assertThat(this.fates).containsExactlyInAnyOrder("sent " + this.stream, "acked " + this.stream,
				"sent nowhere", "failed nowhere StreamNotFoundException", "sent " + this.stream,
				"failed " + this.stream + " MessageTooLargeException"));
	}

	@Test
	void keepsOneProducerPerStreamUntilItIsClosed() {
		assertThat(this.producers.producers()).isEmpty();
		this.template.send(this.stream, "x").join();
		assertThat(this.producers.producer(this.stream)).isSameAs(this.producers.producer(this.stream));
		assertThat(this.producers.producers()).containsOnlyKeys(this.stream);
		this.template.send(this.stream, "y");
		this.producers.destroy();
		this.producers.destroy();
		// What was on its way has been waited for.
		assertThat(this.fates).filteredOn((fate) -> fate.startsWith("acked")).hasSize(2);
		assertThat(this.producers.producers()).isEmpty();
	}

	@Test
	void aListenerThatFailsDisturbsNobody() {
		DefaultProducerFactory factory = new DefaultProducerFactory(this.client, List.of(), List.of(new SendListener() {

			@Override
			public void sent(String name, Message message) {
				throw new IllegalStateException("broken");
			}

		}, new Fates()));
		try {
			new LiftbridgeTemplate(this.client, factory).send(this.stream, "x".getBytes(StandardCharsets.UTF_8)).join();
			eventually(() -> assertThat(this.fates).containsExactly("sent " + this.stream, "acked " + this.stream));
		}
		finally {
			factory.destroy();
		}
	}

	record Order(String id, int amount) {
	}

	/** Cannot be written as JSON. */
	static class Loop {

		public Loop getSelf() {
			return this;
		}

	}

	private final class Fates implements SendListener {

		@Override
		public void sent(String name, Message message) {
			LiftbridgeTemplateTests.this.fates.add("sent " + name);
		}

		@Override
		public void acked(String name, Message message, Ack ack, long nanos) {
			LiftbridgeTemplateTests.this.fates.add("acked " + name);
			assertThat(nanos).isPositive();
		}

		@Override
		public void failed(String name, Message message, LiftbridgeException failure) {
			LiftbridgeTemplateTests.this.fates.add("failed " + name + " " + failure.getClass().getSimpleName());
		}

	}

}
