package io.liftbridge.client.producer;

import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.function.Function;
import java.util.stream.Stream;

import io.liftbridge.client.entry.Compression;
import io.liftbridge.client.fake.FakeClusterTest;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.LiftbridgeException.Outcome;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.PartitionNotFoundException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

/** What cannot be is refused by its name. */
class ProducerArgumentsTests extends FakeClusterTest {

	private static final Message MESSAGE = Message.of("k", "v");

	private static void refused(String text, ThrowingCallable call) {
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(call).withMessageContaining(text);
	}

	private void nullOption(String option, Function<ProducerBuilder, ?> setter) {
		refused("Producer option " + option + " is null", () -> setter.apply(this.client.producer("orders")));
	}

	@Test
	void namesTheOptionThatIsNull() {
		nullOption("compression", (builder) -> builder.compression(null));
		nullOption("encodingHeader", (builder) -> builder.encodingHeader(null));
		nullOption("batch", (builder) -> builder.batch(null));
		nullOption("linger", (builder) -> builder.linger(null));
		nullOption("partitioner", (builder) -> builder.partitioner(null));
		nullOption("listener", (builder) -> builder.listener(null));
		nullOption("metrics", (builder) -> builder.metrics(null));
		nullOption("ordering", (builder) -> builder.ordering(null));
		nullOption("ackPolicy", (builder) -> builder.ackPolicy(null));
		nullOption("ackTimeout", (builder) -> builder.ackTimeout(null));
		nullOption("enqueueTimeout", (builder) -> builder.enqueueTimeout(null));
		nullOption("name", (builder) -> builder.name(null));
		nullOption("executor", (builder) -> builder.executor(null));
		nullOption("completionExecutor", (builder) -> builder.completionExecutor(null));
		refused("Stream name is null", () -> this.client.producer(null));
	}

	@Test
	void namesTheArgumentThatIsNull() {
		Producer producer = this.client.producer("orders").build();
		String none = "A message for stream 'orders' is null";
		refused(none, () -> producer.send(null));
		refused(none, () -> producer.trySend(null));
		refused(none, () -> producer.sendAsync(null));
		refused(none, () -> producer.sendAndWait(null, LONG));
		refused("A batch for stream 'orders' is null", () -> producer.sendBatch(null));
		refused("Message 1 of a batch for stream 'orders' is null",
				() -> producer.sendBatch(Arrays.asList(MESSAGE, null)));
		refused("Message 0 of a batch entry for stream 'orders' is null",
				() -> producer.sendBatchEntry(Arrays.asList(null, MESSAGE), Compression.NONE));
		assertThatNullPointerException().isThrownBy(() -> producer.sendBatchEntry(List.of(MESSAGE), null))
			.withMessageContaining("compression of a batch entry is null");
		assertThatNullPointerException().isThrownBy(() -> producer.send(MESSAGE, (ConfirmationHandler) null))
			.withMessageContaining("confirmation handler is null");
		assertThatNullPointerException().isThrownBy(() -> producer.send(MESSAGE, (told) -> {
		}, (Executor) null)).withMessageContaining("executor of a confirmation handler is null");
		assertThat(producer.inFlight()).isZero();
		assertThat(this.orders.values()).isEmpty();
		assertThatNullPointerException().isThrownBy(() -> Message.of("k", (String) null))
			.withMessageContaining("The value of a message is null");
		assertThatNullPointerException().isThrownBy(() -> Message.of((byte[]) null))
			.withMessageContaining("The value of a message is null");
	}

	@Test
	void namesTheSourceThatIsNull() {
		Producer producer = this.client.producer("orders").build();
		for (ThrowingCallable call : List.<ThrowingCallable>of(
				() -> producer.publishBulk((Iterable<? extends Message>) null),
				() -> producer.publishBulk((Iterator<? extends Message>) null),
				() -> producer.publishBulk((Stream<? extends Message>) null),
				() -> producer.publishBulk((Flow.Publisher<? extends Message>) null))) {
			assertThatNullPointerException().isThrownBy(call).withMessage("The source of a bulk is null.");
		}
	}

	@Test
	void refusesPartitionsThatThereAreNotWhenAskedForTheirLastNumber() {
		Producer producer = this.client.producer("orders").name("importer").publishingIds(true).build();
		assertThat(producer.lastPublishingId(0)).isEmpty();
		for (int partition : new int[] { -1, 1 }) {
			assertThatExceptionOfType(PartitionNotFoundException.class)
				.isThrownBy(() -> producer.lastPublishingId(partition))
				.withMessageContaining("'orders' has no partition " + partition);
		}
		get(producer.send(Message.builder().value("a").publishingId(5).build()));
		refused("no publishingId (-1 stands for none)", () -> producer.send(MESSAGE));
	}

	@Test
	void namesThePartitionerThatFails() {
		IllegalStateException cause = new IllegalStateException("no idea");
		Producer producer = this.client.producer("orders").partitioner((message, partitions) -> {
			throw cause;
		}).build();
		assertThatExceptionOfType(LiftbridgeException.class).isThrownBy(() -> producer.send(MESSAGE))
			.withMessageContaining("The partitioner of stream 'orders' (" + getClass().getName())
			.withMessageContaining("no idea")
			.withCause(cause)
			.satisfies((ex) -> assertThat(ex.outcome()).isEqualTo(Outcome.NOT_SENT));
		assertThat(failure(producer.sendAsync(MESSAGE))).hasCause(cause);
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, -5 })
	void doesNotSendWhatCannotBeWaitedFor(long millis) {
		Producer producer = this.client.producer("orders").build();
		refused("sendAndWait to stream 'orders' has a timeout of ",
				() -> producer.sendAndWait(MESSAGE, Duration.ofMillis(millis)));
		assertThat(producer.inFlight()).isZero();
		assertThatCode(() -> producer.flush(Duration.ofSeconds(-1))).doesNotThrowAnyException();
		assertThatCode(() -> producer.close(Duration.ofSeconds(-1))).doesNotThrowAnyException();
		assertThat(this.orders.values()).isEmpty();
	}

	@Test
	void refusesEntriesOfMessagesThatAreNotCollected() {
		refused("batchEntries is 8, but batch is none",
				() -> this.client.producer("orders").batch(BatchSize.none()).batchEntries(8).build());
		this.client.producer("orders").batchEntries(8).build();
		this.client.producer("orders").batch(BatchSize.none()).build();
	}

	@Test
	void refusesOptionsOfABulksProducersBeforeAnythingIsTaken() {
		Iterable<BulkRequest> untouched = () -> {
			throw new AssertionError("asked for requests");
		};
		String text = "Producer option maxInFlight is -1";
		refused(text, () -> this.client.publishBulk(untouched).producers((p) -> p.maxInFlight(-1)).run());
		refused(text, () -> this.client.publishBulk(untouched).producers((p) -> p.maxInFlight(-1)).results());
		refused(text, () -> this.client.publishBulk(untouched).producers((p) -> p.maxInFlight(-1)).publisher());
		refused("needs option name",
				() -> this.client.publishBulk(untouched).producers((p) -> p.publishingIds(true)).run());
	}

}
