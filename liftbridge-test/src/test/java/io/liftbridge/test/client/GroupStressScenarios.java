package io.liftbridge.test.client;

import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.liftbridge.client.cursor.OffsetTracking;
import io.liftbridge.client.group.GroupPartition;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Members that join, leave, crash and lose their connections at random while messages
 * arrive: each message is processed, in each assignment in order, and in one epoch by one
 * member only.
 */
abstract class GroupStressScenarios extends GroupScenarioTest {

	private static final int MOST = 4;

	private final Map<GroupMemberUnderTest, Boolean> cutOff = new ConcurrentHashMap<>();

	private GroupRecord record;

	private Random random;

	abstract Duration length();

	@Test
	void nothingIsLostWhateverMembersDo() throws Exception {
		long seed = Long.getLong("liftbridge.stress.seed", System.nanoTime());
		this.random = new Random(seed);
		this.record = new GroupRecord();
		try {
			stress();
		}
		catch (AssertionError | Exception ex) {
			throw new AssertionError("With -Dliftbridge.stress.seed=" + seed + ": " + ex.getMessage()
					+ "\nwhat was done: " + this.record.actions(), ex);
		}
	}

	private void stress() throws Exception {
		AtomicBoolean running = new AtomicBoolean(true);
		Thread sender = new Thread(() -> {
			while (running.get()) {
				send(20);
			}
		});
		sender.start();
		try {
			long end = System.nanoTime() + length().toNanos();
			while (System.nanoTime() < end) {
				act();
				Duration pause = Duration.ofMillis(this.random.nextInt(50, 1200));
				await().pollDelay(pause).atMost(pause.plus(LONG)).until(() -> true);
			}
		}
		finally {
			running.set(false);
			sender.join();
			this.cutOff.keySet().forEach((member) -> member.relay().heal());
		}
		add();
		awaitAllProcessed();
		assertThat(this.record.violations()).isEmpty();
		// A write of a member that was cut off may land late: what is behind it is done
		// again, but nothing may be skipped.
		while (!this.members.isEmpty()) {
			leave(0);
		}
		for (int partition = 0; partition < PARTITIONS; partition++) {
			long newest = this.client.streams().describePartition("orders", partition).newestOffset();
			assertThat(this.client.cursors().get("__group:billing", "orders", partition)).isBetween(0L, newest);
		}
	}

	private void act() throws Exception {
		int size = this.members.size();
		int choice = this.random.nextInt(10);
		if (size == 0 || (choice < 4 && size < MOST)) {
			add();
			return;
		}
		int index = this.random.nextInt(size);
		GroupMemberUnderTest member = this.members.get(index);
		if (choice < 6) {
			this.record.act("leave " + name(member));
			leave(index);
		}
		else if (choice < 7) {
			this.record.act("crash " + name(member));
			this.members.remove(index).vanish();
		}
		else if (this.cutOff.remove(member) != null) {
			this.record.act("heal " + name(member));
			member.relay().heal();
		}
		else {
			boolean silently = this.random.nextBoolean();
			this.record.act((silently ? "freeze " : "sever ") + name(member));
			this.cutOff.put(member, true);
			if (silently) {
				member.relay().freeze();
			}
			else {
				member.relay().sever();
			}
		}
	}

	private static String name(GroupMemberUnderTest member) {
		return member.consumer().member().consumerId();
	}

	/** Does not wait: it may have to wait for the silent ones to be removed. */
	private void add() throws Exception {
		String id = "m-" + UUID.randomUUID().toString().substring(0, 4);
		this.record.act("join " + id);
		GroupRecord.Member own = this.record.member();
		GroupMemberUnderTest member = new GroupMemberUnderTest(this.broker, "billing", this.processed,
				(builder) -> builder.consumerId(id)
					.tracking(OffsetTracking.every(this.random.nextInt(1, 50), Duration.ofMillis(100)))
					.listener(own)
					.handler((message) -> {
						own.processes(new GroupPartition(message.stream(), message.partition()), message.offset());
						this.processed.computeIfAbsent(message.text(), (text) -> new AtomicInteger());
					}));
		own.consumer(member.consumer());
		this.members.add(member);
	}

}
