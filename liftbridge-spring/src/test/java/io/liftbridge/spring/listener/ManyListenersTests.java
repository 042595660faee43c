package io.liftbridge.spring.listener;

import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.stream.StreamSpec;
import io.liftbridge.spring.EmbeddedBrokerTest;
import io.liftbridge.spring.TestApplication;
import io.liftbridge.spring.annotation.LiftbridgeListener;
import org.junit.jupiter.api.Test;

import static io.liftbridge.spring.TestApplication.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * One application with more listeners than it can have threads.
 */
class ManyListenersTests extends EmbeddedBrokerTest {

	private static final int MANY = 100;

	private static final int MESSAGES = 5;

	/** Of everything that the application has, the network's and the timer's, too. */
	private static final int MOST_THREADS = 32;

	@Test
	void shareAFewThreads() {
		List<String> streams = streams(MANY);
		Readers readers = new Readers(new CountDownLatch(0));
		try (TestApplication app = start(streams, readers)) {
			awaitRunning(app);
			for (int i = 0; i < MESSAGES; i++) {
				app.template().sendToSubject(this.stream, "message " + i).join();
			}
			eventually(() -> assertThat(readers.counts()).hasSize(MANY).allSatisfy((reader, count) -> {
				assertThat(count).as(reader).isEqualTo(MESSAGES);
			}));
			assertThat(readers.threads).hasSizeLessThan(MOST_THREADS);
			assertThat(readers.misnamed).isEmpty();
			app.registry().stop();
			assertThat(app.registry().containers())
				.allSatisfy((container) -> assertThat(container.state()).isEqualTo(ContainerState.STOPPED));
			assertThat(app.cursor("reader0.on", streams.get(0), 0)).isEqualTo(MESSAGES - 1);
		}
	}

	@Test
	void oneThatWaitsDoesNotHoldUpTheOthers() {
		CountDownLatch release = new CountDownLatch(1);
		int waiting = 40;
		Readers readers = new Readers(release);
		try (TestApplication app = start(streams(waiting + 1), readers)) {
			awaitRunning(app);
			// More of them than there are threads to share.
			app.template().sendToSubject(this.stream, "wait").join();
			eventually(() -> assertThat(readers.waiting).hasSize(waiting + 1));
			release.countDown();
			eventually(() -> assertThat(readers.counts()).hasSize(waiting + 1));
		}
	}

	private TestApplication start(List<String> streams, Readers readers) {
		TestApplication.Builder builder = application().bean("streams", Iterator.class, streams::iterator)
			.factory((factory) -> factory.getContainerProperties().setLagInterval(Duration.ZERO));
		for (int i = 0; i < streams.size(); i++) {
			builder.listener("reader" + i, new Reader("reader" + i, readers));
		}
		return builder.start();
	}

	private static void awaitRunning(TestApplication app) {
		eventually(() -> assertThat(app.registry().containers())
			.allSatisfy((container) -> assertThat(container.state()).isEqualTo(ContainerState.RUNNING)));
	}

	/** All of the same subject, so that a message reaches all at the same time. */
	private List<String> streams(int count) {
		List<String> names = IntStream.range(0, count).mapToObj((i) -> this.stream + "-" + i).toList();
		try (LiftbridgeClient client = LiftbridgeClient.builder().seeds(broker.address()).build()) {
			names.forEach((name) -> client.streams().create(StreamSpec.named(name).subject(this.stream)));
		}
		return names;
	}

	/** What all of them have seen. */
	private static final class Readers {

		private final CountDownLatch release;

		private final Set<String> waiting = ConcurrentHashMap.newKeySet();

		private final Map<String, Integer> received = new ConcurrentHashMap<>();

		private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

		private final Set<String> misnamed = ConcurrentHashMap.newKeySet();

		Readers(CountDownLatch release) {
			this.release = release;
		}

		void on(String reader) throws InterruptedException {
			this.threads.add(Thread.currentThread());
			String name = Thread.currentThread().getName();
			if (!name.startsWith(reader + ".on-")) {
				this.misnamed.add(name);
			}
			this.waiting.add(reader);
			this.release.await();
			this.received.merge(reader, 1, Integer::sum);
		}

		Map<String, Integer> counts() {
			return this.received.entrySet()
				.stream()
				.collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (one, other) -> one, HashMap::new));
		}

	}

	/** Each takes the next stream. */
	static class Reader {

		private final String name;

		private final Readers readers;

		Reader(String name, Readers readers) {
			this.name = name;
			this.readers = readers;
		}

		@LiftbridgeListener(streams = "#{streams.next()}")
		void on(String text) throws InterruptedException {
			this.readers.on(this.name);
		}

	}

}
