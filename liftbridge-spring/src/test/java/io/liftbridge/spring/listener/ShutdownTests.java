package io.liftbridge.spring.listener;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.liftbridge.embedded.EmbeddedBroker;
import io.liftbridge.spring.TestApplication;
import io.liftbridge.spring.listener.delivery.RecordListener;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.liftbridge.spring.TestApplication.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * A stop keeps to its time and stores what can be stored, whatever is going on.
 */
class ShutdownTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(2);

	/** More than it takes, as the machine may be busy. */
	private static final Duration MARGIN = Duration.ofSeconds(4);

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = "billing")
	void whileTheBrokerIsGoneAndAPositionCannotBeStored(@Nullable String group) throws Exception {
		try (EmbeddedBroker broker = broker()) {
			broker.createStream("in", 1);
			Queue<String> texts = new ConcurrentLinkedQueue<>();
			CountDownLatch entered = new CountDownLatch(1);
			CountDownLatch proceed = new CountDownLatch(1);
			try (TestApplication app = application(broker)) {
				ListenerContainer container = register(app, group, "a", (message, acknowledgment) -> {
					entered.countDown();
					proceed.await(20, TimeUnit.SECONDS);
					texts.add(message.text());
					return null;
				});
				app.template().send("in", "m0").join();
				assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
				broker.stop();
				proceed.countDown();
				eventually(() -> assertThat(texts).containsExactly("m0"));
				assertThat(timeToStop(container)).isLessThan(TIMEOUT.plus(MARGIN));
				assertThat(container.state()).isEqualTo(ContainerState.STOPPED);
				assertThat(timeToStop(container)).isLessThan(MARGIN);
				broker.restart();
				container.start();
				app.template().send("in", "m1").join();
				// At least once: nothing could be stored.
				eventually(() -> assertThat(texts).endsWith("m1"));
				assertThat(new LinkedHashSet<>(texts)).containsExactly("m0", "m1");
			}
		}
	}

	@Test
	void whileAListenerOfAGroupIsSlowAndItsPartitionsMove() throws Exception {
		try (EmbeddedBroker broker = broker()) {
			broker.createStream("in", 2);
			CountDownLatch never = new CountDownLatch(1);
			CountDownLatch entered = new CountDownLatch(2);
			try (TestApplication first = application(broker); TestApplication second = application(broker)) {
				ListenerContainer slow = register(first, "billing", "b", (message, acknowledgment) -> {
					entered.countDown();
					never.await();
					return null;
				});
				send(first, 0, 2);
				assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
				Queue<String> texts = new ConcurrentLinkedQueue<>();
				register(second, "billing", "a", collecting(texts));
				assertThat(timeToStop(slow)).isLessThan(TIMEOUT.plus(MARGIN));
				assertThat(timeToStop(slow)).isLessThan(MARGIN);
				eventually(() -> assertThat(texts).containsExactlyInAnyOrder("m0", "m1"));
			}
		}
	}

	@Test
	void duringRebalancesEverythingProcessedIsStored() {
		try (EmbeddedBroker broker = broker()) {
			broker.createStream("in", 4);
			Queue<String> texts = new ConcurrentLinkedQueue<>();
			AtomicBoolean sending = new AtomicBoolean(true);
			try (TestApplication app = application(broker); TestApplication other = application(broker)) {
				CompletableFuture<Integer> sent = CompletableFuture.supplyAsync(() -> {
					int count = 0;
					while (sending.get()) {
						send(app, count, count + 20);
						count += 20;
					}
					return count;
				});
				ListenerContainer stays = register(app, "billing", "m", collecting(texts));
				ListenerContainer comes = register(other, "billing", "a", collecting(texts));
				for (int i = 0; i < 4; i++) {
					// In the middle of what its coming has begun.
					assertThat(timeToStop(comes)).isLessThan(TIMEOUT.plus(MARGIN));
					assertThat(timeToStop(comes)).isLessThan(MARGIN);
					comes.start();
				}
				comes.stop();
				sending.set(false);
				int count = sent.join();
				List<String> expected = new ArrayList<>();
				for (int i = 0; i < count; i++) {
					expected.add("m" + i);
				}
				eventually(() -> assertThat(Set.copyOf(texts)).containsAll(expected));
				assertThat(timeToStop(stays)).isLessThan(TIMEOUT.plus(MARGIN));
				for (int partition = 0; partition < 4; partition++) {
					long newest = app.client().streams().describePartition("in", partition).newestOffset();
					assertThat(app.cursor("__group:billing", "in", partition)).isEqualTo(newest);
				}
			}
		}
	}

	private static EmbeddedBroker broker() {
		return EmbeddedBroker.builder().consumerTimeout(Duration.ofSeconds(2)).start();
	}

	private static TestApplication application(EmbeddedBroker broker) {
		return TestApplication.on(broker.address())
			.client((client) -> client.connectTimeout(Duration.ofSeconds(10)).requestTimeout(Duration.ofSeconds(30)))
			.start();
	}

	private static RecordListener collecting(Queue<String> texts) {
		return (message, acknowledgment) -> {
			texts.add(message.text());
			return null;
		};
	}

	private static ListenerContainer register(TestApplication app, @Nullable String group, String member,
			RecordListener listener) {
		ContainerProperties properties = new ContainerProperties(app.factory().getContainerProperties());
		properties.setStreams(List.of("in"));
		properties.setShutdownTimeout(TIMEOUT);
		properties.setConcurrency(4);
		if (group != null) {
			properties.setGroup(group);
			properties.setMemberId(member);
		}
		ListenerContainer container = app.factory().createContainer("stopped", properties, listener);
		app.registry().register(container);
		return container;
	}

	private static void send(TestApplication app, int from, int to) {
		List<CompletableFuture<?>> acks = new ArrayList<>();
		int partitions = app.client().streams().describe("in").partitions().size();
		for (int i = from; i < to; i++) {
			acks.add(app.template().newMessage("m" + i).stream("in").partition(i % partitions).send());
		}
		acks.forEach(CompletableFuture::join);
	}

	private static Duration timeToStop(ListenerContainer container) {
		long start = System.nanoTime();
		container.stop();
		return Duration.ofNanos(System.nanoTime() - start);
	}

}
