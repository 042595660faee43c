package io.liftbridge.spring.observation;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.entry.Compression;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.MessageTooLargeException;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.client.message.StreamNotFoundException;
import io.liftbridge.client.producer.ProducerListener;
import io.liftbridge.spring.EmbeddedBrokerTest;
import io.liftbridge.spring.core.DefaultProducerFactory;
import io.liftbridge.spring.core.LiftbridgeTemplate;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.liftbridge.spring.TestApplication.eventually;
import static org.assertj.core.api.Assertions.assertThat;

class SendObservationTests extends EmbeddedBrokerTest {

	private final Recorder recorder = new Recorder();

	private final ObservationRegistry registry = TestObservationRegistry.create();

	private LiftbridgeClient client;

	private DefaultProducerFactory producers;

	private LiftbridgeTemplate template;

	@BeforeEach
	void open() {
		stream(1);
		this.registry.observationConfig().observationHandler(this.recorder);
		this.client = LiftbridgeClient.builder().seeds(broker.address()).maxMessageBytes(10_000).build();
		this.producers = new DefaultProducerFactory(this.client);
		this.producers.setSendObserver(new MicrometerSendObserver(this.registry));
		this.template = new LiftbridgeTemplate(this.client, this.producers);
	}

	@AfterEach
	void close() {
		this.producers.destroy();
		this.client.close();
	}

	@Test
	void aSendEndsWithItsAcknowledgementAndPutsItsTraceIntoTheHeaders() {
		this.template.newMessage("hello").stream(this.stream).key("k").header("region", "eu").send().join();
		// The future completes before its producer tells anybody else.
		eventually(() -> assertThat(this.recorder.sends()).hasSize(1));
		LiftbridgeSenderContext send = this.recorder.sends().get(0);
		assertThat(send.getName()).isEqualTo("liftbridge.template");
		assertThat(send.getContextualName()).isEqualTo("send " + this.stream);
		assertThat(send.getError()).isNull();
		assertThat(send.getLowCardinalityKeyValues()).containsExactlyInAnyOrder(
				KeyValue.of("messaging.system", "liftbridge"), KeyValue.of("messaging.operation.name", "send"),
				KeyValue.of("messaging.operation.type", "send"),
				KeyValue.of("messaging.destination.name", this.stream));
		assertThat(send.getHighCardinalityKeyValues()).containsExactlyInAnyOrder(
				KeyValue.of("messaging.message.body.size", "5"), KeyValue.of("messaging.destination.partition.id", "0"),
				KeyValue.of("liftbridge.message.offset", "0"));
		ReceivedMessage<byte[]> stored = stored(1).get(0);
		assertThat(stored.headers().text(Recorder.TRACE)).isEqualTo(send.get(Recorder.TRACE));
		assertThat(stored.headers().text("region")).isEqualTo("eu");
		assertThat(stored.keyText()).isEqualTo("k");
	}

	@Test
	void aSendThatIsRefusedAtOnceEndsWithItsFailureAndWithoutAMadeUpNameInMeters() {
		assertThat(this.template.send("nosuch", "x")).failsWithin(Duration.ofSeconds(20));
		eventually(() -> assertThat(this.recorder.sends()).hasSize(1));
		LiftbridgeSenderContext send = this.recorder.sends().get(0);
		assertThat(send.getError()).isInstanceOf(StreamNotFoundException.class);
		assertThat(send.getLowCardinalityKeyValue("messaging.destination.name"))
			.isEqualTo(KeyValue.of("messaging.destination.name", "unknown"));
	}

	@Test
	void aSendThatIsTooLargeEndsWithItsFailure() {
		this.template.send(this.stream, new byte[20_000]).exceptionally((ex) -> null).join();
		eventually(() -> assertThat(this.recorder.sends()).singleElement()
			.satisfies((send) -> assertThat(send.getError()).isInstanceOf(MessageTooLargeException.class)));
	}

	@Test
	void aSendWithAClosedFactoryEnds() {
		this.producers.destroy();
		assertThat(this.template.send(this.stream, "x")).failsWithin(Duration.ofSeconds(20));
		assertThat(this.recorder.sends()).hasSize(1);
	}

	@Test
	void aBatchEntryIsOneObservationWhoseTraceEachRecordCarries() {
		this.template.sendBatchEntry(this.stream, List.of("a", "b", "c"), Compression.NONE).join();
		eventually(() -> assertThat(this.recorder.sends()).hasSize(1));
		LiftbridgeSenderContext send = this.recorder.sends().get(0);
		assertThat(send.getHighCardinalityKeyValue("messaging.batch.message_count").getValue()).isEqualTo("3");
		assertThat(stored(3)).extracting((message) -> message.headers().text(Recorder.TRACE))
			.containsOnly(send.<String>get(Recorder.TRACE));
	}

	@Test
	void eachMessageOfABulkHasAnObservation() {
		this.template.sendAll(this.stream, List.of("a", "b", "c")).forEach((result) -> {
		});
		eventually(() -> assertThat(this.recorder.sends()).hasSize(3));
		assertThat(stored(3)).extracting((message) -> message.headers().text(Recorder.TRACE)).doesNotHaveDuplicates();
	}

	@Test
	void whatIsPassedOnKeepsItsTrace() {
		Message letter = Message.builder().value("x").header(Recorder.TRACE, "00-before").build();
		this.producers.send(this.stream, letter).join();
		assertThat(stored(1).get(0).headers().text(Recorder.TRACE)).isEqualTo("00-before");
		assertThat(this.recorder.begun()).isEmpty();
		// A reply that copies the headers of its request belongs to the listener's call.
		Observation call = Observation.start("call", this.registry);
		call.scoped(() -> {
			this.producers.send(this.stream, letter).join();
		});
		call.stop();
		assertThat(stored(2).get(1).headers().text(Recorder.TRACE)).isNotEqualTo("00-before");
		eventually(() -> assertThat(this.recorder.sends()).hasSize(1));
		assertThat(this.recorder.sends().get(0).getParentObservation()).isEqualTo(call);
	}

	@Test
	void conventionsAreReplaceableAndCustomizersAdd() {
		this.producers = new DefaultProducerFactory(this.client);
		this.producers.setSendObserver(new MicrometerSendObserver(this.registry, new OwnConvention(),
				List.of((context) -> context.addLowCardinalityKeyValue(KeyValue.of("region", "eu")))));
		new LiftbridgeTemplate(this.client, this.producers).send(this.stream, "x").join();
		eventually(() -> assertThat(this.recorder.sends()).hasSize(1));
		LiftbridgeSenderContext send = this.recorder.sends().get(0);
		assertThat(send.getName()).isEqualTo("own");
		assertThat(send.getLowCardinalityKeyValues()).containsExactlyInAnyOrder(KeyValue.of("region", "eu"),
				KeyValue.of("to", this.stream));
	}

	@Test
	void aSendEndsAlsoWhereACustomizerSetsAListenerOfItsOwn() {
		Queue<Message> told = new ConcurrentLinkedQueue<>();
		this.producers = new DefaultProducerFactory(this.client,
				List.of((stream, producer) -> producer.listener(new ProducerListener() {

					@Override
					public void onAck(Message message, Ack ack, long nanos) {
						told.add(message);
					}

				})), List.of());
		this.producers.setSendObserver(new MicrometerSendObserver(this.registry));
		new LiftbridgeTemplate(this.client, this.producers).send(this.stream, "x").join();
		eventually(() -> assertThat(this.recorder.sends()).singleElement()
			.satisfies((send) -> assertThat(send.getAck()).isNotNull()));
		eventually(() -> assertThat(told).hasSize(1));
	}

	@Test
	void aConventionThatFailsKeepsNoMessageFromBeingSent() {
		this.producers = new DefaultProducerFactory(this.client);
		this.producers.setSendObserver(new MicrometerSendObserver(this.registry, null, List.of((context) -> {
			throw new IllegalStateException("Broken");
		})));
		new LiftbridgeTemplate(this.client, this.producers).send(this.stream, "x").join();
		assertThat(stored(1)).hasSize(1);
	}

	@Test
	void nothingIsObservedWithoutAnyoneWhoLooks() {
		assertThat(new MicrometerSendObserver(ObservationRegistry.create()).begin("s", List.of(Message.of("k", "v"))))
			.isNull();
	}

	private List<ReceivedMessage<byte[]>> stored(int count) {
		return this.template.receive(this.stream, 0, StartPosition.earliest(), count);
	}

	/** Tells where to, and nothing else. */
	private static final class OwnConvention implements LiftbridgeTemplateObservationConvention {

		@Override
		public String getName() {
			return "own";
		}

		@Override
		public KeyValues getLowCardinalityKeyValues(LiftbridgeSenderContext context) {
			return KeyValues.of("to", context.getDestination());
		}

	}

}
