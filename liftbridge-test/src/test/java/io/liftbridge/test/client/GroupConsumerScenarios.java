package io.liftbridge.test.client;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.cluster.Address;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.cursor.OffsetTracking;
import io.liftbridge.client.group.ConsumerUpdateListener;
import io.liftbridge.client.group.GroupConsumer;
import io.liftbridge.client.group.GroupMember;
import io.liftbridge.client.group.GroupPartition;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.StreamNotFoundException;
import io.liftbridge.client.producer.Producer;
import io.liftbridge.client.stream.StreamSpec;
import io.liftbridge.proto.APIGrpc;
import io.liftbridge.proto.SubscribeRequest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What a group must come through while its members come, go and vanish.
 */
abstract class GroupConsumerScenarios extends GroupScenarioTest {

	@Test
	void oneToFourMembersShareThreePartitionsWhileMessagesArrive() throws Exception {
		AtomicBoolean running = new AtomicBoolean(true);
		Thread sender = new Thread(() -> {
			while (running.get()) {
				send(50);
			}
		});
		sender.start();
		try {
			for (int size = 1; size <= 4; size++) {
				join();
				awaitSettled(size);
			}
			assertThat(this.members).filteredOn((m) -> m.consumer().member().isStandby()).hasSize(1);
			leave(0);
			awaitSettled(3);
			// Somebody who has partitions vanishes without leaving.
			this.members.remove(0).vanish();
			awaitSettled(2);
			leave(0);
			awaitSettled(1);
		}
		finally {
			running.set(false);
			sender.join();
		}
		awaitAllProcessed();
	}

	@Test
	void ofAStreamWithOnePartitionOneMemberIsActiveAndIsReplacedByOneThatStandsBy() throws Exception {
		this.client.streams().create(StreamSpec.named("jobs"));
		List<Integer> order = new CopyOnWriteArrayList<>();
		for (int i = 0; i < 3; i++) {
			join((builder) -> builder.streams("jobs").handler((message) -> order.add(Integer.valueOf(message.text()))));
		}
		// Who is replaced by one that joins may do again what it has not stored.
		awaitActive();
		try (Producer jobs = this.client.producer("jobs").build()) {
			sendJobs(jobs, 0, 50);
			awaitJobs(order, 50);
			GroupMemberUnderTest active = awaitActive();
			this.members.remove(active);
			active.close();
			sendJobs(jobs, 50, 100);
			awaitJobs(order, 100);
			assertThat(order).as("who leaves in good order leaves nothing to be done again").isSorted().hasSize(100);
			active = awaitActive();
			this.members.remove(active);
			active.vanish();
			sendJobs(jobs, 100, 150);
			awaitJobs(order, 150);
			assertThat(awaitActive().consumer().member().isStandby()).isFalse();
		}
	}

	private static void sendJobs(Producer jobs, int from, int to) {
		List<CompletableFuture<?>> acks = new ArrayList<>();
		for (int i = from; i < to; i++) {
			acks.add(jobs.send(Message.builder().value(Integer.toString(i)).build()));
		}
		CompletableFuture.allOf(acks.toArray(CompletableFuture[]::new)).join();
	}

	private static void awaitJobs(List<Integer> done, int count) {
		await().atMost(LONG).until(() -> Set.copyOf(done).size() == count);
	}

	private Long epoch() {
		return this.members.get(0).consumer().member().epoch();
	}

	/** All others stand by, and know it. */
	private GroupMemberUnderTest awaitActive() {
		await().atMost(LONG).untilAsserted(() -> {
			assertThat(this.members).extracting((m) -> m.consumer().member().epoch()).allMatch(epoch()::equals);
			assertThat(this.members).filteredOn((m) -> !m.consumer().member().isStandby()).hasSize(1);
		});
		return this.members.stream().filter((m) -> !m.consumer().member().isStandby()).findFirst().orElseThrow();
	}

	@Test
	void nothingIsDeliveredTwiceWhileNobodyComesOrGoes() throws Exception {
		join();
		join();
		join();
		awaitSettled(3);
		send(300);
		awaitAllProcessed();
		assertThat(this.processed.values()).allSatisfy((times) -> assertThat(times).hasValue(1));
	}

	@Test
	void whoLeavesInGoodOrderLeavesNothingToBeProcessedAgain() throws Exception {
		join();
		send(100);
		awaitAllProcessed();
		leave(0);
		join();
		send(100);
		awaitAllProcessed();
		assertThat(this.processed.values()).allSatisfy((times) -> assertThat(times).hasValue(1));
	}

	@Test
	void whatIsNewIsDecidedOnceForTheGroup() throws Exception {
		send(3);
		GroupMemberUnderTest first = join((builder) -> builder.from(StartPosition.newOnly()));
		await().atMost(LONG)
			.untilAsserted(() -> assertThat(this.client.cursors().find("__group:billing", "orders", 2)).hasValue(0));
		await().atMost(LONG)
			.untilAsserted(() -> assertThat(this.client.cursors().find("__group:billing", "orders", 1)).hasValue(0));
		await().atMost(LONG)
			.untilAsserted(() -> assertThat(this.client.cursors().find("__group:billing", "orders", 0)).hasValue(0));
		this.members.remove(first);
		first.close();
		send(6);
		join((builder) -> builder.from(StartPosition.newOnly()));
		await().atMost(LONG).until(() -> this.processed.size() == 6);
		assertThat(this.processed).doesNotContainKeys("0", "1", "2").containsKeys("3", "8");
	}

	@Test
	void whatIsNewInAnEmptyPartitionIsItsBeginning() throws Exception {
		GroupMemberUnderTest first = join((builder) -> builder.from(StartPosition.newOnly()));
		await().atMost(LONG)
			.untilAsserted(() -> assertThat(List.of(0, 1, 2)).allSatisfy(
					(p) -> assertThat(this.client.cursors().find("__group:billing:begun", "orders", p)).isPresent()));
		first.vanish();
		this.members.remove(first);
		send(6);
		join((builder) -> builder.from(StartPosition.newOnly()));
		awaitAllProcessed();
	}

	@Test
	void aNamedMemberTakesThePlaceOfItsCrashedTwinAtOnce() throws Exception {
		GroupMemberUnderTest crashed = join((builder) -> builder.consumerId("worker-1"));
		send(30);
		awaitAllProcessed();
		this.members.remove(crashed);
		crashed.vanish();
		GroupMemberUnderTest again = join((builder) -> builder.consumerId("worker-1"));
		assertThat(again.partitions()).hasSize(PARTITIONS);
		send(30);
		awaitAllProcessed();
	}

	/**
	 * A server forgets whoever reads under an id when an earlier call under that id ends:
	 * members that subscribe again in a new epoch must stay protected all the same.
	 */
	@Test
	void membersThatDoNotKnowTheEpochAreKeptOutAfterARebalance() throws Exception {
		join();
		join();
		awaitSettled(2);
		Address address = Address.parse(this.broker);
		ManagedChannel channel = NettyChannelBuilder.forAddress(address.host(), address.port()).usePlaintext().build();
		try {
			for (int partition = 0; partition < PARTITIONS; partition++) {
				SubscribeRequest request = SubscribeRequest.newBuilder()
					.setStream("orders")
					.setPartition(partition)
					.setConsumer(io.liftbridge.proto.Consumer.newBuilder().setGroupId("billing").setConsumerId("late"))
					.build();
				await().atMost(LONG)
					.untilAsserted(() -> assertThatExceptionOfType(StatusRuntimeException.class)
						.isThrownBy(() -> APIGrpc.newBlockingStub(channel)
							.withDeadlineAfter(5, TimeUnit.SECONDS)
							.subscribe(request)
							.next())
						.withMessageContaining("not currently assigned"));
			}
		}
		finally {
			channel.shutdownNow();
		}
		send(30);
		awaitAllProcessed();
	}

	@Test
	void theGroupComesThroughARestartOfTheBroker() throws Exception {
		join();
		join();
		awaitSettled(2);
		send(60);
		awaitAllProcessed();
		this.server.crash();
		this.server.restart();
		send(60);
		awaitAllProcessed();
		awaitSettled(2);
	}

	@Test
	void onlyWhatWasCommittedByHandIsNotDeliveredAgain() throws Exception {
		List<CompletableFuture<Void>> commits = new CopyOnWriteArrayList<>();
		GroupConsumer[] consumer = new GroupConsumer[1];
		try (LiftbridgeClient own = LiftbridgeClient.builder().seeds(this.broker).build()) {
			send(9);
			List<String> received = new CopyOnWriteArrayList<>();
			consumer[0] = own.group("billing")
				.streams("orders")
				.from(StartPosition.earliest())
				.tracking(OffsetTracking.manual())
				.handler((message) -> {
					received.add(message.text());
					if (message.offset() == 1) {
						commits.add(consumer[0].commit(message));
					}
				})
				.start();
			await().atMost(LONG).until(() -> received.size() == 9 && commits.size() == PARTITIONS);
			CompletableFuture.allOf(commits.toArray(CompletableFuture[]::new)).get(LONG.toSeconds(), TimeUnit.SECONDS);
			assertThat(consumer[0].close(LONG)).isTrue();
		}
		join();
		await().atMost(LONG).until(() -> this.processed.size() == PARTITIONS);
		assertThat(this.processed).containsOnlyKeys("6", "7", "8");
	}

	@Test
	void theListenerChoosesWhereToBeginAndLearnsOfEachMove() throws Exception {
		send(12);
		List<String> moves = new CopyOnWriteArrayList<>();
		ConsumerUpdateListener listener = new ConsumerUpdateListener() {

			@Override
			public StartPosition onActive(GroupMember member, GroupPartition partition, OptionalLong stored) {
				moves.add("active " + partition);
				return StartPosition.offset(2);
			}

			@Override
			public void onStandby(GroupMember member, GroupPartition partition, String reason) {
				moves.add("standby " + partition + " " + reason);
			}

		};
		join((builder) -> builder.listener(listener));
		await().atMost(LONG).until(() -> this.processed.size() == 6);
		assertThat(this.processed).containsOnlyKeys("6", "7", "8", "9", "10", "11");
		leave(0);
		assertThat(moves).containsExactlyInAnyOrder("active orders[0]", "active orders[1]", "active orders[2]",
				"standby orders[0] closed", "standby orders[1] closed", "standby orders[2] closed");
	}

	@Test
	void aStreamThatDoesNotExistFailsTheStart() throws Exception {
		try (GroupConsumer consumer = this.client.group("billing").streams("orderz").handler((message) -> {
		}).start()) {
			assertThat(consumer.started()).failsWithin(LONG)
				.withThrowableOfType(ExecutionException.class)
				.withCauseInstanceOf(StreamNotFoundException.class)
				.withMessageContaining("orderz");
		}
	}

}
