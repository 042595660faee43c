package io.liftbridge.spring.listener.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.consumer.Consumer;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.consumer.StopPosition;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.PartitionNotFoundException;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.client.message.RequestTimeoutException;
import io.liftbridge.client.stream.PartitionInfo;
import io.liftbridge.client.stream.StreamInfo;
import io.liftbridge.spring.core.ProducerFactory;
import io.liftbridge.spring.listener.delivery.DeadLetterReplayer.Replay;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of a {@link DeadLetterReplayer}. Sends up to as many dead letters at a time as
 * have their marks in one cursor, and marks them when all of them are stored.
 */
final class ReplayRun {

	private static final Logger logger = LoggerFactory.getLogger(ReplayRun.class);

	private static final String CURSOR_ID = "liftbridge-replay:";

	private static final String NO_ORIGIN = "they do not tell which stream they come from";

	private static final String ORIGINAL_GONE = "their values were omitted, and the original messages are gone";

	private final LiftbridgeClient client;

	private final ProducerFactory producers;

	private final Replay replay;

	private final OriginalMessages originals;

	private final Map<String, Integer> partitions = new HashMap<>();

	private long replayed;

	private long filteredOut;

	private long before;

	private long unusable;

	private final Map<String, Unusable> reasons = new LinkedHashMap<>();

	ReplayRun(LiftbridgeClient client, ProducerFactory producers, Replay replay) {
		this.client = client;
		this.producers = producers;
		this.replay = replay;
		this.originals = new OriginalMessages(client.reader(), replay.timeout());
	}

	ReplayResult run() {
		String source = this.replay.source();
		StreamInfo info = this.client.streams().describe(source);
		// A stream that was created anew has nothing to do with the marks of the old one.
		String id = CURSOR_ID + info.createdAt().toEpochMilli();
		boolean found = false;
		try {
			for (int partition = 0; partition < info.partitions().size() && !isFull(); partition++) {
				if (this.replay.isWanted(partition)) {
					found = true;
					run(partition, new ReplayMarks(this.client.cursors(), id, source, partition));
				}
			}
		}
		finally {
			// Not one line each: there may be as many as the stream has messages.
			this.reasons.forEach((reason, those) -> logger.warn(
					"Replay of '{}': {} message(s) cannot be put back, the first is {}: {}", source, those.count,
					those.first, reason));
		}
		if (!found && !isFull()) {
			throw new PartitionNotFoundException("Stream '" + source + "' has " + info.partitions().size()
					+ " partition(s), counted from 0, and not the one that was asked for.", null);
		}
		logger.info("Replay of '{}': {}", source, result());
		return result();
	}

	private boolean isFull() {
		return this.replayed >= this.replay.limit();
	}

	private ReplayResult result() {
		return new ReplayResult(this.replayed, this.filteredOut, this.before, this.unusable, this.replay.isDryRun());
	}

	private void run(int partition, ReplayMarks marks) {
		PartitionInfo info = this.client.streams().describePartition(this.replay.source(), partition);
		long last = Math.min(this.replay.last(), info.newestOffset());
		long first = Math.max(this.replay.first(), marks.base() + 1);
		if (first > last) {
			return;
		}
		Block block = new Block(marks, this.replay.first() <= marks.base() + 1);
		try (Consumer consumer = this.client.consumer(this.replay.source())
			.partition(partition)
			.from(StartPosition.offset(first))
			.until(StopPosition.offset(last))
			.open()) {
			long deadline = deadline();
			while (!consumer.isEnded() && !isFull()) {
				List<ReceivedMessage<byte[]>> letters = consumer.poll(Duration.ofMillis(100));
				deadline = letters.isEmpty() ? deadline : deadline();
				if (deadline - System.nanoTime() < 0) {
					throw new RequestTimeoutException(
							"No dead letter of " + this.replay.source() + "/" + partition + " has arrived for "
									+ this.replay.timeout() + ", and offset " + last
									+ " is not reached. Try again when the broker answers.",
							null, LiftbridgeException.Outcome.REFUSED);
				}
				letters.forEach((letter) -> take(letter, block));
			}
		}
		finally {
			block.close();
		}
	}

	private long deadline() {
		return System.nanoTime() + this.replay.timeout().toNanos();
	}

	private void take(ReceivedMessage<byte[]> letter, Block block) {
		if (isFull()) {
			block.leave(letter);
			return;
		}
		if (block.isMarked(letter)) {
			this.before++;
			block.pass(letter);
			return;
		}
		if (!this.replay.isWanted(letter)) {
			this.filteredOut++;
			block.leave(letter);
			return;
		}
		String target = target(letter);
		Message message = (target != null) ? this.originals.of(letter) : null;
		if (target == null || message == null) {
			this.unusable++;
			this.reasons.computeIfAbsent((target == null) ? NO_ORIGIN : ORIGINAL_GONE, (reason) -> new Unusable(
					letter.stream() + "/" + letter.partition() + "@" + letter.offset())).count++;
			block.leave(letter);
			return;
		}
		this.replayed++;
		if (!this.replay.isDryRun()) {
			block.send(letter, target, message);
		}
	}

	private @Nullable String target(ReceivedMessage<byte[]> letter) {
		return (this.replay.target() != null) ? this.replay.target() : OriginalMessages.stream(letter);
	}

	private CompletableFuture<Ack> send(String target, Message message) {
		int count = this.partitions.computeIfAbsent(target,
				(stream) -> this.client.streams().describe(stream).partitions().size());
		return this.producers.send(target,
				(message.partition() < count) ? message : message.toBuilder().partition(Message.ANY_PARTITION).build());
	}

	/** What cannot be put back for one reason. */
	private static final class Unusable {

		private final String first;

		private long count;

		Unusable(String first) {
			this.first = first;
		}

	}

	/** What is on its way, and what is known when it has arrived. */
	private final class Block {

		private final ReplayMarks marks;

		private final List<ReceivedMessage<byte[]>> letters = new ArrayList<>();

		private final List<CompletableFuture<Ack>> sent = new ArrayList<>();

		/** The lowest offset that was left. */
		private long firstLeft;

		/** The offset up to which nothing was left. */
		private long completed = -1;

		/** Offsets of which a record was left. */
		private final Set<Long> left = new HashSet<>();

		Block(ReplayMarks marks, boolean complete) {
			this.marks = marks;
			this.firstLeft = complete ? Long.MAX_VALUE : -1;
		}

		boolean isMarked(ReceivedMessage<byte[]> letter) {
			if (!this.letters.isEmpty()
					&& this.letters.get(0).offset() / ReplayMarks.BLOCK != letter.offset() / ReplayMarks.BLOCK) {
				flush();
			}
			return this.marks.isMarked(letter.offset());
		}

		/** It is not put back. */
		void leave(ReceivedMessage<byte[]> letter) {
			this.left.add(letter.offset());
			this.firstLeft = Math.min(this.firstLeft, letter.offset());
		}

		/** It was put back before. */
		void pass(ReceivedMessage<byte[]> letter) {
			if (this.letters.isEmpty()) {
				complete(letter);
			}
		}

		void send(ReceivedMessage<byte[]> letter, String target, Message message) {
			this.letters.add(letter);
			try {
				this.sent.add(ReplayRun.this.send(target, message));
			}
			catch (RuntimeException ex) {
				this.sent.add(CompletableFuture.failedFuture(ex));
				flush();
			}
		}

		/** Waits for what is on its way, and marks it. */
		void flush() {
			Throwable failure = null;
			int failed = 0;
			for (int i = 0; i < this.sent.size(); i++) {
				Throwable problem = await(this.sent.get(i));
				if (problem == null) {
					mark(this.letters.get(i));
				}
				else {
					failed++;
					leave(this.letters.get(i));
					failure = (failure != null) ? failure : problem;
				}
			}
			ReceivedMessage<byte[]> first = this.letters.isEmpty() ? null : this.letters.get(0);
			this.letters.clear();
			this.sent.clear();
			this.left.clear();
			this.marks.store();
			if (failure != null && first != null) {
				ReplayRun.this.replayed -= failed;
				throw new DeadLetterReplayException("Dead letters of " + first.stream() + "/" + first.partition()
						+ " from offset " + first.offset() + " on could not be put back, " + failed
						+ " of them. Those that could are remembered: mend the cause and run it again. " + failure,
						failure, result());
			}
		}

		/** Records of one entry are marked together, when the last one is put back. */
		private void mark(ReceivedMessage<byte[]> letter) {
			if (letter.index() < letter.recordCount() - 1 || this.left.contains(letter.offset())) {
				return;
			}
			this.marks.mark(letter.offset());
			complete(letter);
		}

		private void complete(ReceivedMessage<byte[]> letter) {
			if (letter.offset() < this.firstLeft) {
				this.completed = letter.offset();
			}
		}

		private @Nullable Throwable await(CompletableFuture<Ack> future) {
			try {
				future.copy().orTimeout(ReplayRun.this.replay.timeout().toMillis(), TimeUnit.MILLISECONDS).join();
				return null;
			}
			catch (CompletionException ex) {
				return (ex.getCause() != null) ? ex.getCause() : ex;
			}
		}

		void close() {
			if (ReplayRun.this.replay.isDryRun()) {
				return;
			}
			try {
				flush();
			}
			finally {
				if (this.completed >= 0) {
					this.marks.complete(this.completed);
				}
			}
		}

	}

}
