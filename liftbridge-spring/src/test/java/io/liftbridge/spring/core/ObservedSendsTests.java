package io.liftbridge.spring.core;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.entry.Compression;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.Message;
import io.liftbridge.spring.EmbeddedBrokerTest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static io.liftbridge.spring.TestApplication.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class ObservedSendsTests extends EmbeddedBrokerTest {

	private final Journal journal = new Journal();

	private final ObservedSends sends = new ObservedSends(this.journal);

	private final List<Message> three = IntStream.range(0, 3)
		.mapToObj((i) -> Message.of("k", Integer.toString(i)))
		.toList();

	@Test
	void severalEndWithTheLastAcknowledgement() {
		stream(1);
		List<Ack> acks = acks();
		this.sends.send("s", this.three, (messages) -> new CompletableFuture<>());
		this.sends.onAck(this.three.get(1), acks.get(1), 1);
		this.sends.onAck(this.three.get(0), acks.get(0), 1);
		assertThat(this.journal.ends).isEmpty();
		this.sends.onAck(this.three.get(2), acks.get(2), 1);
		assertThat(this.journal.ends).containsExactly("acked 2");
		assertThat(this.sends.size()).isZero();
	}

	@Test
	void theFirstFailureIsTheEndAndTheOnlyOne() {
		stream(1);
		List<Ack> acks = acks();
		this.sends.send("s", this.three, (messages) -> new CompletableFuture<>());
		this.sends.onAck(this.three.get(0), acks.get(0), 1);
		this.sends.onFailure(this.three.get(1), failure("one"));
		this.sends.onFailure(this.three.get(2), failure("two"));
		assertThat(this.journal.ends).containsExactly("failed one");
		assertThat(this.sends.size()).isZero();
	}

	@Test
	void whatIsRefusedAtOnceEndsAndIsLeftForItsCallerToLookAt() {
		CompletableFuture<Ack> sent = this.sends.send("s", List.of(this.three.get(0)),
				(messages) -> Refusals.refuse("s", 1, failure("no")));
		assertThat(this.journal.ends).containsExactly("failed no");
		assertThat(this.sends.size()).isZero();
		assertThat(((RefusedSend<Ack>) sent).isObserved()).isFalse();
		sent.exceptionally((ex) -> null);
	}

	@Test
	void whatIsThrownEnds() {
		assertThatIllegalStateException().isThrownBy(() -> this.sends.send("s", this.three, (messages) -> {
			throw new IllegalStateException("thrown");
		}));
		assertThat(this.journal.ends).containsExactly("failed thrown");
		assertThat(this.sends.size()).isZero();
	}

	@Test
	void aMessageThatItsObserverLeavesAloneIsSentAsItIs() {
		this.journal.interested = false;
		CompletableFuture<List<Message>> sent = this.sends.send("s", this.three, CompletableFuture::completedFuture);
		assertThat(sent.join()).isSameAs(this.three);
		assertThat(this.sends.size()).isZero();
	}

	/** Those of a real batch entry. */
	private List<Ack> acks() {
		try (LiftbridgeClient client = LiftbridgeClient.builder().seeds(broker.address()).build()) {
			DefaultProducerFactory producers = new DefaultProducerFactory(client);
			DefaultProducerFactory observed = new DefaultProducerFactory(client);
			Journal own = new Journal();
			observed.setSendObserver(own);
			List<Ack> acks = IntStream.range(0, 3)
				.mapToObj((i) -> producers.send(this.stream, Message.of("k", "v")).join())
				.toList();
			observed
				.sendBatchEntry(this.stream, List.of(Message.of("k", "a"), Message.of("k", "b")), Compression.NONE,
						ProducerOverrides.NONE)
				.join();
			eventually(() -> assertThat(own.ends).hasSize(1));
			producers.destroy();
			observed.destroy();
			return acks;
		}
	}

	private static LiftbridgeException failure(String text) {
		return new LiftbridgeException(text, null, LiftbridgeException.Outcome.NOT_SENT);
	}

	/** Notes each end. */
	private static final class Journal implements SendObserver {

		private final List<String> ends = new CopyOnWriteArrayList<>();

		private boolean interested = true;

		@Override
		public @Nullable Observed begin(String stream, List<Message> messages) {
			return this.interested ? new Noted(this.ends, messages) : null;
		}

		@Override
		public @Nullable Observed beginToSubject(String subject, Message message) {
			return begin(subject, List.of(message));
		}

	}

	private record Noted(List<String> ends, List<Message> messages) implements SendObserver.Observed {

		@Override
		public void acked(Ack ack) {
			this.ends.add("acked " + ack.offset());
		}

		@Override
		public void failed(Throwable cause) {
			this.ends.add("failed " + cause.getMessage());
		}

	}

}
