package io.liftbridge.client.cursor;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32;

import io.grpc.Status;
import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.LiftbridgeClientBuilder;
import io.liftbridge.client.fake.FakeCluster;
import io.liftbridge.client.fake.FakePartition;
import io.liftbridge.client.message.BrokerUnavailableException;
import io.liftbridge.client.message.ClientClosedException;
import io.liftbridge.client.message.CursorNotFoundException;
import io.liftbridge.client.message.CursorsDisabledException;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.proto.FetchCursorResponse;
import io.liftbridge.proto.FetchPartitionMetadataResponse;
import io.liftbridge.proto.PartitionMetadata;
import io.liftbridge.proto.SetCursorRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

class CursorStoreTests {

	private static final int PARTITIONS = 6;

	private static final Duration LONG = Duration.ofSeconds(20);

	private FakeCluster cluster;

	private List<FakePartition> partitions;

	private LiftbridgeClient client;

	@BeforeEach
	void start() {
		this.cluster = new FakeCluster(3);
		this.partitions = this.cluster.stream("__cursors", PARTITIONS);
		for (int i = 0; i < PARTITIONS; i++) {
			this.partitions.get(i).leader("b" + (1 + i % 3));
		}
		this.client = builder().build();
	}

	private LiftbridgeClientBuilder builder() {
		return LiftbridgeClient.builder().seeds(this.cluster.seeds()).connectTimeout(Duration.ofSeconds(5));
	}

	private void client(LiftbridgeClientBuilder builder) {
		this.client.close(Duration.ZERO);
		this.client = builder.build();
	}

	@AfterEach
	void stop() {
		this.client.close(Duration.ZERO);
		this.cluster.close();
	}

	private static int partition(String cursorId, String stream, int partition) {
		CRC32 crc = new CRC32();
		crc.update((cursorId + "," + stream + "," + partition).getBytes(StandardCharsets.UTF_8));
		return (int) (crc.getValue() % PARTITIONS);
	}

	private int sets() {
		return this.cluster.broker(1).count("SetCursor") + this.cluster.broker(2).count("SetCursor")
				+ this.cluster.broker(3).count("SetCursor");
	}

	/** A broker that does not lead the cursor's partition refuses it. */
	@Test
	void goesStraightToTheLeaderOfTheCursorsPartition() {
		CursorStore cursors = this.client.cursors();
		for (int i = 0; i < 30; i++) {
			cursors.set("c" + i, "orders", i, 100 + i);
		}
		for (int i = 0; i < 30; i++) {
			assertThat(cursors.get("c" + i, "orders", i)).isEqualTo(100 + i);
		}
		assertThat(sets()).as("none had to be repeated").isEqualTo(30);
		assertThat(this.cluster.broker(1).count("SetCursor")).isPositive();
		assertThat(this.cluster.broker(2).count("SetCursor")).isPositive();
		assertThat(this.cluster.broker(3).count("SetCursor")).isPositive();
	}

	@Test
	void asksAgainWhoLeadsIfTheBrokerSaysItDoesNot() {
		CursorStore cursors = this.client.cursors();
		cursors.set("c", "orders", 0, 1);
		FakePartition moved = this.partitions.get(partition("c", "orders", 0));
		moved.leader(moved.leader().equals("b1") ? "b2" : "b1");
		cursors.set("c", "orders", 0, 2);
		assertThat(cursors.get("c", "orders", 0)).isEqualTo(2);
		assertThat(sets()).isEqualTo(3);
	}

	@Test
	void keepsCursorsApart() {
		CursorStore cursors = this.client.cursors();
		cursors.set("c", "orders", 0, 1);
		cursors.set("c", "orders", 1, 2);
		cursors.set("d", "orders", 0, 3);
		cursors.set("c", "invoices", 0, 4);
		assertThat(cursors.get("c", "orders", 0)).isEqualTo(1);
		assertThat(cursors.get("c", "orders", 1)).isEqualTo(2);
		assertThat(cursors.get("d", "orders", 0)).isEqualTo(3);
		assertThat(cursors.get("c", "invoices", 0)).isEqualTo(4);
	}

	@Test
	void saysThatACursorWasNeverStored() {
		CursorStore cursors = this.client.cursors();
		assertThat(cursors.find("c", "orders", 3)).isEmpty();
		assertThatExceptionOfType(CursorNotFoundException.class).isThrownBy(() -> cursors.get("c", "orders", 3))
			.withMessageContaining("cursor 'c' of stream 'orders' partition 3");
		assertThat(this.client.cursors(CursorConvention.NEXT_OFFSET).find("c", "orders", 3)).isEmpty();
	}

	@Test
	void forgetsAPosition() {
		for (CursorConvention convention : CursorConvention.values()) {
			CursorStore cursors = this.client.cursors(convention);
			cursors.set("c", "orders", 0, 5);
			assertThat(cursors.find("c", "orders", 0)).hasValue(5);
			cursors.set("c", "orders", 0, -1);
			assertThat(cursors.find("c", "orders", 0)).isEmpty();
		}
	}

	@Test
	void storesPositionsAsOthersReadThem() {
		this.client.cursors().set("go", "orders", 0, 41);
		this.client.cursors(CursorConvention.NEXT_OFFSET).set("gufo", "orders", 0, 41);
		assertThat(this.client.cursors().get("go", "orders", 0)).isEqualTo(41);
		assertThat(this.client.cursors().get("gufo", "orders", 0)).as("read under the other convention").isEqualTo(42);
		assertThat(this.client.cursors(CursorConvention.NEXT_OFFSET).get("gufo", "orders", 0)).isEqualTo(41);
		this.client.cursors(CursorConvention.NEXT_OFFSET).set("first", "orders", 0, 0);
		assertThat(this.client.cursors(CursorConvention.NEXT_OFFSET).find("first", "orders", 0)).hasValue(0);
		this.client.cursors().set("first", "orders", 0, 0);
		assertThat(this.client.cursors().find("first", "orders", 0)).hasValue(0);
	}

	@Test
	void movesAPositionBack() {
		CursorStore cursors = this.client.cursors();
		cursors.set("c", "orders", 0, 10);
		cursors.set("c", "orders", 0, 3);
		assertThat(cursors.get("c", "orders", 0)).isEqualTo(3);
	}

	@Test
	void saysThatTheServerKeepsNoCursors() {
		this.cluster.remove("__cursors");
		client(builder());
		long start = System.nanoTime();
		CursorStore cursors = this.client.cursors();
		assertThatExceptionOfType(CursorsDisabledException.class).isThrownBy(() -> cursors.set("c", "orders", 0, 1))
			.withMessageContaining("cursor 'c' of stream 'orders' partition 0")
			.withMessageContaining("cursors.stream.partitions");
		assertThatExceptionOfType(CursorsDisabledException.class).isThrownBy(() -> cursors.find("c", "orders", 0));
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
	}

	/**
	 * The cursors' partitions pause themselves after a minute; the server resumes them.
	 */
	@Test
	void readsACursorWhosePartitionIsPaused() {
		CursorStore cursors = this.client.cursors();
		cursors.set("c", "orders", 0, 7);
		this.partitions.get(partition("c", "orders", 0)).paused(true);
		long start = System.nanoTime();
		assertThat(cursors.get("c", "orders", 0)).isEqualTo(7);
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
		cursors.set("c", "orders", 0, 8);
		assertThat(cursors.get("c", "orders", 0)).isEqualTo(8);
	}

	@Test
	void refusesWhatCannotBe() {
		CursorStore cursors = this.client.cursors();
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> cursors.set("", "orders", 0, 1));
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> cursors.set("c", "", 0, 1));
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> cursors.set("c", "orders", -1, 1))
			.withMessageContaining("-1");
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> cursors.set("c", "orders", 0, -2))
			.withMessageContaining("-2");
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> cursors.find("c", "a b", 0));
		for (String id : new String[] { " ", "a,b", "a\nb", "c".repeat(201) }) {
			assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> cursors.set(id, "orders", 0, 1))
				.withMessageContaining("Cursor id");
			assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> cursors.find(id, "orders", 0))
				.withMessageContaining("Cursor id");
		}
		assertThat(sets()).isZero();
	}

	@Test
	void survivesALostConnection() {
		CursorStore cursors = this.client.cursors();
		cursors.set("c", "orders", 0, 1);
		int leader = 1 + partition("c", "orders", 0) % 3;
		this.cluster.broker(leader).<SetCursorRequest, Object>on("SetCursor", (request, observer, usual) -> {
			this.cluster.broker(leader).behave("SetCursor");
			observer.onError(Status.UNAVAILABLE.withDescription("socket closed").asRuntimeException());
		});
		cursors.set("c", "orders", 0, 2);
		assertThat(cursors.get("c", "orders", 0)).isEqualTo(2);
	}

	@Test
	void givesUpAfterTheRequestTimeout() {
		client(builder().requestTimeout(Duration.ofSeconds(3)));
		this.client.cursors().set("c", "orders", 0, 1);
		this.cluster.close();
		await().until(() -> this.client.brokers().stream().anyMatch((status) -> status.reason() != null));
		for (boolean set : new boolean[] { true, false }) {
			long start = System.nanoTime();
			assertThatExceptionOfType(BrokerUnavailableException.class).isThrownBy(() -> {
				if (set) {
					this.client.cursors().set("c", "orders", 0, 1);
				}
				else {
					this.client.cursors().find("c", "orders", 0);
				}
			}).withMessageContaining("127.0.0.1:");
			assertThat(Duration.ofNanos(System.nanoTime() - start)).as(set ? "set" : "find")
				.isLessThan(Duration.ofMillis(5500));
		}
	}

	@Test
	void givesUpOnABrokerThatHangs() {
		client(builder().requestTimeout(Duration.ofSeconds(3)));
		for (int i = 1; i <= 3; i++) {
			this.cluster.broker(i).hang("FetchPartitionMetadata");
			this.cluster.broker(i).hang("FetchCursor");
		}
		long start = System.nanoTime();
		assertThatExceptionOfType(LiftbridgeException.class)
			.isThrownBy(() -> this.client.cursors().find("c", "orders", 0))
			.withMessageContaining("cursor 'c' of stream 'orders' partition 0");
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(5500));
	}

	@Test
	void reportsAFailureOfTheServer() {
		for (int i = 1; i <= 3; i++) {
			this.cluster.broker(i)
				.fail("SetCursor", Status.INTERNAL
					.withDescription("The client is not authorized to call Publish on resource __cursors"));
		}
		assertThatExceptionOfType(LiftbridgeException.class)
			.isThrownBy(() -> this.client.cursors().set("c", "orders", 0, 1))
			.withMessageContaining("__cursors")
			.withMessageContaining("policy");
	}

	@Test
	void worksWithoutWaiting() throws Exception {
		CursorStore cursors = this.client.cursors();
		cursors.setAsync("c", "orders", 0, 5).get();
		OptionalLong found = cursors.findAsync("c", "orders", 0).get();
		assertThat(found).hasValue(5);
	}

	/** Any number can be stored by other programs. */
	@Test
	void takesNegativeNumbersForNothing() {
		for (int i = 1; i <= 3; i++) {
			this.cluster.broker(i).<Object, FetchCursorResponse>on("FetchCursor", (request, observer, usual) -> {
				observer.onNext(FetchCursorResponse.newBuilder().setOffset(-99).build());
				observer.onCompleted();
			});
		}
		assertThat(this.client.cursors().find("c", "orders", 0)).isEmpty();
		assertThat(this.client.cursors(CursorConvention.NEXT_OFFSET).find("c", "orders", 0)).isEmpty();
	}

	/** Answers each write only when it is told to. */
	private List<Runnable> holdWrites() {
		List<Runnable> held = new CopyOnWriteArrayList<>();
		for (int i = 1; i <= 3; i++) {
			this.cluster.broker(i).<SetCursorRequest, Object>on("SetCursor", (request, observer, usual) -> {
				held.add(usual);
			});
		}
		return held;
	}

	/** Whichever the server carried out last would stay. */
	@Test
	void theLastOfSeveralCallsWins() {
		List<Runnable> held = holdWrites();
		CursorStore cursors = this.client.cursors();
		List<CompletableFuture<Void>> answers = new ArrayList<>();
		for (int i = 1; i <= 5; i++) {
			answers.add(cursors.setAsync("c", "orders", 0, i));
		}
		CompletableFuture<Void> other = this.client.cursors().setAsync("d", "orders", 0, 7);
		await().until(() -> held.size() == 2);
		assertThat(answers).noneMatch(CompletableFuture::isDone);
		held.forEach(Runnable::run);
		assertThat(answers.get(0)).succeedsWithin(LONG);
		assertThat(other).succeedsWithin(LONG);
		await().until(() -> held.size() == 3);
		assertThat(answers.get(1)).as("nothing from it on is stored yet").isNotDone();
		held.get(2).run();
		assertThat(answers).allSatisfy((answer) -> assertThat(answer).succeedsWithin(LONG));
		assertThat(sets()).as("those that waited are one").isEqualTo(3);
		assertThat(cursors.get("c", "orders", 0)).isEqualTo(5);
	}

	@Test
	void theLastOfSeveralCallsWinsWhicheverStoreTheyUse() {
		List<Runnable> held = holdWrites();
		CompletableFuture<Void> first = this.client.cursors().setAsync("c", "orders", 0, 1);
		CompletableFuture<Void> second = this.client.cursors(CursorConvention.NEXT_OFFSET)
			.setAsync("c", "orders", 0, 2);
		await().until(() -> held.size() == 1);
		held.get(0).run();
		assertThat(first).succeedsWithin(LONG);
		await().until(() -> held.size() == 2);
		held.get(1).run();
		assertThat(second).succeedsWithin(LONG);
		assertThat(this.client.cursors().get("c", "orders", 0)).isEqualTo(3);
	}

	@Test
	void aWriteThatFailsDoesNotHoldUpTheNext() {
		for (int i = 1; i <= 3; i++) {
			this.cluster.broker(i).<SetCursorRequest, Object>on("SetCursor", (request, observer, usual) -> {
				if (request.getOffset() == 1) {
					observer.onError(Status.INVALID_ARGUMENT.withDescription("no").asRuntimeException());
				}
				else {
					usual.run();
				}
			});
		}
		CompletableFuture<Void> first = this.client.cursors().setAsync("c", "orders", 0, 1);
		CompletableFuture<Void> second = this.client.cursors().setAsync("c", "orders", 0, 2);
		assertThat(second).succeedsWithin(LONG);
		assertThat(first).failsWithin(LONG)
			.withThrowableOfType(ExecutionException.class)
			.withCauseInstanceOf(InvalidRequestException.class);
		assertThat(this.client.cursors().get("c", "orders", 0)).isEqualTo(2);
	}

	@Test
	void writesThatWaitFailWhenTheClientIsClosed() {
		List<Runnable> held = holdWrites();
		CompletableFuture<Void> first = this.client.cursors().setAsync("c", "orders", 0, 1);
		CompletableFuture<Void> second = this.client.cursors().setAsync("c", "orders", 0, 2);
		await().until(() -> held.size() == 1);
		this.client.close();
		assertThat(first).failsWithin(LONG);
		assertThat(second).failsWithin(LONG)
			.withThrowableOfType(ExecutionException.class)
			.withCauseInstanceOf(ClientClosedException.class);
	}

	/** Somebody may just be writing: what is not committed yet is not lost. */
	@Test
	void looksTwiceBeforeItRepairsAPartition() {
		CursorStore cursors = this.client.cursors();
		cursors.set("c", "orders", 0, 1);
		int before = sets();
		AtomicInteger looks = new AtomicInteger();
		for (int i = 1; i <= 3; i++) {
			this.cluster.broker(i)
				.<Object, FetchPartitionMetadataResponse>on("FetchPartitionMetadata", (request, observer, usual) -> {
					int highWatermark = 4 + looks.getAndIncrement();
					observer.onNext(FetchPartitionMetadataResponse.newBuilder()
						.setMetadata(PartitionMetadata.newBuilder().setNewestOffset(9).setHighWatermark(highWatermark))
						.build());
					observer.onCompleted();
				});
		}
		assertThat(cursors.get("c", "orders", 0)).isEqualTo(1);
		assertThat(looks).as("the watermark moves, so it is no remnant").hasValue(2);
		assertThat(sets()).isEqualTo(before);
	}

	@Test
	void makesCursorsVisibleThatAKilledServerHides() {
		CursorStore cursors = this.client.cursors();
		cursors.set("c", "orders", 0, 1);
		List<SetCursorRequest> repairs = new CopyOnWriteArrayList<>();
		for (int i = 1; i <= 3; i++) {
			this.cluster.broker(i)
				.<Object, FetchPartitionMetadataResponse>on("FetchPartitionMetadata", (request, observer, usual) -> {
					observer.onNext(FetchPartitionMetadataResponse.newBuilder()
						.setMetadata(PartitionMetadata.newBuilder().setNewestOffset(9).setHighWatermark(4))
						.build());
					observer.onCompleted();
				});
			this.cluster.broker(i).<SetCursorRequest, Object>on("SetCursor", (request, observer, usual) -> {
				repairs.add(request);
				usual.run();
			});
		}
		assertThat(cursors.get("c", "orders", 0)).isEqualTo(1);
		assertThat(repairs).hasSize(1);
		assertThat(partition(repairs.get(0).getCursorId(), repairs.get(0).getStream(), repairs.get(0).getPartition()))
			.isEqualTo(partition("c", "orders", 0));
	}

}
