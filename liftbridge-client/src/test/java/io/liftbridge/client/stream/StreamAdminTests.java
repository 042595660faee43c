package io.liftbridge.client.stream;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import io.grpc.Status;
import io.liftbridge.client.fake.FakeCluster;
import io.liftbridge.client.fake.FakeClusterTest;
import io.liftbridge.client.fake.FakePartition;
import io.liftbridge.client.message.BrokerUnavailableException;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.PartitionNotFoundException;
import io.liftbridge.client.message.StreamExistsException;
import io.liftbridge.client.message.StreamNotFoundException;
import io.liftbridge.proto.CreateStreamRequest;
import io.liftbridge.proto.DeleteStreamRequest;
import io.liftbridge.proto.FetchMetadataRequest;
import io.liftbridge.proto.FetchMetadataResponse;
import io.liftbridge.proto.PauseStreamRequest;
import io.liftbridge.proto.SetStreamReadonlyRequest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

class StreamAdminTests extends FakeClusterTest {

	@Test
	void createsAndDescribesAndDeletes() {
		StreamAdmin streams = this.client.streams();
		streams.create(StreamSpec.named("new").partitions(3));
		assertThat(streams.exists("new")).isTrue();
		StreamInfo info = streams.describe("new");
		assertThat(info.name()).isEqualTo("new");
		assertThat(info.subject()).isEqualTo("new");
		assertThat(info.partitions()).extracting(PartitionInfo::partition).containsExactly(0, 1, 2);
		assertThat(info.partitions()).allSatisfy((partition) -> {
			assertThat(partition.leader()).isEqualTo("b1");
			assertThat(partition.isr()).containsExactly("b1");
			assertThat(partition.newestOffset()).isEqualTo(-1);
			assertThat(partition.lastMessageAt()).isNull();
		});
		assertThat(streams.list()).extracting(StreamInfo::name).containsExactly("new", "orders");
		streams.delete("new");
		assertThat(streams.exists("new")).isFalse();
	}

	@Test
	void sendsTheSpecificationAsItIs() {
		AtomicReference<CreateStreamRequest> seen = new AtomicReference<>();
		this.broker.<CreateStreamRequest, Object>on("CreateStream", (request, observer, usual) -> {
			seen.set(request);
			usual.run();
		});
		StreamSpec spec = StreamSpec.named("new").partitions(2).retention(Duration.ofHours(1)).compact(true);
		this.client.streams().create(spec);
		assertThat(seen.get()).isEqualTo(spec.request());
	}

	@Test
	void saysThatANameIsTaken() {
		assertThatExceptionOfType(StreamExistsException.class)
			.isThrownBy(() -> this.client.streams().create(StreamSpec.named("orders")))
			.withMessageContaining("'orders'");
		assertThat(this.client.streams().createIfAbsent(StreamSpec.named("orders").partitions(9))).isFalse();
		assertThat(this.client.streams().createIfAbsent(StreamSpec.named("new"))).isTrue();
	}

	@Test
	void takesAStreamThatAnotherOneCreatedInTheMeantimeForPresent() {
		this.broker.<Object, Object>on("CreateStream", (request, observer, usual) -> {
			this.cluster.stream("new");
			usual.run();
		});
		assertThat(this.client.streams().createIfAbsent(StreamSpec.named("new"))).isFalse();
	}

	@Test
	void saysThatThereIsNothingToDeleteOrDescribe() {
		StreamAdmin streams = this.client.streams();
		assertThatExceptionOfType(StreamNotFoundException.class).isThrownBy(() -> streams.delete("nope"))
			.withMessageContaining("'nope'");
		assertThat(streams.deleteIfExists("nope")).isFalse();
		assertThat(streams.deleteIfExists("orders")).isTrue();
		this.cluster.stream("a");
		assertThatExceptionOfType(StreamNotFoundException.class).isThrownBy(() -> streams.describe("nope"))
			.withMessageContaining("stream 'nope' does not exist")
			.withMessageContaining("Existing streams are: a.");
	}

	@Test
	void doesNotShowTheServersOwnStreams() {
		this.cluster.stream("__cursors", 2);
		assertThat(this.client.streams().list()).extracting(StreamInfo::name).containsExactly("orders");
		assertThat(this.client.streams().describe("__cursors").partitions()).hasSize(2);
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> this.client.streams().delete("__cursors"))
			.withMessageContaining("reserved");
	}

	@Test
	void asksTheLeaderForCurrentOffsets() {
		FakePartition second = this.cluster.stream("wide", 2).get(1);
		second.append("a");
		PartitionInfo info = this.client.streams().describePartition("wide", 1);
		assertThat(info.stream()).isEqualTo("wide");
		assertThat(info.partition()).isEqualTo(1);
		assertThat(info.newestOffset()).isZero();
		assertThat(info.highWatermark()).isZero();
		assertThat(info.readonly()).isFalse();
		assertThat(info.pausedOnce()).isFalse();
	}

	@Test
	void saysWhichPartitionIsMissing() {
		StreamAdmin streams = this.client.streams();
		assertThatExceptionOfType(StreamNotFoundException.class).isThrownBy(() -> streams.describePartition("nope", 0));
		for (int partition : new int[] { -1, 1 }) {
			assertThatExceptionOfType(PartitionNotFoundException.class)
				.isThrownBy(() -> streams.describePartition("orders", partition))
				.withMessageContaining("stream 'orders' has no partition " + partition);
		}
	}

	@Test
	void saysThatAPausedPartitionDoesNotAnswer() {
		client(builder().requestTimeout(Duration.ofMillis(1500)));
		// The first connection must not use up the time.
		this.client.streams().describePartition("orders", 0);
		this.orders.paused(true);
		assertThatExceptionOfType(BrokerUnavailableException.class)
			.isThrownBy(() -> this.client.streams().describePartition("orders", 0))
			.withMessageContaining("stream 'orders' partition 0")
			.withMessageContaining("paused");
	}

	@Test
	void findsTheNewLeader() {
		this.client.streams().describePartition("orders", 0);
		this.orders.leader("b2");
		assertThat(this.cluster.metadata().getBrokersCount()).isOne();
		CountDownLatch asked = new CountDownLatch(1);
		this.broker.on("FetchPartitionMetadata", (request, observer, usual) -> {
			usual.run();
			asked.countDown();
			this.orders.leader("b1");
		});
		assertThat(this.client.streams().describePartition("orders", 0).leader()).isEqualTo("b1");
		assertThat(this.broker.count("FetchPartitionMetadata")).isEqualTo(3);
	}

	@Test
	void pausesAndSetsReadonly() {
		AtomicReference<PauseStreamRequest> paused = new AtomicReference<>();
		this.broker.<PauseStreamRequest, Object>on("PauseStream", (request, observer, usual) -> {
			paused.set(request);
			usual.run();
		});
		AtomicReference<SetStreamReadonlyRequest> readonly = new AtomicReference<>();
		this.broker.<SetStreamReadonlyRequest, Object>on("SetStreamReadonly", (request, observer, usual) -> {
			readonly.set(request);
			usual.run();
		});
		this.client.streams().pause("orders", true, 0, 2);
		assertThat(paused.get().getName()).isEqualTo("orders");
		assertThat(paused.get().getPartitionsList()).containsExactly(0, 2);
		assertThat(paused.get().getResumeAll()).isTrue();
		this.client.streams().setReadonly("orders", true);
		assertThat(readonly.get().getPartitionsList()).isEmpty();
		assertThat(readonly.get().getReadonly()).isTrue();
		this.client.streams().setReadonly("orders", false, 1);
		assertThat(readonly.get().getReadonly()).isFalse();
		this.broker.fail("PauseStream", Status.NOT_FOUND.withDescription("partition does not exist"));
		assertThatExceptionOfType(PartitionNotFoundException.class)
			.isThrownBy(() -> this.client.streams().pause("orders", false, 7));
	}

	@Test
	void waitsOutARestart() {
		this.client.streams().list();
		this.broker.kill();
		await().until(() -> this.client.brokers().get(0).reason() != null);
		AtomicInteger questions = new AtomicInteger();
		this.broker.<Object, Object>on("FetchMetadata", (request, observer, usual) -> {
			if (questions.incrementAndGet() <= 3) {
				observer.onNext(this.cluster.metadata().toBuilder().clearStreamMetadata().build());
				observer.onCompleted();
			}
			else {
				usual.run();
			}
		});
		Thread starter = new Thread(() -> {
			await().until(() -> questions.get() == 0);
			this.broker.start();
		});
		starter.start();
		assertThat(this.client.streams().describe("orders").name()).isEqualTo("orders");
	}

	@Test
	void refusesNamesBeforeAskingAnybody() {
		StreamAdmin streams = this.client.streams();
		for (String name : new String[] { "a b", "", "a..b", "a/b", "*" }) {
			assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> streams.delete(name));
			assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> streams.exists(name));
			assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> streams.describe(name));
			assertThatExceptionOfType(InvalidRequestException.class)
				.isThrownBy(() -> streams.describePartition(name, 0));
			assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> streams.pause(name, false));
			assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> streams.setReadonly(name, true));
		}
		assertThat(this.broker.count("FetchMetadata")).isZero();
	}

	@Test
	void passesOnWhatTheServerRefuses() {
		this.broker.fail("CreateStream",
				Status.INVALID_ARGUMENT.withDescription("Invalid replicationFactor 3, cluster size 1"));
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> this.client.streams().create(StreamSpec.named("new").replicationFactor(3)))
			.withMessageContaining("create stream: stream 'new'")
			.withMessageContaining("Invalid replicationFactor 3, cluster size 1")
			.satisfies((ex) -> assertThat(ex.outcome()).isEqualTo(LiftbridgeException.Outcome.REFUSED));
	}

	@Test
	void tellsWhatIsKnownWithoutAsking() {
		assertThat(this.client.streams().known()).isEmpty();
		this.client.streams().list();
		int asked = this.broker.count("FetchMetadata");
		assertThat(this.client.streams().known()).extracting(StreamInfo::name).containsExactly("orders");
		assertThat(this.broker.count("FetchMetadata")).isEqualTo(asked);
	}

	/** The answer to the first attempt is lost, before or after it was carried out. */
	private void loseTheFirstAnswer(String method, boolean carriedOut) {
		AtomicInteger attempts = new AtomicInteger();
		this.broker.<Object, Object>on(method, (request, observer, usual) -> {
			if (attempts.incrementAndGet() > 1) {
				usual.run();
				return;
			}
			if (carriedOut && request instanceof CreateStreamRequest create) {
				this.cluster.stream(create.getName(), create.getPartitions());
			}
			else if (carriedOut && request instanceof DeleteStreamRequest delete) {
				this.cluster.remove(delete.getName());
			}
			observer.onError(Status.UNAVAILABLE.withDescription("socket closed").asRuntimeException());
		});
	}

	@Test
	void takesAStreamForCreatedIfOnlyTheAnswerWasLost() {
		loseTheFirstAnswer("CreateStream", true);
		this.client.streams().create(StreamSpec.named("new").partitions(2));
		assertThat(this.client.streams().known()).extracting(StreamInfo::name).containsExactly("new", "orders");
		loseTheFirstAnswer("CreateStream", true);
		assertThat(this.client.streams().createIfAbsent(StreamSpec.named("newer"))).isTrue();
	}

	@Test
	void doesNotTakeAStreamForCreatedThatWasThereBefore() {
		loseTheFirstAnswer("CreateStream", false);
		assertThatExceptionOfType(StreamExistsException.class)
			.isThrownBy(() -> this.client.streams().create(StreamSpec.named("orders")));
	}

	@Test
	void doesNotTakeAnotherStreamForTheOneItMeantToCreate() {
		AtomicInteger attempts = new AtomicInteger();
		this.broker.<Object, Object>on("CreateStream", (request, observer, usual) -> {
			if (attempts.incrementAndGet() > 1) {
				usual.run();
				return;
			}
			this.cluster.stream("new", 5);
			observer.onError(Status.UNAVAILABLE.withDescription("socket closed").asRuntimeException());
		});
		assertThatExceptionOfType(StreamExistsException.class)
			.isThrownBy(() -> this.client.streams().create(StreamSpec.named("new").partitions(2)))
			.withMessageContaining("stream 'new'")
			.withMessageContaining("5 partitions");
	}

	@Test
	void takesAStreamForDeletedOnlyIfItWasThere() {
		loseTheFirstAnswer("DeleteStream", true);
		this.client.streams().delete("orders");
		loseTheFirstAnswer("DeleteStream", true);
		assertThat(this.client.streams().deleteIfExists("nope")).isFalse();
	}

	/** A picture that was asked for before is on its way, without the new stream. */
	@Test
	void knowsWhatItCreatedAndDeletedAtOnce() {
		this.client.streams().list();
		List<Runnable> held = new CopyOnWriteArrayList<>();
		this.broker.<FetchMetadataRequest, FetchMetadataResponse>on("FetchMetadata", (request, observer, usual) -> {
			FetchMetadataResponse now = this.cluster.metadata();
			Runnable answer = () -> {
				observer.onNext(now);
				observer.onCompleted();
			};
			if (held.isEmpty()) {
				held.add(answer);
			}
			else {
				answer.run();
			}
		});
		this.client.connect();
		await().until(() -> !held.isEmpty());
		this.broker.on("CreateStream", (request, observer, usual) -> {
			usual.run();
			held.get(0).run();
		});
		this.client.streams().create(StreamSpec.named("new"));
		assertThat(this.client.streams().known()).extracting(StreamInfo::name).containsExactly("new", "orders");
		this.client.streams().delete("new");
		assertThat(this.client.streams().known()).extracting(StreamInfo::name).containsExactly("orders");
	}

	@Test
	void knowsWhatItCreatedAlthoughAnotherBrokerLags() {
		try (FakeCluster two = new FakeCluster(2)) {
			client(builder().seeds(two.seeds()));
			this.client.streams().list();
			FetchMetadataResponse before = two.metadata();
			AtomicInteger stale = new AtomicInteger(2);
			for (int i = 1; i <= 2; i++) {
				two.broker(i)
					.<FetchMetadataRequest, FetchMetadataResponse>on("FetchMetadata", (request, observer, usual) -> {
						boolean all = request.getStreamsCount() == 0;
						if (all && two.metadata().getStreamMetadataCount() > 0 && stale.getAndDecrement() > 0) {
							observer.onNext(before);
							observer.onCompleted();
						}
						else {
							usual.run();
						}
					});
			}
			this.client.streams().create(StreamSpec.named("new"));
			assertThat(this.client.streams().known()).extracting(StreamInfo::name).containsExactly("new");
		}
	}

	@Test
	void namesARemedyForThoseWithAndWithoutSpring() {
		assertThatExceptionOfType(StreamNotFoundException.class)
			.isThrownBy(() -> this.client.streams().describe("nope"))
			.withMessageContaining("streams().create")
			.withMessageContaining("LiftbridgeAdmin")
			.withMessageContaining("liftbridge.streams")
			.withMessageContaining("too late for constructors and @PostConstruct");
	}

}
