package io.liftbridge.boot.autoconfigure.actuate;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.client.message.StreamNotFoundException;
import io.liftbridge.spring.listener.delivery.DeadLetterReplayException;
import io.liftbridge.spring.listener.delivery.DeadLetterReplayer;
import io.liftbridge.spring.listener.delivery.ReplayResult;
import io.liftbridge.spring.support.LiftbridgeHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Puts the dead letters of listeners back in the background, and remembers what became of
 * it. Safe for use by many threads.
 */
class DeadLetterReplays {

	private final DeadLetterReplayer replayer;

	private final String suffix;

	private final Clock clock;

	private final Map<String, ReplayDescriptor> last = new ConcurrentHashMap<>();

	/**
	 * Creates it.
	 * @param replayer puts them back
	 * @param suffix what the names of dead-letter streams end with
	 * @param clock tells the time
	 */
	DeadLetterReplays(DeadLetterReplayer replayer, String suffix, Clock clock) {
		this.replayer = replayer;
		this.suffix = suffix;
		this.clock = clock;
	}

	@Nullable ReplayDescriptor last(String id) {
		return this.last.get(id);
	}

	/**
	 * Begins to put back the dead letters of a listener.
	 * @param tasks runs it
	 * @param id the listener's id
	 * @param streams the streams that they come from
	 * @param partition partition of the dead-letter stream, or
	 * {@link ListenerRequest#ALL}
	 * @param limit how many at most, 0 for all
	 * @param dryRun whether only to count
	 */
	void start(BackgroundTasks tasks, String id, List<String> streams, int partition, long limit, boolean dryRun) {
		List<String> sources = streams.stream()
			.filter((stream) -> !stream.endsWith(this.suffix))
			.map((stream) -> stream + this.suffix)
			.toList();
		if (sources.isEmpty()) {
			throw ListenerRequest.invalid("listener '" + id + "' reads " + streams
					+ ", which have no dead letters: name the listener that they come from");
		}
		Run run = new Run(id, sources, now());
		ReplayDescriptor begun = run.describe(new ReplayResult(0, 0, 0, 0, dryRun), null, null);
		this.last.compute(id, (key, current) -> {
			if (current != null && current.ended() == null) {
				// Two at the same time would put the same dead letters back.
				throw ListenerRequest.invalid(
						"dead letters of listener '" + id + "' are being replayed already: wait until that has ended");
			}
			return begun;
		});
		tasks.run("replay", id, () -> run.go(partition, limit, dryRun));
	}

	private Instant now() {
		return this.clock.instant().truncatedTo(ChronoUnit.MILLIS);
	}

	/**
	 * One that does not tell whose it is may be this listener's.
	 */
	private static boolean isOf(String id, ReceivedMessage<byte[]> letter) {
		String owner = letter.headers().text(LiftbridgeHeaders.DLT_LISTENER_ID);
		return owner == null || owner.equals(id);
	}

	private final class Run {

		private final String id;

		private final List<String> sources;

		private final Instant begun;

		Run(String id, List<String> sources, Instant begun) {
			this.id = id;
			this.sources = sources;
			this.begun = begun;
		}

		void go(int partition, long limit, boolean dryRun) {
			ReplayResult sum = new ReplayResult(0, 0, 0, 0, dryRun);
			try {
				for (String source : this.sources) {
					long left = limit - sum.replayed();
					if (limit == 0 || left > 0) {
						sum = plus(sum, replay(source, partition, (limit == 0) ? 0 : left, dryRun));
						tell(sum, null, null);
					}
				}
				tell(sum, now(), null);
			}
			catch (DeadLetterReplayException ex) {
				tell(plus(sum, ex.getResult()), now(), ex.getMessage());
			}
			catch (RuntimeException | Error ex) {
				tell(sum, now(), ex.toString());
			}
		}

		private ReplayResult replay(String source, int partition, long limit, boolean dryRun) {
			DeadLetterReplayer.Replay replay = DeadLetterReplays.this.replayer.from(source)
				.filter((letter) -> isOf(this.id, letter));
			if (partition != ListenerRequest.ALL) {
				replay.partition(partition);
			}
			if (limit > 0) {
				replay.limit(limit);
			}
			if (dryRun) {
				replay.dryRun();
			}
			try {
				return replay.run();
			}
			catch (StreamNotFoundException ex) {
				// It comes into being with the first dead letter.
				return new ReplayResult(0, 0, 0, 0, dryRun);
			}
		}

		private void tell(ReplayResult sum, @Nullable Instant ended, @Nullable String error) {
			DeadLetterReplays.this.last.put(this.id, describe(sum, ended, error));
		}

		ReplayDescriptor describe(ReplayResult sum, @Nullable Instant ended, @Nullable String error) {
			return new ReplayDescriptor(this.sources, this.begun, ended, sum.replayed(), sum.filteredOut(),
					sum.replayedBefore(), sum.unusable(), sum.dryRun(), error);
		}

		private static ReplayResult plus(ReplayResult one, ReplayResult other) {
			return new ReplayResult(one.replayed() + other.replayed(), one.filteredOut() + other.filteredOut(),
					one.replayedBefore() + other.replayedBefore(), one.unusable() + other.unusable(), one.dryRun());
		}

	}

}
