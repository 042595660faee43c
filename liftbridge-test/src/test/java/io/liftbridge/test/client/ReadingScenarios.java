package io.liftbridge.test.client;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.activity.ActivityEvent;
import io.liftbridge.client.consumer.EndReason;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.consumer.StopPosition;
import io.liftbridge.client.consumer.Subscription;
import io.liftbridge.client.consumer.SubscriptionBuilder;
import io.liftbridge.client.group.GroupConsumer;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.StreamNotFoundException;
import io.liftbridge.client.producer.Producer;
import io.liftbridge.client.stream.ClusterInfo;
import io.liftbridge.client.stream.PartitionInfo;
import io.liftbridge.client.stream.StreamSpec;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Reading in reverse, by filters, and what happens in the cluster; and what is told of a
 * cluster. The broker has the activity stream on.
 */
abstract class ReadingScenarios extends BrokerScenarios {

	@Test
	void reverseBeginsAtTheNewestMessageAndEndsAtTheOldest() throws Exception {
		String stream = streamWith(5);
		assertReverse(stream, (builder) -> builder, EndReason.BEGINNING_OF_PARTITION, 4, 3, 2, 1, 0);
		assertReverse(stream, (builder) -> builder.from(StartPosition.latest()), EndReason.BEGINNING_OF_PARTITION, 4, 3,
				2, 1, 0);
	}

	@Test
	void reverseBeginsAtAnOffset() throws Exception {
		String stream = streamWith(5);
		assertReverse(stream, (builder) -> builder.from(StartPosition.offset(2)), EndReason.BEGINNING_OF_PARTITION, 2,
				1, 0);
		assertReverse(stream, (builder) -> builder.from(StartPosition.offset(0)), EndReason.BEGINNING_OF_PARTITION, 0);
		assertReverse(stream, (builder) -> builder.from(StartPosition.offset(4)).until(StopPosition.offset(3)),
				EndReason.STOP_REACHED, 4, 3);
		assertReverse(stream, (builder) -> builder.from(StartPosition.offset(50)).until(StopPosition.offset(3)),
				EndReason.STOP_REACHED, 4, 3);
	}

	@Test
	void reverseBeginsAndEndsAtATime() throws Exception {
		String stream = stream();
		List<Ack> acks = publish(stream, 5);
		Instant second = acks.get(1).receivedAt();
		assertReverse(stream, (builder) -> builder.from(StartPosition.at(second)), EndReason.BEGINNING_OF_PARTITION, 1,
				0);
		assertReverse(stream, (builder) -> builder.until(StopPosition.at(second)), EndReason.STOP_REACHED, 4, 3, 2, 1);
		assertReverse(stream, (builder) -> builder.from(StartPosition.at(Instant.now().plusSeconds(600))),
				EndReason.BEGINNING_OF_PARTITION, 4, 3, 2, 1, 0);
	}

	@Test
	void reverseEndsAtOnceOnAnEmptyPartition() throws Exception {
		assertReverse(stream(), (builder) -> builder, EndReason.BEGINNING_OF_PARTITION);
		assertReverse(stream(), (builder) -> builder.from(StartPosition.offset(3)), EndReason.BEGINNING_OF_PARTITION);
		assertReverse(stream(), (builder) -> builder.from(StartPosition.at(Instant.now())),
				EndReason.BEGINNING_OF_PARTITION);
	}

	@Test
	void reverseReadsASingleMessage() throws Exception {
		assertReverse(streamWith(1), (builder) -> builder, EndReason.BEGINNING_OF_PARTITION, 0);
	}

	@Test
	void reverseReadsAllOfAReadonlyPartition() throws Exception {
		String stream = streamWith(4);
		this.client.streams().setReadonly(stream, true);
		assertReverse(stream, (builder) -> builder, EndReason.BEGINNING_OF_PARTITION, 3, 2, 1, 0);
	}

	@Test
	void reverseReadsAPausedPartitionThatMayBeResumed() throws Exception {
		String stream = streamWith(3);
		this.client.streams().pause(stream, false);
		assertReverse(stream, (builder) -> builder.resumePaused(true), EndReason.BEGINNING_OF_PARTITION, 2, 1, 0);
	}

	@Test
	void reverseEndsWhereRetentionHasBeen() throws Exception {
		String stream = name();
		this.client.streams()
			.create(StreamSpec.named(stream)
				.segmentBytes(200)
				.retentionMessages(3)
				.cleanerInterval(Duration.ofMillis(200)));
		publish(stream, 20);
		await().atMost(LONG).until(() -> oldest(stream) > 5);
		long oldest = oldest(stream);
		List<Long> offsets = new ArrayList<>();
		Subscription down = this.client.subscribe(stream)
			.reverse()
			.handler((message) -> offsets.add(message.offset()))
			.start();
		assertThat(end(down)).isEqualTo(EndReason.BEGINNING_OF_PARTITION);
		assertThat(offsets).first().isEqualTo(19L);
		assertThat(offsets).last().isEqualTo(oldest(stream)).isEqualTo(oldest);
		assertReverse(stream, (builder) -> builder.from(StartPosition.offset(oldest - 1)),
				EndReason.BEGINNING_OF_PARTITION);
	}

	@Test
	void reverseSurvivesARestartedBroker() throws Exception {
		String stream = streamWith(3000);
		List<Long> offsets = new CopyOnWriteArrayList<>();
		AtomicBoolean back = new AtomicBoolean();
		Subscription down = this.client.subscribe(stream).reverse().prefetch(10).handler((message) -> {
			offsets.add(message.offset());
			if (offsets.size() == 100) {
				await().atMost(LONG).untilTrue(back);
			}
		}).start();
		await().atMost(LONG).until(() -> offsets.size() == 100);
		this.broker.crash();
		this.broker.restart();
		back.set(true);
		assertThat(end(down)).isEqualTo(EndReason.BEGINNING_OF_PARTITION);
		assertThat(offsets).hasSize(3000).first().isEqualTo(2999L);
		assertThat(offsets.stream().sorted((one, other) -> Long.compare(other, one)).distinct().toList())
			.isEqualTo(offsets);
	}

	@Test
	void aFilterLeavesMessagesOutAndGoesBeyondThem() throws Exception {
		String stream = stream();
		try (Producer producer = this.client.producer(stream).build()) {
			for (String region : List.of("eu", "us", "eu", "us")) {
				producer.sendAndWait(Message.builder().value(region).header("region", region).build(), LONG);
			}
		}
		List<Long> offsets = new CopyOnWriteArrayList<>();
		try (Subscription subscription = this.client.subscribe(stream)
			.from(StartPosition.earliest())
			.filter("region", "eu")
			.handler((message) -> offsets.add(message.offset()))
			.start()) {
			await().atMost(LONG).until(() -> subscription.lastProcessed() == 3);
			assertThat(offsets).containsExactly(0L, 2L);
		}
	}

	@Test
	void activityIsToldAsItHappens() throws Exception {
		String stream = name();
		List<ActivityEvent> events = new CopyOnWriteArrayList<>();
		this.client.streams().waitForStream("__activity", LONG);
		try (Subscription subscription = this.client.activity().handler(events::add).start()) {
			subscription.started().get(LONG.toSeconds(), TimeUnit.SECONDS);
			this.client.streams().create(StreamSpec.named(stream).partitions(2));
			this.client.streams().pause(stream, true, 1);
			publishTo(stream, 1);
			this.client.streams().setReadonly(stream, true, 0);
			this.client.streams().delete(stream);
			await().atMost(LONG)
				.until(() -> events.stream()
					.anyMatch((event) -> event instanceof ActivityEvent.StreamDeleted deleted
							&& deleted.stream().equals(stream)));
		}
		assertThat(events).extracting(ActivityEvent::id).isSorted();
		assertThat(events).extracting(ActivityEvent::offset).isSorted();
		assertThat(only(ActivityEvent.StreamCreated.class, events, stream).partitions()).containsExactlyInAnyOrder(0,
				1);
		assertThat(only(ActivityEvent.StreamPaused.class, events, stream).partitions()).containsExactly(1);
		assertThat(only(ActivityEvent.StreamPaused.class, events, stream).resumeAll()).isTrue();
		assertThat(only(ActivityEvent.StreamResumed.class, events, stream).partitions()).contains(1);
		assertThat(only(ActivityEvent.StreamReadonly.class, events, stream).readonly()).isTrue();
		assertThat(only(ActivityEvent.StreamReadonly.class, events, stream).partitions()).containsExactly(0);
		assertThat(only(ActivityEvent.StreamDeleted.class, events, stream).time()).isAfter(Instant.EPOCH);
	}

	@Test
	void activityOfGroupsIsTold() throws Exception {
		String stream = stream();
		this.client.streams().waitForCursors(LONG);
		List<ActivityEvent> events = new CopyOnWriteArrayList<>();
		this.client.streams().waitForStream("__activity", LONG);
		try (Subscription subscription = this.client.activity().handler(events::add).start()) {
			subscription.started().get(LONG.toSeconds(), TimeUnit.SECONDS);
			try (GroupConsumer member = this.client.group("g-" + stream).streams(stream).handler((message) -> {
			}).start()) {
				member.started().get(LONG.toSeconds(), TimeUnit.SECONDS);
				assertThat(this.client.streams().describeCluster("g-" + stream).group("g-" + stream)).get()
					.satisfies((group) -> assertThat(group.coordinator()).isNotEmpty());
			}
			await().atMost(LONG)
				.until(() -> events.stream()
					.anyMatch((event) -> event instanceof ActivityEvent.ConsumerGroupLeft left
							&& left.group().equals("g-" + stream) && !left.expired()));
		}
		assertThat(events).anySatisfy((event) -> assertThat(event)
			.isInstanceOfSatisfying(ActivityEvent.ConsumerGroupJoined.class, (joined) -> {
				assertThat(joined.group()).isEqualTo("g-" + stream);
				assertThat(joined.consumer()).isNotEmpty();
				assertThat(joined.streams()).containsExactly(stream);
			}));
	}

	@Test
	void waitsForAStreamThatSomebodyElseCreates() throws Exception {
		String stream = name();
		assertThatExceptionOfType(StreamNotFoundException.class)
			.isThrownBy(() -> this.client.streams().waitForStream(stream, Duration.ofSeconds(2)))
			.withMessageContaining(stream);
		Thread other = new Thread(() -> {
			try (LiftbridgeClient creator = connect()) {
				creator.streams().create(StreamSpec.named(stream).partitions(3));
			}
		});
		other.start();
		assertThat(this.client.streams().waitForStream(stream, LONG).partitions()).hasSize(3)
			.allMatch((partition) -> partition.leader() != null);
		other.join();
		this.client.streams().waitForCursors(LONG);
	}

	@Test
	void describesClusterAndPartition() {
		String stream = stream();
		Instant before = Instant.now().minusSeconds(60);
		publish(stream, 2);
		this.client.streams().pause(stream, false);
		publish(stream, 1);
		this.client.streams().setReadonly(stream, true);
		ClusterInfo cluster = this.client.streams().describeCluster("nobody");
		assertThat(cluster.brokers()).singleElement().satisfies((broker) -> {
			assertThat(broker.id()).isNotEmpty();
			assertThat(broker.host() + ":" + broker.port()).isEqualTo(this.broker.address());
			assertThat(broker.partitions()).isNotNegative();
		});
		assertThat(cluster.groups()).isEmpty();
		assertThat(this.client.streams().describe(stream).createdAt()).isAfter(before);
		PartitionInfo partition = this.client.streams().describePartition(stream, 0);
		assertThat(partition.messages().first()).isAfter(before);
		assertThat(partition.messages().latest()).isAfterOrEqualTo(partition.messages().first())
			.isEqualTo(partition.lastMessageAt());
		assertThat(partition.pauses().latest()).isAfter(before);
		assertThat(partition.readonlyChanges().first()).isAfter(before);
	}

	private static <E extends ActivityEvent> E only(Class<E> type, List<ActivityEvent> events, String stream) {
		List<E> found = events.stream().filter(type::isInstance).map(type::cast).filter((event) -> {
			String text = event.toString();
			return text.contains("stream=" + stream + ",") || text.contains("stream=" + stream + "]");
		}).toList();
		assertThat(found).as("%s of %s in %s", type.getSimpleName(), stream, events).isNotEmpty();
		return found.get(0);
	}

	private long oldest(String stream) {
		return this.client.consumer(stream).partition(0).from(StartPosition.earliest()).iterator().next().offset();
	}

	private void assertReverse(String stream, UnaryOperator<SubscriptionBuilder> options, EndReason reason,
			long... expected) throws Exception {
		List<Long> offsets = new CopyOnWriteArrayList<>();
		Subscription subscription = options
			.apply(this.client.subscribe(stream).reverse().handler((message) -> offsets.add(message.offset())))
			.start();
		assertThat(end(subscription)).isEqualTo(reason);
		assertThat(offsets.stream().mapToLong(Long::longValue).toArray()).isEqualTo(expected);
	}

	private static EndReason end(Subscription subscription) throws Exception {
		return subscription.ended().get(2 * LONG.toSeconds(), TimeUnit.SECONDS);
	}

	private String stream() {
		String stream = name();
		this.client.streams().create(StreamSpec.named(stream));
		return stream;
	}

	private String streamWith(int messages) {
		String stream = stream();
		publish(stream, messages);
		return stream;
	}

	private void publishTo(String stream, int partition) {
		try (Producer producer = this.client.producer(stream).build()) {
			producer.sendAndWait(Message.builder().value("v").partition(partition).build(), LONG);
		}
	}

	private List<Ack> publish(String stream, int messages) {
		try (Producer producer = this.client.producer(stream).build()) {
			if (messages > 100) {
				for (int i = 0; i < messages; i++) {
					producer.send(Message.of("k", "value" + i));
				}
				producer.flush();
				return List.of();
			}
			List<Ack> acks = new ArrayList<>();
			for (int i = 0; i < messages; i++) {
				acks.add(producer.sendAndWait(Message.of("k", "value" + i), LONG));
			}
			return acks;
		}
	}

}
