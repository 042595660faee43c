package io.liftbridge.spring.listener.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import ch.qos.logback.classic.Level;
import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.Headers;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.client.message.StreamNotFoundException;
import io.liftbridge.client.stream.StreamSpec;
import io.liftbridge.spring.CapturedLog;
import io.liftbridge.spring.EmbeddedBrokerTest;
import io.liftbridge.spring.core.DefaultProducerFactory;
import io.liftbridge.spring.core.ProducerFactory;
import io.liftbridge.spring.support.LiftbridgeHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

class DeadLetterReplayerTests extends EmbeddedBrokerTest {

	private final String dlt = this.stream + ".dlt";

	private LiftbridgeClient client;

	private DefaultProducerFactory producers;

	private DeadLetterReplayer replayer;

	@BeforeEach
	void open() {
		this.client = LiftbridgeClient.builder().seeds(broker.address()).build();
		this.producers = new DefaultProducerFactory(this.client);
		this.replayer = new DeadLetterReplayer(this.client, this.producers);
		stream(2);
		broker.createStream(this.dlt, 2);
	}

	@AfterEach
	void close() throws Exception {
		this.producers.destroy();
		this.client.close();
	}

	@Test
	void putsDeadLettersBackAsTheyWereAndNoneTwice() {
		letters(0, 3);
		letters(1, 2);
		assertThat(this.replayer.from(this.dlt).run()).isEqualTo(new ReplayResult(5, 0, 0, 0, false));
		assertThat(texts(0)).containsExactly("v0", "v1", "v2");
		assertThat(texts(1)).containsExactly("v0", "v1");
		ReceivedMessage<byte[]> back = messages(this.stream, 0).get(1);
		assertThat(back.keyText()).isEqualTo("k1");
		assertThat(back.headers().text("region")).isEqualTo("eu");
		assertThat(back.headers().names()).filteredOn((name) -> name.startsWith("liftbridge_"))
			.containsExactly(LiftbridgeHeaders.DLT_REPLAYED_FROM);
		assertThat(back.headers().text(LiftbridgeHeaders.DLT_REPLAYED_FROM)).isEqualTo(this.dlt + "/0@1");
		assertThat(this.replayer.from(this.dlt).run().replayed()).isZero();
		letters(0, 1);
		assertThat(this.replayer.from(this.dlt).run().replayed()).isEqualTo(1);
		assertThat(texts(0)).hasSize(4);
	}

	@Test
	void aDryRunOnlyCounts() {
		letters(0, 3);
		assertThat(this.replayer.from(this.dlt).dryRun().run()).isEqualTo(new ReplayResult(3, 0, 0, 0, true));
		assertThat(texts(0)).isEmpty();
		assertThat(this.replayer.from(this.dlt).run().replayed()).isEqualTo(3);
	}

	@Test
	void whatAFilterHasTakenIsNotTakenAgainAndWhatItHasLeftIs() {
		letters(0, 150);
		ReplayResult some = this.replayer.from(this.dlt).filter((letter) -> letter.offset() % 2 == 1).run();
		assertThat(some).isEqualTo(new ReplayResult(75, 75, 0, 0, false));
		ReplayResult rest = this.replayer.from(this.dlt).run();
		assertThat(rest.replayed()).isEqualTo(75);
		assertThat(texts(0)).hasSize(150).doesNotHaveDuplicates();
		assertThat(this.replayer.from(this.dlt).run().replayed()).isZero();
	}

	@Test
	void limitsRangesAndPartitions() {
		letters(0, 10);
		letters(1, 10);
		assertThat(this.replayer.from(this.dlt).limit(4).run().replayed()).isEqualTo(4);
		assertThat(texts(0)).containsExactly("v0", "v1", "v2", "v3");
		assertThat(this.replayer.from(this.dlt).partition(0).offsets(2, 6).run())
			.isEqualTo(new ReplayResult(3, 0, 0, 0, false));
		assertThat(texts(0)).endsWith("v4", "v5", "v6").hasSize(7);
		assertThat(texts(1)).isEmpty();
		assertThat(this.replayer.from(this.dlt).run().replayed()).isEqualTo(13);
		assertThat(texts(0)).hasSize(10).doesNotHaveDuplicates();
		assertThat(texts(1)).hasSize(10).doesNotHaveDuplicates();
	}

	@Test
	void putsThemIntoAnotherStream() {
		letters(1, 2);
		String other = this.stream + "-mended";
		broker.createStream(other, 1);
		assertThat(this.replayer.from(this.dlt).to(other).run().replayed()).isEqualTo(2);
		assertThat(messages(other, 0)).extracting(ReceivedMessage::text).containsExactly("v0", "v1");
		assertThat(texts(1)).isEmpty();
	}

	@Test
	void whatDoesNotTellItsOriginStaysAndIsCounted() {
		this.producers.send(this.dlt, Message.builder().value("foreign").partition(0).build()).join();
		letters(0, 1);
		assertThat(this.replayer.from(this.dlt).run()).isEqualTo(new ReplayResult(1, 0, 0, 1, false));
		assertThat(this.replayer.from(this.dlt).run()).isEqualTo(new ReplayResult(0, 0, 1, 1, false));
	}

	@Test
	void saysOnceOfAStreamWithoutDeadLettersThatNothingCanBePutBack() {
		for (int i = 0; i < 5; i++) {
			this.producers.send(this.dlt, Message.builder().value("reading").partition(0).build()).join();
		}
		try (CapturedLog log = CapturedLog.of(ReplayRun.class)) {
			assertThat(this.replayer.from(this.dlt).run().unusable()).isEqualTo(5);
			assertThat(log.lines(Level.WARN)).containsExactly("Replay of '" + this.dlt + "': 5 message(s) cannot be put"
					+ " back, the first is " + this.dlt + "/0@0: they do not tell which stream they come from");
		}
	}

	@Test
	void aValueThatWasOmittedIsReadFromItsOriginalPlace() {
		this.producers.send(this.stream, Message.builder().value("large").partition(1).build()).join();
		this.producers
			.send(this.dlt,
					Message.builder()
						.header(LiftbridgeHeaders.DLT_STREAM, this.stream)
						.header(LiftbridgeHeaders.DLT_PARTITION, "1")
						.header(LiftbridgeHeaders.DLT_OFFSET, "0")
						.header(LiftbridgeHeaders.DLT_VALUE_OMITTED, "true")
						.value("")
						.partition(1)
						.build())
			.join();
		assertThat(this.replayer.from(this.dlt).run().replayed()).isEqualTo(1);
		assertThat(texts(1)).containsExactly("large", "large");
	}

	@Test
	void aFailureTellsWhatWasDoneAndTheNextRunGoesOnThere() {
		letters(0, 100);
		FailsFrom failing = new FailsFrom(70);
		assertThatExceptionOfType(DeadLetterReplayException.class)
			.isThrownBy(() -> new DeadLetterReplayer(this.client, failing.producers).from(this.dlt).run())
			.withMessageContaining("mend the cause and run it again")
			.satisfies((ex) -> assertThat(ex.getResult().replayed()).isEqualTo(70));
		assertThat(this.replayer.from(this.dlt).run().replayed()).isEqualTo(30);
		assertThat(texts(0)).hasSize(100).doesNotHaveDuplicates();
	}

	@Test
	void aRunThatIsCutShortIsGoneOnWith() {
		letters(0, 200);
		assertThatExceptionOfType(IllegalStateException.class)
			.isThrownBy(() -> this.replayer.from(this.dlt).filter((letter) -> {
				if (letter.offset() == 130) {
					throw new IllegalStateException("cut short");
				}
				return true;
			}).run());
		assertThat(this.replayer.from(this.dlt).run().replayed()).isEqualTo(70);
		assertThat(texts(0)).hasSize(200).doesNotHaveDuplicates();
	}

	@Test
	void marksOfAStreamThatWasCreatedAnewDoNotCount() {
		letters(0, 3);
		this.replayer.from(this.dlt).run();
		this.client.streams().delete(this.dlt);
		this.client.streams().create(StreamSpec.named(this.dlt).partitions(2));
		letters(0, 3);
		assertThat(this.replayer.from(this.dlt).run().replayed()).isEqualTo(3);
	}

	@Test
	void aMissingStreamIsNamed() {
		assertThatExceptionOfType(StreamNotFoundException.class)
			.isThrownBy(() -> this.replayer.from("nothing.dlt").run())
			.withMessageContaining("nothing.dlt");
	}

	/** Publishes dead letters of the same partition, as a listener's failures would. */
	private void letters(int partition, int count) {
		List<CompletableFuture<Ack>> acks = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			ReceivedMessage<byte[]> message = ReceivedMessage.of(this.stream, partition, i, 0, ("k" + i).getBytes(),
					("v" + i).getBytes(), Headers.empty().with("region", "eu"), this.stream);
			ListenerFailure failure = new ListenerFailure("l", List.of(message), new IllegalStateException("bad"));
			acks.add(this.producers.send(this.dlt, DeadLetters.of(message, failure, 100).get(0)));
		}
		acks.forEach(CompletableFuture::join);
	}

	private List<String> texts(int partition) {
		return messages(this.stream, partition).stream().map(ReceivedMessage::text).toList();
	}

	private List<ReceivedMessage<byte[]>> messages(String name, int partition) {
		return this.client.reader().read(name, partition, StartPosition.earliest(), 1000, Duration.ofSeconds(10));
	}

	/** Sends some and refuses the rest. */
	private final class FailsFrom {

		private final ProducerFactory producers = mock(ProducerFactory.class);

		private int count;

		FailsFrom(int number) {
			when(this.producers.send(anyString(), any(Message.class))).thenAnswer((call) -> (this.count++ < number)
					? DeadLetterReplayerTests.this.producers.send(call.getArgument(0), call.getArgument(1))
					: CompletableFuture.failedFuture(new LiftbridgeException("refused")));
		}

	}

}
