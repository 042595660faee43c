package io.liftbridge.spring.listener;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.group.GroupConsumer;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.GroupBrokerTest;
import io.liftbridge.spring.TestApplication;
import io.liftbridge.spring.core.DefaultProducerFactory;
import io.liftbridge.spring.event.ListenerPartitionResetEvent;
import io.liftbridge.spring.event.ListenerPartitionsAssignedEvent;
import io.liftbridge.spring.event.ListenerPartitionsRevokedEvent;
import io.liftbridge.spring.listener.delivery.DefaultErrorHandler;
import io.liftbridge.spring.listener.delivery.LoggingRecoverer;
import io.liftbridge.spring.listener.delivery.RecordListener;
import io.liftbridge.spring.listener.delivery.Recoverer;
import io.liftbridge.spring.listener.delivery.RetryStream;
import io.liftbridge.spring.support.Acknowledgment;
import io.liftbridge.spring.support.SeekTo;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.context.event.EventListener;
import org.springframework.util.backoff.FixedBackOff;

import static io.liftbridge.spring.TestApplication.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a listener is told of the partitions that its group gives and takes, and where it
 * goes on in them.
 */
class GroupAssignmentTests extends GroupBrokerTest {

	private final Queue<String> texts = new ConcurrentLinkedQueue<>();

	private final Told told = new Told();

	@Test
	void seekAwareIsToldOfEachPartitionThatIsGivenAndTakenAway() {
		broker.createStream(this.stream, 2);
		Recording aware = new Recording();
		ListenerContainer first = member("b", (properties) -> properties.setSeekAware(aware), this::collect);
		publish(0, "a0");
		publish(1, "b0");
		eventually(() -> assertThat(this.texts).containsExactlyInAnyOrder("a0", "b0"));
		assertThat(aware.calls).containsExactlyInAnyOrder("assigned 0 empty", "assigned 1 empty");
		aware.calls.clear();
		ListenerContainer second = member("a", (properties) -> {
		}, this::collect);
		eventually(() -> assertThat(aware.calls).containsExactly("revoked 0"));
		publish(0, "a1");
		eventually(() -> assertThat(this.texts).contains("a1"));
		second.stop();
		// What the other member has stored; the partition that was kept is not told of.
		eventually(() -> assertThat(aware.calls).containsExactly("revoked 0", "assigned 0 1"));
		aware.calls.clear();
		first.stop();
		eventually(() -> assertThat(aware.calls).containsExactlyInAnyOrder("revoked 0", "revoked 1"));
		assertThat(aware.containers).containsOnly(first);
	}

	@Test
	void seekAwareIsNotAskedAgainWhenSomebodySeeks() {
		broker.createStream(this.stream, 1);
		Recording aware = new Recording();
		aware.place = SeekTo.offset(4);
		ListenerContainer container = member("a", (properties) -> properties.setSeekAware(aware), this::collect);
		for (int i = 0; i < 6; i++) {
			publish(0, "m" + i);
		}
		eventually(() -> assertThat(this.texts).containsExactly("m4", "m5"));
		this.texts.clear();
		container.seek(this.stream, 0, SeekTo.offset(1)).join();
		eventually(() -> assertThat(this.texts).containsExactly("m1", "m2", "m3", "m4", "m5"));
		this.texts.clear();
		container.seek(SeekTo.earliest()).join();
		eventually(() -> assertThat(this.texts).containsExactly("m0", "m1", "m2", "m3", "m4", "m5"));
		assertThat(aware.calls).containsExactly("assigned 0 empty");
		eventually(() -> assertThat(application().cursor(group(), this.stream, 0)).isEqualTo(5));
		// Nothing was lost and no stream was created anew.
		assertThat(this.told.events).containsExactly("assigned [0]");
	}

	@Test
	void aStreamThatIsDroppedWhileItIsBeingAssignedHoldsUpNoOther() {
		String dropped = this.stream + "-dropped";
		broker.createStream(this.stream, 1);
		broker.createStream(dropped, 1);
		AtomicBoolean drop = new AtomicBoolean(true);
		ListenerContainer container = member("a", (properties) -> {
			properties.setStreams(List.of(this.stream, dropped));
			properties.setSeekAware((source, stream, partition, stored) -> {
				if (stream.equals(dropped) && drop.getAndSet(false)) {
					application().client().streams().delete(dropped);
				}
				return null;
			});
		}, this::collect);
		publish(0, "kept");
		eventually(() -> assertThat(this.texts).containsExactly("kept"));
		eventually(() -> assertThat(container.partitions()).extracting(PartitionStatus::stream)
			.containsExactly(this.stream));
		assertThat(drop).isFalse();
		assertThat(container.state()).isEqualTo(ContainerState.RUNNING);
		application().createStream(dropped, 1);
		application().template().send(dropped, "new").join();
		publish(0, "also kept");
		eventually(() -> assertThat(this.texts).containsExactlyInAnyOrder("kept", "also kept", "new"));
		eventually(() -> assertThat(application().cursor(group(), dropped, 0)).isZero());
	}

	@Test
	void whatIsAssignedAgainIsNotDeliveredBesideWhatStillRuns() throws Exception {
		broker.createStream(this.stream, 1);
		String retries = this.stream + ".retry";
		Map<String, Integer> attempts = new ConcurrentHashMap<>();
		CountDownLatch entered = new CountDownLatch(1);
		CountDownLatch proceed = new CountDownLatch(1);
		AtomicInteger running = new AtomicInteger();
		AtomicInteger most = new AtomicInteger();
		ListenerContainer container = retrying("b", (message, acknowledgment) -> {
			if (attempts.merge(message.text(), 1, Integer::sum) == 1) {
				throw new IllegalStateException("not yet");
			}
			most.accumulateAndGet(running.incrementAndGet(), Math::max);
			try {
				if (entered.getCount() > 0) {
					entered.countDown();
					proceed.await(60, TimeUnit.SECONDS);
				}
				this.texts.add(message.text());
			}
			finally {
				running.decrementAndGet();
			}
			return null;
		});
		publish(0, "first");
		assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
		GroupConsumer other = application().client()
			.group("g-" + this.stream)
			.streams(retries)
			.consumerId("a")
			.from(StartPosition.earliest())
			.handler((message) -> {
			})
			.start();
		eventually(() -> assertThat(container.partitions()).extracting(PartitionStatus::stream)
			.containsExactly(this.stream));
		eventually(() -> assertThat(application().cursor(group(), retries, 0)).isZero());
		other.close();
		eventually(() -> assertThat(container.partitions()).hasSize(2)
			.allSatisfy((status) -> assertThat(status.state()).isEqualTo(PartitionState.LIVE)));
		publish(0, "second");
		eventually(() -> assertThat(application().messages(retries, 0)).hasSize(2));
		await().during(Duration.ofSeconds(1)).atMost(Duration.ofSeconds(20)).until(() -> most.get() == 1);
		proceed.countDown();
		eventually(() -> assertThat(this.texts).containsExactly("first", "second"));
		assertThat(most).hasValue(1);
	}

	private ListenerContainer retrying(String memberId, RecordListener listener) {
		TestApplication app = start();
		Recoverer later = new RetryStream(app.client(), app.bean(DefaultProducerFactory.class),
				new FixedBackOff(100, 3), new LoggingRecoverer());
		app.factory().setErrorHandler(new DefaultErrorHandler(new FixedBackOff(0, 0), later));
		return register(app, memberId, (properties) -> {
			properties.setConcurrency(4);
			properties.setShutdownTimeout(Duration.ofSeconds(30));
		}, listener);
	}

	private ListenerContainer member(String memberId, Consumer<ContainerProperties> options, RecordListener listener) {
		return register(start(), memberId, options, listener);
	}

	private TestApplication start() {
		TestApplication app = TestApplication.on(broker.address())
			.client((client) -> client.connectTimeout(Duration.ofSeconds(20)).requestTimeout(Duration.ofSeconds(20)))
			.listener("told", this.told)
			.start();
		this.applications.add(app);
		return app;
	}

	private ListenerContainer register(TestApplication app, String memberId, Consumer<ContainerProperties> options,
			RecordListener listener) {
		ContainerProperties properties = new ContainerProperties(app.factory().getContainerProperties());
		properties.setStreams(List.of(this.stream));
		properties.setGroup("g-" + this.stream);
		properties.setMemberId(memberId);
		options.accept(properties);
		ListenerContainer container = app.factory().createContainer("member", properties, listener);
		app.registry().register(container);
		return container;
	}

	private @Nullable CompletableFuture<?> collect(ReceivedMessage<byte[]> message, Acknowledgment acknowledgment) {
		this.texts.add(message.text());
		return null;
	}

	private TestApplication application() {
		return this.applications.element();
	}

	private String group() {
		return "__group:g-" + this.stream;
	}

	private void publish(int partition, String text) {
		application().template().newMessage(text).stream(this.stream).partition(partition).send().join();
	}

	private static final class Recording implements SeekAware {

		private final Queue<String> calls = new ConcurrentLinkedQueue<>();

		private final Queue<ListenerContainer> containers = new ConcurrentLinkedQueue<>();

		private volatile @Nullable SeekTo place;

		@Override
		public @Nullable SeekTo onAssigned(ListenerContainer container, String stream, int partition,
				OptionalLong stored) {
			this.containers.add(container);
			this.calls.add("assigned " + partition + " "
					+ (stored.isPresent() ? String.valueOf(stored.getAsLong()) : "empty"));
			return this.place;
		}

		@Override
		public void onRevoked(ListenerContainer container, String stream, int partition) {
			this.containers.add(container);
			this.calls.add("revoked " + partition);
		}

	}

	static class Told {

		final Queue<String> events = new ConcurrentLinkedQueue<>();

		@EventListener
		void on(ListenerPartitionsAssignedEvent event) {
			this.events.add("assigned " + event.getPartitions());
		}

		@EventListener
		void on(ListenerPartitionsRevokedEvent event) {
			this.events.add("revoked " + event.getPartitions());
		}

		@EventListener
		void on(ListenerPartitionResetEvent event) {
			this.events.add("reset " + event.getPartition() + ": " + event.getReason());
		}

	}

}
