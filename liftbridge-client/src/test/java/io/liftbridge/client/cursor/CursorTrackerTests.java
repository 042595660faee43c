package io.liftbridge.client.cursor;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import io.grpc.Status;
import io.liftbridge.client.cluster.Address;
import io.liftbridge.client.cluster.AddressResolver;
import io.liftbridge.client.cluster.BrokerSelection;
import io.liftbridge.client.cluster.ChannelCustomizer;
import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.cluster.ClusterOptions;
import io.liftbridge.client.cluster.ConnectionListener;
import io.liftbridge.client.cluster.Namespace;
import io.liftbridge.client.cluster.RetryPolicy;
import io.liftbridge.client.fake.FakeClusterTest;
import io.liftbridge.client.message.ClientClosedException;
import io.liftbridge.client.message.LiftbridgeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What is stored of a reader's position, when, and what never is.
 */
class CursorTrackerTests extends FakeClusterTest {

	private static final String CURSOR = "me,orders,0";

	private static final OffsetTracking SELDOM = OffsetTracking.every(1000, Duration.ofDays(1));

	private final List<LiftbridgeException> failures = new CopyOnWriteArrayList<>();

	private Cluster brokers;

	private CursorStore store;

	@BeforeEach
	void connect() {
		this.cluster.stream("__cursors");
		this.brokers = new Cluster(new ClusterOptions("test", Address.parseAll(Arrays.asList(this.cluster.seeds())),
				Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofMinutes(1), null, 1 << 20, 1 << 20,
				AddressResolver.ADVERTISED, ConnectionListener.NONE, BrokerSelection.RANDOM,
				new RetryPolicy(Duration.ofMillis(10), 2, Duration.ofMillis(50), 0), 0, Namespace.NONE,
				ChannelCustomizer.NONE));
		this.store = new CursorStore(this.brokers);
	}

	@AfterEach
	void disconnect() {
		this.brokers.close();
	}

	private CursorTracker tracker(OffsetTracking tracking, long stored) {
		CursorTracker tracker = new CursorTracker(this.brokers, this.store, new CursorTracker.Key("me", "orders", 0),
				tracking, stored, (stored < 0) ? OptionalLong.empty() : OptionalLong.of(stored), this.failures::add);
		tracker.start();
		return tracker;
	}

	private Long cursor() {
		return this.cluster.cursors().get(CURSOR);
	}

	private void awaitCursor(long offset) {
		await().atMost(LONG).until(() -> Long.valueOf(offset).equals(cursor()));
	}

	@Test
	void storesAfterSoManyMessages() {
		CursorTracker tracker = tracker(OffsetTracking.every(3, Duration.ofDays(1)), 9);
		tracker.processed(10);
		tracker.processed(11);
		tracker.processed(12);
		awaitCursor(12);
		assertThat(this.broker.count("SetCursor")).isEqualTo(1);
	}

	@Test
	void countsWhatWasFilteredOut() {
		CursorTracker tracker = tracker(OffsetTracking.every(100, Duration.ofDays(1)), 9);
		tracker.processed(109);
		awaitCursor(109);
	}

	@Test
	void storesTheFirstPositionAtOnce() {
		tracker(SELDOM, -1).processed(0);
		awaitCursor(0);
	}

	@Test
	void storesAfterSoMuchTime() {
		CursorTracker tracker = tracker(OffsetTracking.every(Duration.ofMillis(10)), 4);
		tracker.processed(5);
		awaitCursor(5);
		tracker.processed(6);
		awaitCursor(6);
	}

	@Test
	void storesByHandOnlyWhenTold() {
		CursorTracker tracker = tracker(OffsetTracking.manual(), -1);
		tracker.processed(5);
		get(tracker.close(false));
		assertThat(cursor()).isNull();
		get(tracker.commit(5));
		assertThat(cursor()).isEqualTo(5);
	}

	@Test
	void neverMovesBack() {
		CursorTracker tracker = tracker(SELDOM, -1);
		get(tracker.commit(7));
		get(tracker.commit(3));
		tracker.processed(4);
		get(tracker.close(false));
		assertThat(cursor()).isEqualTo(7);
		assertThat(this.broker.count("SetCursor")).isEqualTo(1);
	}

	@Test
	void reportsWritesThatFailAndRepeatsThem() {
		this.broker.fail("SetCursor", Status.INTERNAL.withDescription("disk is full"));
		CursorTracker tracker = tracker(SELDOM, -1);
		tracker.processed(5);
		await().atMost(LONG).until(() -> this.failures.size() >= 3);
		assertThat(this.failures).allSatisfy((failure) -> assertThat(failure).hasMessageContaining("disk is full")
			.hasMessageContaining("cursor 'me' of stream 'orders' partition 0"));
		this.broker.behave("SetCursor");
		awaitCursor(5);
	}

	@Test
	void whoeverCommitsLearnsThatItFailed() {
		this.broker.fail("SetCursor", Status.INTERNAL.withDescription("disk is full"));
		CursorTracker tracker = tracker(OffsetTracking.manual(), -1);
		assertThat(failure(tracker.commit(5))).hasMessageContaining("disk is full");
		this.broker.behave("SetCursor");
		get(tracker.commit(5));
		assertThat(cursor()).isEqualTo(5);
	}

	@Test
	void closesAfterTheWriteThatIsUnderWay() {
		List<Runnable> held = new CopyOnWriteArrayList<>();
		this.broker.on("SetCursor", (request, observer, usual) -> held.add(usual));
		CursorTracker tracker = tracker(SELDOM, -1);
		tracker.processed(5);
		await().atMost(LONG).until(() -> held.size() == 1);
		tracker.processed(6);
		CompletableFuture<Void> closed = tracker.close(false);
		CompletableFuture<Void> committed = tracker.commit(8);
		assertThat(closed).isNotDone();
		this.broker.behave("SetCursor");
		held.get(0).run();
		get(closed);
		get(committed);
		assertThat(cursor()).isEqualTo(8);
	}

	@Test
	void whatFailsAtTheEndIsReported() {
		this.broker.fail("SetCursor", Status.INTERNAL.withDescription("disk is full"));
		CursorTracker tracker = tracker(SELDOM, 4);
		tracker.processed(5);
		get(tracker.close(false));
		assertThat(this.failures).singleElement()
			.satisfies((failure) -> assertThat(failure).hasMessageContaining("disk"));
	}

	/** Whoever waits was told by the client then, and must not be told for ever. */
	@Test
	void comesToRestWhenTheClientIsClosedDuringACommit() {
		this.broker.hang("SetCursor");
		CursorTracker tracker = tracker(SELDOM, 4);
		CompletableFuture<Void> committed = tracker.commit(5);
		tracker.close(false);
		CompletableFuture<Void> rest = CompletableFuture.runAsync(this.brokers::close);
		assertThat(failure(committed)).isInstanceOf(ClientClosedException.class);
		get(rest);
	}

	/** Whoever reads on has come further, and its position must stay. */
	@Test
	void storesNoLowerPositionThanTheNextReaderDid() {
		CursorTracker former = tracker(SELDOM, 4);
		former.processed(5);
		CursorTracker next = tracker(SELDOM, 4);
		get(next.commit(20));
		get(former.close(true));
		assertThat(cursor()).isEqualTo(20);
		assertThat(this.failures).isEmpty();
		former.processed(30);
		get(former.close(true));
		assertThat(cursor()).isEqualTo(30);
	}

	@Test
	void storesNothingIfItCannotTellWhetherTheNextReaderHasComeFurther() {
		CursorTracker former = tracker(SELDOM, 4);
		former.processed(5);
		get(tracker(SELDOM, 4).commit(20));
		this.broker.fail("FetchCursor", Status.INTERNAL.withDescription("cannot read"));
		get(former.close(true));
		assertThat(cursor()).isEqualTo(20);
		assertThat(this.failures).singleElement()
			.satisfies((failure) -> assertThat(failure).hasMessageContaining("cannot read"));
		assertThat(failure(former.commit(6))).hasMessageContaining("cannot read");
		assertThat(cursor()).isEqualTo(20);
	}

	@Test
	void storesNothingOfMessagesThatAreGone() {
		List<Runnable> held = new CopyOnWriteArrayList<>();
		this.broker.on("SetCursor", (request, observer, usual) -> held.add(usual));
		CursorTracker tracker = tracker(SELDOM, -1);
		CompletableFuture<Void> committed = tracker.commit(5);
		await().atMost(LONG).until(() -> held.size() == 1);
		CompletableFuture<Void> waiting = tracker.commit(6);
		CompletableFuture<Void> abandoned = tracker.abandon(new LiftbridgeException("another stream"));
		assertThat(abandoned).isNotDone();
		this.broker.behave("SetCursor");
		held.get(0).run();
		get(abandoned);
		get(committed);
		assertThat(failure(waiting)).hasMessageContaining("another stream");
		assertThat(failure(tracker.commit(7))).hasMessageContaining("another stream");
		get(tracker.close(false));
		assertThat(cursor()).isEqualTo(5);
	}

}
