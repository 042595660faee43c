package io.liftbridge.spring.listener.rebalance;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.producer.Producer;
import io.liftbridge.client.stream.StreamSpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Lets members of a group, each in a process of its own, join, leave, be killed and hang
 * while messages arrive, and checks what they have written down.
 */
final class Rebalancing {

	private static final Logger logger = LoggerFactory.getLogger(Rebalancing.class);

	static final int PARTITIONS = 6;

	/** After which a member that is not heard is removed. */
	static final Duration MEMBER_TIMEOUT = Duration.ofSeconds(2);

	private static final Duration LONG = Duration.ofSeconds(60);

	private static final int BURST = 60;

	private final String stream = "work";

	private final String address;

	private final Path directory;

	private final long seed = Long.getLong("liftbridge.rebalance.seed", System.nanoTime());

	private final Random random = new Random(this.seed);

	private final List<Member> all = new ArrayList<>();

	private final List<Member> living = new ArrayList<>();

	private final List<String> actions = new ArrayList<>();

	Rebalancing(String address, Path directory) {
		this.address = address;
		this.directory = directory;
	}

	/** Does everything there is, in some order, and checks what came of it. */
	void run() throws Exception {
		logger.info("Rebalancing with -Dliftbridge.rebalance.seed={}", this.seed);
		try (LiftbridgeClient client = LiftbridgeClient.builder().seeds(this.address).build()) {
			client.streams().create(StreamSpec.named(this.stream).partitions(PARTITIONS));
			join();
			join();
			awaitWork(2);
			AtomicBoolean sending = new AtomicBoolean(true);
			CompletableFuture<long[]> sent = CompletableFuture.supplyAsync(() -> send(client, sending));
			List<Action> order = new ArrayList<>(
					List.of(this::join, this::leave, this::kill, this::freeze, this::freeze, this::join, this::freeze));
			Collections.shuffle(order, this.random);
			for (Action action : order) {
				action.run();
				pause(Duration.ofMillis(this.random.nextInt(200, 1500)));
			}
			sending.set(false);
			check(sent.get(LONG.toSeconds(), TimeUnit.SECONDS));
		}
		catch (Exception | AssertionError ex) {
			throw new AssertionError("With -Dliftbridge.rebalance.seed=" + this.seed + ", after " + this.actions + ": "
					+ ex.getMessage(), ex);
		}
		finally {
			for (Member member : this.all) {
				member.kill();
			}
		}
	}

	/** Returns how many messages each partition has. */
	private long[] send(LiftbridgeClient client, AtomicBoolean sending) {
		long[] counts = new long[PARTITIONS];
		try (Producer producer = client.producer(this.stream).build()) {
			while (sending.get()) {
				List<CompletableFuture<Ack>> acks = new ArrayList<>();
				for (int i = 0; i < BURST; i++) {
					int partition = i % PARTITIONS;
					counts[partition]++;
					acks.add(producer.send(Message.builder().value("m").partition(partition).build()));
				}
				acks.forEach(CompletableFuture::join);
				LockSupport.parkNanos(100_000_000);
			}
		}
		return counts;
	}

	private static void pause(Duration pause) {
		await().pollDelay(pause).atMost(pause.plus(LONG)).until(() -> true);
	}

	private void join() throws IOException {
		Member member = Member.start(this.address, this.stream, "m" + this.all.size(), this.directory);
		this.all.add(member);
		this.living.add(member);
		this.actions.add("join " + member.id());
	}

	/** Somebody who has something to do, while others can take over. */
	private Member someone() {
		awaitWork(2);
		List<Member> working = this.living.stream().filter((member) -> !member.journal().entries().isEmpty()).toList();
		return working.get(this.random.nextInt(working.size()));
	}

	/** So many of the living have been given something. */
	private void awaitWork(int members) {
		while (this.living.size() < members) {
			try {
				join();
			}
			catch (IOException ex) {
				throw new IllegalStateException(ex);
			}
		}
		await().atMost(LONG).pollInterval(Duration.ofMillis(50)).untilAsserted(() -> {
			assertThat(this.living).allSatisfy((member) -> assertThat(member.isAlive()).isTrue());
			assertThat(this.living).filteredOn((member) -> !member.journal().entries().isEmpty())
				.hasSizeGreaterThanOrEqualTo(members);
		});
	}

	private void leave() throws Exception {
		Member member = someone();
		this.actions.add("leave " + member.id());
		this.living.remove(member);
		member.leave();
	}

	private void kill() throws Exception {
		Member member = someone();
		this.actions.add("kill " + member.id());
		this.living.remove(member);
		member.kill();
	}

	/** So long that it is removed and the others have its partitions. */
	private void freeze() throws Exception {
		Member member = someone();
		this.actions.add("freeze " + member.id());
		member.freeze();
		pause(MEMBER_TIMEOUT.plusMillis(this.random.nextInt(500, 2500)));
		member.thaw();
	}

	private void check(long[] sent) {
		for (int i = 0; i < PARTITIONS; i++) {
			int partition = i;
			// Nothing is skipped.
			await().atMost(LONG).pollInterval(Duration.ofMillis(200)).untilAsserted(() -> {
				Set<Long> done = new HashSet<>();
				journals().flatMap((journal) -> journal.entries().stream())
					.filter((entry) -> entry.is("done") && entry.partition() == partition)
					.forEach((entry) -> done.add(entry.offset()));
				assertThat(done.size()).as("messages of partition %s that are done", partition)
					.isEqualTo((int) sent[partition]);
			});
		}
		RebalanceChecks checks = new RebalanceChecks(this.all);
		for (int partition = 0; partition < PARTITIONS; partition++) {
			checks.check(partition);
		}
		assertThat(checks.takenOver()).as("partitions that were taken over from members that hung").isPositive();
	}

	private Stream<Journal> journals() {
		return this.all.stream().map(Member::journal);
	}

	@FunctionalInterface
	private interface Action {

		void run() throws Exception;

	}

}
