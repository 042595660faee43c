package io.liftbridge.spring.listener;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.cluster.Address;
import io.liftbridge.client.entry.Codecs;
import io.liftbridge.client.entry.Compression;
import io.liftbridge.client.entry.EncodedEntry;
import io.liftbridge.client.entry.EntryEncoder;
import io.liftbridge.client.entry.EntryHeaders;
import io.liftbridge.client.entry.RecordBatchEncoder;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.BreakableLink;
import io.liftbridge.spring.EmbeddedBrokerTest;
import io.liftbridge.spring.TestApplication;
import io.liftbridge.spring.annotation.LiftbridgeListener;
import io.liftbridge.spring.core.DefaultProducerFactory;
import io.liftbridge.spring.listener.delivery.BatchListenerFailedException;
import io.liftbridge.spring.listener.delivery.DeadLetterPublisher;
import io.liftbridge.spring.listener.delivery.DefaultErrorHandler;
import io.liftbridge.spring.listener.delivery.ErrorHandler;
import io.liftbridge.spring.listener.delivery.ListenerMetrics;
import io.liftbridge.spring.listener.delivery.RecordListener;
import io.liftbridge.spring.listener.delivery.RetryStream;
import io.liftbridge.spring.support.SeekTo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.util.backoff.FixedBackOff;

import static io.liftbridge.spring.TestApplication.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What happens while messages that have failed wait to be delivered again.
 */
class RetryStreamHoldTests extends EmbeddedBrokerTest {

	private static final Duration PAUSE = Duration.ofSeconds(2);

	private final String retries = this.stream + ".retry";

	private final Queue<String> texts = new ConcurrentLinkedQueue<>();

	private final Map<String, Integer> attempts = new ConcurrentHashMap<>();

	/** From which streams. */
	private final Set<String> received = ConcurrentHashMap.newKeySet();

	private LiftbridgeClient client;

	private DefaultProducerFactory producers;

	@BeforeEach
	void open() {
		this.client = LiftbridgeClient.builder().seeds(broker.address()).build();
		this.producers = new DefaultProducerFactory(this.client);
		stream(1);
	}

	@AfterEach
	void close() throws Exception {
		this.producers.destroy();
		this.client.close();
	}

	@Test
	void elementsOfABatchComeAgainAsABatch() {
		Lists listener = new Lists();
		try (TestApplication app = application(PAUSE).listener(listener).start()) {
			app.container("lists").pause();
			app.awaitRunning("lists");
			send("bad1", "good1", "bad2", "good2");
			app.container("lists").resume();
			eventually(() -> assertThat(listener.seen).contains("good1", "good2", "bad1", "bad2"));
			eventually(() -> assertThat(app.cursor("lists", this.retries, 0)).isEqualTo(1));
			assertThat(listener.seen).containsExactlyInAnyOrder("good1", "good2", "bad1", "bad2");
			assertThat(listener.places).contains(this.stream + "@0", this.stream + "@2")
				.noneMatch((place) -> place.startsWith(this.retries));
			assertThat(app.cursor("lists", this.stream, 0)).isEqualTo(3);
			assertThat(app.client().streams().exists(this.stream + ".dlt")).isFalse();
		}
	}

	@Test
	void aRecordOfABatchEntryComesAgainWithItsIndex() {
		try (TestApplication app = application(Duration.ofMillis(200)).start()) {
			register(app, "records", failingOnce("bad", (message) -> this.texts
				.add(message.offset() + "." + message.index() + "/" + message.recordCount() + ":" + message.text())));
			this.producers.send(this.stream, entry("a", "bad", "c")).join();
			eventually(() -> assertThat(this.texts).containsExactly("0.0/3:a", "0.2/3:c", "0.1/3:bad"));
			eventually(() -> assertThat(app.cursor("records", this.retries, 0)).isZero());
			eventually(() -> assertThat(app.cursor("records", this.stream, 0)).isZero());
		}
	}

	@Test
	void whatWaitsOutlastsALostConnection() throws Exception {
		try (BreakableLink link = new BreakableLink(broker.port());
				TestApplication app = TestApplication.on(link.address())
					.client((builder) -> builder.addressResolver((address) -> Address.parse(link.address())))
					.factory((factory) -> factory.setErrorHandler(handler(PAUSE)))
					.factory(this::count)
					.start()) {
			register(app, "cut", failingOnce("bad", (message) -> this.texts.add(message.text())));
			send("bad");
			awaitHeld();
			link.cut();
			eventually(() -> assertThat(app.container("cut").partitions())
				.allSatisfy((status) -> assertThat(status.state()).isEqualTo(PartitionState.INTERRUPTED)));
			link.mend();
			send("after");
			eventually(() -> assertThat(this.texts).contains("bad", "after"));
			send("bad2");
			eventually(() -> assertThat(this.texts).contains("bad2"));
			eventually(() -> assertThat(app.cursor("cut", this.retries, 0)).isEqualTo(1));
			assertThat(this.texts).containsExactlyInAnyOrder("bad", "after", "bad2");
		}
	}

	@Test
	void aPauseOfTheUserAndTheWaitDoNotEndOneAnother() {
		try (TestApplication app = application(PAUSE).start()) {
			ListenerContainer container = register(app, "paused",
					failingOnce("bad", (message) -> this.texts.add(message.text())));
			send("bad1");
			awaitHeld();
			container.pause();
			container.resume();
			send("bad2");
			eventually(() -> assertThat(app.messages(this.retries, 0)).hasSize(2));
			// What is due meanwhile waits for the end of the pause.
			container.pause(this.retries, 0);
			assertThat(container.isPaused(this.retries, 0)).isTrue();
			send("good");
			eventually(() -> assertThat(this.texts).contains("good"));
			container.resume(this.retries, 0);
			eventually(() -> assertThat(this.texts).containsExactlyInAnyOrder("bad1", "bad2", "good"));
			eventually(() -> assertThat(app.cursor("paused", this.retries, 0)).isEqualTo(1));
		}
	}

	/** Its position is stored before the new place, and not over it. */
	@Test
	void aSeekWaitsForWhatIsBeingDeliveredLate() throws Exception {
		CountDownLatch entered = new CountDownLatch(1);
		CountDownLatch proceed = new CountDownLatch(1);
		try (TestApplication app = application(Duration.ofMillis(100)).start()) {
			ListenerContainer container = register(app, "late", (properties) -> properties.setConcurrency(2),
					(message, acknowledgment) -> {
						if (this.attempts.merge(message.text(), 1, Integer::sum) == 1) {
							throw new IllegalStateException("not yet");
						}
						if (message.text().equals("second") && entered.getCount() > 0) {
							entered.countDown();
							proceed.await(20, TimeUnit.SECONDS);
						}
						this.texts.add(message.text());
						return null;
					});
			send("first", "second");
			assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
			CompletableFuture<Void> done = container.seek(this.retries, 0, SeekTo.earliest());
			send("third");
			eventually(() -> assertThat(app.messages(this.retries, 0)).hasSize(3));
			assertThat(done).isNotDone();
			assertThat(this.texts).containsExactly("first");
			proceed.countDown();
			assertThat(done).succeedsWithin(Duration.ofSeconds(20));
			eventually(() -> assertThat(this.texts).containsExactly("first", "second", "first", "second", "third"));
			eventually(() -> assertThat(app.cursor("late", this.retries, 0)).isEqualTo(2));
		}
	}

	@Test
	void anotherMemberOfTheGroupDeliversWhatWaitsHere() {
		try (TestApplication first = application(PAUSE).start(); TestApplication second = application(PAUSE).start()) {
			Consumer<ContainerProperties> grouped = (properties) -> properties.setGroup("g" + this.stream);
			ListenerContainer container = register(first, "one", grouped, (message, acknowledgment) -> {
				this.texts.add("one:" + message.text());
				throw new IllegalStateException("always");
			});
			send("bad1", "bad2");
			awaitHeld();
			eventually(() -> assertThat(first.messages(this.retries, 0)).hasSize(2));
			container.pause();
			register(second, "two", grouped, (message, acknowledgment) -> {
				this.texts.add("two:" + message.text());
				return null;
			});
			container.stop();
			eventually(() -> assertThat(this.texts).filteredOn((text) -> text.startsWith("two:"))
				.containsExactly("two:bad1", "two:bad2"));
			eventually(() -> assertThat(second.cursor("__group:g" + this.stream, this.retries, 0)).isPositive());
		}
	}

	@Test
	void inAGroupNothingOvertakesWhatWaits() {
		try (TestApplication app = application(Duration.ofMillis(300)).start()) {
			register(app, "many", (properties) -> {
				properties.setGroup("g" + this.stream);
				properties.setBatchSize(1);
			}, (message, acknowledgment) -> {
				if (this.attempts.merge(message.text(), 1, Integer::sum) == 1) {
					throw new IllegalStateException("not yet");
				}
				this.texts.add(message.text());
				return null;
			});
			String[] all = new String[60];
			for (int i = 0; i < all.length; i++) {
				all[i] = "m" + i;
			}
			send(all);
			eventually(() -> assertThat(this.texts).containsExactly(all));
			eventually(() -> assertThat(app.cursor("__group:g" + this.stream, this.retries, 0)).isEqualTo(59));
		}
	}

	private TestApplication.Builder application(Duration pause) {
		return application().factory((factory) -> factory.setErrorHandler(handler(pause))).factory(this::count);
	}

	private ErrorHandler handler(Duration pause) {
		return new DefaultErrorHandler(new FixedBackOff(0, 0), new RetryStream(this.client, this.producers,
				new FixedBackOff(pause.toMillis(), 3), new DeadLetterPublisher(this.client, this.producers)));
	}

	private ListenerContainer register(TestApplication app, String id, RecordListener listener) {
		return register(app, id, (properties) -> {
		}, listener);
	}

	private ListenerContainer register(TestApplication app, String id, Consumer<ContainerProperties> options,
			RecordListener listener) {
		ContainerProperties properties = new ContainerProperties(app.factory().getContainerProperties());
		properties.setStreams(List.of(this.stream));
		options.accept(properties);
		ListenerContainer container = app.factory().createContainer(id, properties, listener);
		app.registry().register(container);
		return container;
	}

	private RecordListener failingOnce(String prefix, Consumer<ReceivedMessage<byte[]>> then) {
		return (message, acknowledgment) -> {
			if (message.text().startsWith(prefix) && this.attempts.merge(message.text(), 1, Integer::sum) == 1) {
				throw new IllegalStateException("not yet");
			}
			then.accept(message);
			return null;
		};
	}

	private void send(String... texts) {
		for (String text : texts) {
			this.producers.send(this.stream, Message.builder().value(text).partition(0).build()).join();
		}
	}

	private static Message entry(String... values) {
		RecordBatchEncoder batch = new RecordBatchEncoder(0);
		for (String value : values) {
			batch.add(Message.of(value.getBytes()), 1);
		}
		EncodedEntry encoded = new EntryEncoder(Codecs.STANDARD, Compression.GZIP, 0, EntryHeaders.ENCODING)
			.encode(batch);
		Message.Builder message = Message.builder()
			.value(Arrays.copyOf(encoded.array(), encoded.length()))
			.partition(0);
		encoded.forEachHeader(message::header);
		return message.build();
	}

	/** The first message of the retry stream has arrived, which a look at it is not. */
	private void awaitHeld() {
		eventually(() -> assertThat(this.received).contains(this.retries));
	}

	private void count(LiftbridgeListenerContainerFactory factory) {
		factory.setListenerMetrics(new ListenerMetrics() {

			@Override
			public void received(String listener, String stream, int messages) {
				RetryStreamHoldTests.this.received.add(stream);
			}

		});
	}

	static class Lists {

		final Queue<String> seen = new ConcurrentLinkedQueue<>();

		final Queue<String> places = new ConcurrentLinkedQueue<>();

		private final Map<String, Integer> attempts = new ConcurrentHashMap<>();

		@LiftbridgeListener(id = "lists", streams = "${in}", batch = "true")
		void on(List<ReceivedMessage<String>> batch) {
			for (int i = 0; i < batch.size(); i++) {
				ReceivedMessage<String> message = batch.get(i);
				if (message.value().startsWith("bad") && this.attempts.merge(message.value(), 1, Integer::sum) == 1) {
					throw new BatchListenerFailedException("bad", null, i);
				}
				this.places.add(message.stream() + "@" + message.offset());
				this.seen.add(message.value());
			}
		}

	}

}
