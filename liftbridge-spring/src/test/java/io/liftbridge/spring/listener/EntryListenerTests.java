package io.liftbridge.spring.listener;

import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.Map;

import io.liftbridge.client.entry.Codecs;
import io.liftbridge.client.entry.Compression;
import io.liftbridge.client.entry.EncodedEntry;
import io.liftbridge.client.entry.EntryEncoder;
import io.liftbridge.client.entry.EntryHeaders;
import io.liftbridge.client.entry.RecordBatchEncoder;
import io.liftbridge.client.message.MalformedEntryException;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.client.producer.Producer;
import io.liftbridge.spring.EmbeddedBrokerTest;
import io.liftbridge.spring.TestApplication;
import io.liftbridge.spring.annotation.LiftbridgeListener;
import io.liftbridge.spring.support.Acknowledgment;
import io.liftbridge.spring.support.LiftbridgeHeaders;
import org.junit.jupiter.api.Test;
import org.springframework.messaging.handler.annotation.Header;

import static io.liftbridge.spring.TestApplication.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Several records with one offset, and entries that cannot be unpacked.
 */
class EntryListenerTests extends EmbeddedBrokerTest {

	@Test
	void thePositionMovesWithTheLastRecordOnly() {
		stream(1);
		Blocked listener = new Blocked();
		try (TestApplication app = application().listener(listener).start()) {
			publish(app, Message.of("first".getBytes()), entry("a", "wait", "c"));
			eventually(() -> assertThat(listener.texts).containsExactly("0:first", "1.0:a"));
			eventually(() -> assertThat(app.cursor("blocked", this.stream, 0)).isZero());
			assertThat(app.status("blocked", 0).position()).isZero();
			listener.release.countDown();
			eventually(() -> assertThat(listener.texts).containsExactly("0:first", "1.0:a", "1.1:wait", "1.2:c"));
			eventually(() -> assertThat(app.cursor("blocked", this.stream, 0)).isEqualTo(1));
		}
	}

	@Test
	void anAcknowledgmentOfARecordDoesNotCoverThoseBehindIt() {
		stream(1);
		Manual listener = new Manual();
		try (TestApplication app = application().listener(listener).start()) {
			publish(app, Message.of("x".getBytes()), entry("a", "b"));
			eventually(() -> assertThat(listener.acknowledgments).hasSize(3));
			listener.acknowledgments.get("a").acknowledge();
			eventually(() -> assertThat(app.cursor("manual", this.stream, 0)).isZero());
			listener.acknowledgments.get("b").acknowledge();
			eventually(() -> assertThat(app.cursor("manual", this.stream, 0)).isEqualTo(1));
		}
	}

	@Test
	void thePositionStaysBeforeALargeMessageUntilThatIsComplete() {
		stream(1);
		Blocked listener = new Blocked();
		try (TestApplication app = application().listener(listener).start()) {
			publish(app, Message.of("first".getBytes()), chunk(0), Message.of("between".getBytes()));
			eventually(() -> assertThat(listener.texts).containsExactly("0:first", "2:between"));
			eventually(() -> assertThat(app.cursor("blocked", this.stream, 0)).isZero());
			publish(app, chunk(1));
			eventually(() -> assertThat(listener.texts).containsExactly("0:first", "2:between", "3:01"));
			eventually(() -> assertThat(app.cursor("blocked", this.stream, 0)).isEqualTo(3));
		}
	}

	@Test
	void theFirstChunkIsReadAgainAfterARestartBeforeTheLastOne() {
		stream(1);
		Manual first = new Manual();
		try (TestApplication app = application().listener(first).start()) {
			publish(app, chunk(0), Message.of("between".getBytes()));
			eventually(() -> assertThat(first.acknowledgments).containsKey("between"));
			first.acknowledgments.get("between").acknowledge();
			publish(app, chunk(1));
			eventually(() -> assertThat(first.acknowledgments).containsKey("01"));
		}
		Manual second = new Manual();
		try (TestApplication app = application().listener(second).start()) {
			eventually(() -> assertThat(second.acknowledgments).containsKeys("between", "01"));
		}
	}

	private static Message chunk(int index) {
		return Message.builder().value(String.valueOf(index)).header(EntryHeaders.CHUNK, "1;x;" + index + ";2").build();
	}

	/** What was not acknowledged must come again, though the record behind it is done. */
	@Test
	void aRecordThatIsGivenUpDoesNotAcknowledgeThoseBeforeIt() {
		stream(1);
		Manual listener = new Manual();
		try (TestApplication app = application().listener(listener).start()) {
			publish(app, entry("a", "bad"), Message.of("z".getBytes()));
			eventually(() -> assertThat(listener.acknowledgments).containsKey("z"));
			assertThat(app.messages(this.stream + ".dlt", 0)).singleElement().satisfies((letter) -> {
				assertThat(letter.text()).isEqualTo("bad");
				assertThat(letter.headers().text(LiftbridgeHeaders.DLT_OFFSET)).isEqualTo("0");
				assertThat(letter.headers().text(LiftbridgeHeaders.DLT_INDEX)).isEqualTo("1");
			});
		}
		Manual second = new Manual();
		try (TestApplication app = application().listener(second).start()) {
			eventually(() -> assertThat(second.acknowledgments).containsKeys("a", "z"));
		}
	}

	@Test
	void whatIsMalformedBecomesADeadLetterAsItIsStored() {
		stream(1);
		Blocked listener = new Blocked();
		try (TestApplication app = application().listener(listener).start()) {
			Message broken = Message.builder()
				.key("k")
				.value("no batch")
				.header(EntryHeaders.BATCH, "1;3")
				.header(EntryHeaders.ENCODING, "zlib")
				.header("region", "eu")
				.build();
			publish(app, broken, Message.of("after".getBytes()));
			eventually(() -> assertThat(listener.texts).containsExactly("1:after"));
			eventually(() -> assertThat(app.cursor("blocked", this.stream, 0)).isEqualTo(1));
			assertThat(app.messages(this.stream + ".dlt", 0)).singleElement().satisfies((letter) -> {
				assertThat(letter.text()).isEqualTo("no batch");
				assertThat(letter.keyText()).isEqualTo("k");
				assertThat(letter.headers().text("region")).isEqualTo("eu");
				assertThat(letter.headers().text("liftbridge_dlt_entry_Liftbridge-Batch")).isEqualTo("1;3");
				assertThat(letter.headers().text("liftbridge_dlt_entry_X-Msg-Encoding")).isEqualTo("zlib");
				assertThat(letter.headers().text(LiftbridgeHeaders.DLT_EXCEPTION_CLASS))
					.isEqualTo(MalformedEntryException.class.getName());
			});
		}
	}

	@Test
	void batchesTakeTheRecordsOfSeveralEntries() {
		stream(1);
		Lists listener = new Lists();
		try (TestApplication app = application().listener(listener).start()) {
			publish(app, entry("a", "b", "c"), entry("d", "e"));
			eventually(() -> assertThat(listener.messages).hasSize(5));
			assertThat(listener.messages).extracting((message) -> message.offset() + "." + message.index())
				.containsExactly("0.0", "0.1", "0.2", "1.0", "1.1");
			eventually(() -> assertThat(app.cursor("lists", this.stream, 0)).isEqualTo(1));
		}
	}

	private void publish(TestApplication app, Message... messages) {
		try (Producer producer = app.client().producer(this.stream).build()) {
			for (Message message : messages) {
				producer.send(message);
			}
		}
	}

	private static Message entry(String... values) {
		RecordBatchEncoder batch = new RecordBatchEncoder(0);
		for (String value : values) {
			batch.add(Message.of(value.getBytes()), 1);
		}
		EncodedEntry encoded = new EntryEncoder(Codecs.STANDARD, Compression.GZIP, 0, EntryHeaders.ENCODING)
			.encode(batch);
		Message.Builder message = Message.builder().value(Arrays.copyOf(encoded.array(), encoded.length()));
		encoded.forEachHeader(message::header);
		return message.build();
	}

	static class Blocked {

		final Queue<String> texts = new ConcurrentLinkedQueue<>();

		final CountDownLatch release = new CountDownLatch(1);

		@LiftbridgeListener(id = "blocked", streams = "${in}", ackMode = "RECORD", startPosition = "earliest")
		void on(String text, @Header(LiftbridgeHeaders.OFFSET) long offset,
				@Header(name = LiftbridgeHeaders.INDEX, required = false) Integer index) throws InterruptedException {
			if (text.equals("wait")) {
				this.release.await();
			}
			this.texts.add(offset + ((index != null) ? "." + index : "") + ":" + text);
		}

	}

	static class Manual {

		final Map<String, Acknowledgment> acknowledgments = new ConcurrentHashMap<>();

		@LiftbridgeListener(id = "manual", streams = "${in}", ackMode = "MANUAL", startPosition = "earliest")
		void on(String text, Acknowledgment acknowledgment) {
			if (text.equals("bad")) {
				throw new IllegalStateException("no bad here");
			}
			this.acknowledgments.put(text, acknowledgment);
			if (text.equals("x")) {
				acknowledgment.acknowledge();
			}
		}

	}

	static class Lists {

		final Queue<ReceivedMessage<String>> messages = new ConcurrentLinkedQueue<>();

		@LiftbridgeListener(id = "lists", streams = "${in}", batch = "true", startPosition = "earliest")
		void on(List<ReceivedMessage<String>> batch) {
			this.messages.addAll(batch);
		}

	}

}
