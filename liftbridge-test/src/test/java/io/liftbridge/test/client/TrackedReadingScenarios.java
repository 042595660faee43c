package io.liftbridge.test.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.cluster.Address;
import io.liftbridge.client.consumer.Consumer;
import io.liftbridge.client.consumer.EndReason;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.consumer.StopPosition;
import io.liftbridge.client.consumer.Subscription;
import io.liftbridge.client.consumer.SubscriptionBuilder;
import io.liftbridge.client.cursor.CursorConvention;
import io.liftbridge.client.cursor.OffsetTracking;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.client.producer.Producer;
import io.liftbridge.client.stream.StreamSpec;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Reading that goes on where it was left, as a cursor says.
 */
abstract class TrackedReadingScenarios extends BrokerScenarios {

	private static final OffsetTracking SELDOM = OffsetTracking.every(100_000, Duration.ofHours(1));

	private final List<Long> offsets = new CopyOnWriteArrayList<>();

	@BeforeAll
	void awaitCursors() {
		this.client.streams().waitForCursors(LONG);
	}

	@ParameterizedTest
	@EnumSource
	void goesOnAfterItWasClosed(CursorConvention convention) throws Exception {
		String stream = streamWith(5);
		read(subscribe(stream).cursor("billing", convention));
		assertThat(stored(convention, stream)).hasValue(4);
		publish(stream, 3);
		read(subscribe(stream).cursor("billing", convention));
		assertThat(this.client.cursors(convention).get("billing", stream, 0)).isEqualTo(7);
		assertOnce(8);
	}

	@Test
	void goesOnAfterItsConnectionWasCutAndAnotherClientReads() throws Exception {
		String stream = streamWith(5);
		Relay relay = new Relay(this.broker.address());
		try (relay;
				LiftbridgeClient doomed = LiftbridgeClient.builder()
					.seeds("127.0.0.1:" + relay.port())
					.addressResolver((advertised) -> new Address("127.0.0.1", relay.port()))
					.build()) {
			doomed.subscribe(stream)
				.from(StartPosition.earliest())
				.cursor("billing")
				.tracking(OffsetTracking.every(Duration.ofMillis(50)))
				.handler((message) -> this.offsets.add(message.offset()))
				.start();
			await().atMost(LONG)
				.until(() -> stored(CursorConvention.LAST_PROCESSED, stream).equals(OptionalLong.of(4)));
			relay.cut();
			doomed.close(Duration.ZERO);
		}
		publish(stream, 3);
		read(subscribe(stream));
		assertOnce(8);
	}

	@Test
	void survivesARestartedBroker() {
		String stream = streamWith(5);
		try (Subscription subscription = subscribe(stream).tracking(OffsetTracking.every(1, Duration.ofMillis(50)))
			.start()) {
			await().atMost(LONG).until(() -> this.offsets.size() == 5);
			this.broker.crash();
			this.broker.restart();
			publish(stream, 3);
			await().atMost(LONG).until(() -> this.offsets.size() == 8);
			assertThat(subscription.close(LONG)).isTrue();
		}
		assertThat(stored(CursorConvention.LAST_PROCESSED, stream)).hasValue(7);
		assertOnce(8);
	}

	@Test
	void theCursorGoesBeyondWhatIsFilteredOut() throws Exception {
		String stream = streamWith(5);
		read(subscribe(stream).filter((message) -> message.offset() < 2));
		assertThat(stored(CursorConvention.LAST_PROCESSED, stream)).hasValue(4);
		assertOnce(2);
	}

	@Test
	void storesByHand() throws Exception {
		String stream = streamWith(5);
		List<ReceivedMessage<byte[]>> messages = new CopyOnWriteArrayList<>();
		try (Subscription subscription = subscribe(stream).tracking(OffsetTracking.manual())
			.handler(messages::add)
			.start()) {
			await().atMost(LONG).until(() -> messages.size() == 5);
			subscription.commit(messages.get(2)).get(LONG.toSeconds(), TimeUnit.SECONDS);
		}
		assertThat(stored(CursorConvention.LAST_PROCESSED, stream)).hasValue(2);
		read(subscribe(stream));
		assertThat(this.offsets).containsExactly(3L, 4L);
		this.offsets.clear();
	}

	@Test
	void aConsumerGoesOnBehindWhatItsUserIsDoneWith() {
		String stream = streamWith(5);
		try (Consumer consumer = consumer(stream)) {
			Iterator<ReceivedMessage<byte[]>> messages = consumer.iterator();
			for (int i = 0; i < 3; i++) {
				this.offsets.add(messages.next().offset());
			}
		}
		assertThat(stored(CursorConvention.LAST_PROCESSED, stream)).as("the third may not be done").hasValue(1);
		this.offsets.remove(2L);
		try (Consumer consumer = consumer(stream)) {
			for (ReceivedMessage<byte[]> message : consumer) {
				this.offsets.add(message.offset());
			}
		}
		assertThat(stored(CursorConvention.LAST_PROCESSED, stream)).hasValue(4);
		assertOnce(5);
	}

	@Test
	void aStreamThatWasCreatedAnewIsReadFromItsBeginning() throws Exception {
		String stream = streamWith(5);
		try (Subscription subscription = subscribe(stream).start()) {
			await().atMost(LONG).until(() -> this.offsets.size() == 5);
			this.client.streams().delete(stream);
			assertThat(subscription.ended()).failsWithin(LONG);
		}
		this.client.streams().create(StreamSpec.named(stream));
		// More than there were: the number in the cursor alone would not tell.
		publish(stream, 8);
		this.offsets.clear();
		read(subscribe(stream));
		assertThat(stored(CursorConvention.LAST_PROCESSED, stream)).hasValue(7);
		assertOnce(8);
	}

	@Test
	void aCursorBehindTheEndMeansAnotherStream() throws Exception {
		String stream = streamWith(3);
		this.client.cursors().set("billing", stream, 0, 17);
		read(subscribe(stream));
		assertThat(stored(CursorConvention.LAST_PROCESSED, stream)).hasValue(2);
		assertOnce(3);
	}

	private SubscriptionBuilder subscribe(String stream) {
		return this.client.subscribe(stream)
			.from(StartPosition.earliest())
			.cursor("billing")
			.tracking(SELDOM)
			.handler((message) -> this.offsets.add(message.offset()));
	}

	private Consumer consumer(String stream) {
		return this.client.consumer(stream)
			.from(StartPosition.earliest())
			.until(StopPosition.latest())
			.cursor("billing")
			.tracking(SELDOM)
			.open();
	}

	/** Reads to the end. */
	private void read(SubscriptionBuilder builder) throws Exception {
		assertThat(builder.until(StopPosition.latest()).start().ended().get(LONG.toSeconds(), TimeUnit.SECONDS))
			.isEqualTo(EndReason.STOP_REACHED);
	}

	private OptionalLong stored(CursorConvention convention, String stream) {
		return this.client.cursors(convention).find("billing", stream, 0);
	}

	private void assertOnce(int messages) {
		List<Long> received = new ArrayList<>(this.offsets);
		this.offsets.clear();
		assertThat(received).isEqualTo(LongStream.range(0, messages).boxed().toList());
	}

	private String streamWith(int messages) {
		this.offsets.clear();
		String stream = name();
		this.client.streams().create(StreamSpec.named(stream));
		publish(stream, messages);
		return stream;
	}

	private void publish(String stream, int messages) {
		try (Producer producer = this.client.producer(stream).build()) {
			for (int i = 0; i < messages; i++) {
				producer.sendAndWait(Message.of("k", "value" + i), LONG);
			}
		}
	}

}
