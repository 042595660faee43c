package io.liftbridge.test.client;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.producer.Producer;
import io.liftbridge.client.stream.StreamSpec;
import io.liftbridge.test.LiftbridgeServer;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Members written in Java and in Go share one group on a real server.
 */
class GroupInteropIT {

	private static final Duration LONG = Duration.ofSeconds(60);

	private static final int PARTITIONS = 3;

	private final Map<String, AtomicInteger> counts = GroupMemberUnderTest.counts();

	private final AtomicInteger sent = new AtomicInteger();

	@Test
	void javaAndGoMembersShareOneGroupWithoutLossOrDoubledPartitions() throws Exception {
		Assumptions.assumeTrue(LiftbridgeServer.isAvailable(), LiftbridgeServer::unavailableReason);
		Path executable = GoMember.build();
		try (LiftbridgeServer server = LiftbridgeServer.builder()
			.setting("groups.consumer.timeout", "4s")
			.setting("groups.coordinator.timeout", "4s")
			// The server can miss the result of its own Raft operation if one of its
			// threads is quicker than another; a Go member that joins then waits for
			// ever.
			.environment("GOMAXPROCS", "1")
			.start(); LiftbridgeClient client = LiftbridgeClient.builder().seeds(server.address()).build()) {
			client.streams().createIfAbsent(StreamSpec.named("orders").partitions(PARTITIONS));
			AtomicBoolean running = new AtomicBoolean(true);
			try (Producer producer = client.producer("orders").build();
					GroupMemberUnderTest java = new GroupMemberUnderTest(server.address(), "billing", this.counts,
							(builder) -> {
							});
					GoMember go = new GoMember(executable, server.address(), "billing", this.counts)) {
				java.consumer().started().get(LONG.toSeconds(), TimeUnit.SECONDS);
				Thread sender = new Thread(() -> {
					while (running.get()) {
						send(producer, 30);
					}
				});
				sender.start();
				try {
					await().atMost(LONG).until(() -> go.hasJoined() && go.processed() > 50);
					await().atMost(LONG).until(() -> List.of(1, 2).contains(java.partitions().size()));
					go.kill();
					await().atMost(LONG).until(() -> java.partitions().size() == PARTITIONS);
				}
				finally {
					running.set(false);
					sender.join();
				}
				awaitAll();
				try (GoMember second = new GoMember(executable, server.address(), "billing", this.counts)) {
					await().atMost(LONG)
						.until(() -> second.hasJoined() && List.of(1, 2).contains(java.partitions().size()));
					send(producer, 30);
					await().atMost(LONG).until(() -> second.processed() > 0);
					awaitAll();
					// The group has settled: from now on nothing is processed twice.
					int first = this.sent.get();
					send(producer, 300);
					awaitAll();
					assertThat(once(first, this.sent.get())).isEmpty();
					// Ours goes, and the Go member goes on where it stopped.
					java.close();
					send(producer, 30);
					awaitAll();
				}
				// And the other way round.
				try (GroupMemberUnderTest last = new GroupMemberUnderTest(server.address(), "billing", this.counts,
						(builder) -> {
						})) {
					last.consumer().started().get(LONG.toSeconds(), TimeUnit.SECONDS);
					int before = this.sent.get();
					send(producer, 30);
					awaitAll();
					assertThat(once(before, this.sent.get())).isEmpty();
				}
			}
		}
	}

	private void send(Producer producer, int count) {
		List<CompletableFuture<?>> acks = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			int number = this.sent.getAndIncrement();
			acks.add(producer
				.send(Message.builder().value(Integer.toString(number)).partition(number % PARTITIONS).build()));
		}
		CompletableFuture.allOf(acks.toArray(CompletableFuture[]::new)).join();
	}

	private void awaitAll() {
		await().atMost(LONG)
			.untilAsserted(() -> assertThat(GroupMemberUnderTest.missing(this.counts, this.sent.get())).isEmpty());
	}

	/** Those that were not processed exactly once. */
	private List<String> once(int from, int to) {
		List<String> others = new ArrayList<>();
		for (int i = from; i < to; i++) {
			String text = Integer.toString(i);
			if (this.counts.get(text).get() != 1) {
				others.add(text);
			}
		}
		return others;
	}

}
