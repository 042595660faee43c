package io.liftbridge.spring.listener.delivery;

import java.time.Duration;
import java.util.function.Predicate;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.core.ProducerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Puts dead letters back into their original streams, once what they failed for is
 * mended: <pre>
 * ReplayResult result = replayer.from("orders.dlt").filter((letter) -&gt; ...).limit(100).run();
 * </pre> Dead letters are sent without the headers that made them dead letters, to their
 * original partition, in their order. They stay in the dead-letter stream; what was put
 * back is remembered there by cursors, and the next run passes it over. After a crash
 * within a run the last ones may be put back again, none is lost. Needs a server that
 * stores cursors. Safe for use by many threads, but two runs at the same time for the
 * same dead-letter stream may put the same dead letters back.
 */
public final class DeadLetterReplayer {

	private final LiftbridgeClient client;

	private final ProducerFactory producers;

	/**
	 * Creates it.
	 * @param client reads dead letters; not closed here
	 * @param producers send what is put back; not closed here
	 */
	public DeadLetterReplayer(LiftbridgeClient client, ProducerFactory producers) {
		this.client = client;
		this.producers = producers;
	}

	/**
	 * Begins to describe a run.
	 * @param deadLetters name of the dead-letter stream
	 * @return a run over all its dead letters that were not put back before
	 */
	public Replay from(String deadLetters) {
		return new Replay(deadLetters);
	}

	/**
	 * What to put back. Not safe for use by several threads.
	 */
	public final class Replay {

		private final String source;

		private @Nullable String target;

		private Predicate<? super ReceivedMessage<byte[]>> filter = (letter) -> true;

		private int partition = -1;

		private long first;

		private long last = Long.MAX_VALUE;

		private long limit = Long.MAX_VALUE;

		private boolean dryRun;

		private Duration timeout = Duration.ofSeconds(30);

		private Replay(String source) {
			this.source = source;
		}

		/**
		 * Puts them into another stream than the one they come from.
		 * @param stream the stream's name
		 * @return this
		 */
		public Replay to(String stream) {
			this.target = stream;
			return this;
		}

		/**
		 * Puts only some of them back. The others may be put back by another run.
		 * @param filter is given dead letters as they are stored, with all their headers
		 * @return this
		 */
		public Replay filter(Predicate<? super ReceivedMessage<byte[]>> filter) {
			this.filter = filter;
			return this;
		}

		/**
		 * Reads one partition of the dead-letter stream only.
		 * @param partition the partition's number; by default all are read
		 * @return this
		 */
		public Replay partition(int partition) {
			if (partition < 0) {
				throw new IllegalArgumentException("Partition " + partition + " is negative.");
			}
			this.partition = partition;
			return this;
		}

		/**
		 * Reads a range of each partition of the dead-letter stream only.
		 * @param first offset to begin at
		 * @param last offset of the last dead letter
		 * @return this
		 */
		public Replay offsets(long first, long last) {
			if (first < 0 || last < first) {
				throw new IllegalArgumentException("Offsets " + first + " to " + last
						+ " are no range: the first must be 0 or more, and the last no less.");
			}
			this.first = first;
			this.last = last;
			return this;
		}

		/**
		 * Ends the run after a number of dead letters were put back.
		 * @param limit the number, 1 or more
		 * @return this
		 */
		public Replay limit(long limit) {
			if (limit < 1) {
				throw new IllegalArgumentException("Limit " + limit + " must be 1 or more.");
			}
			this.limit = limit;
			return this;
		}

		/**
		 * Only counts.
		 * @return this
		 */
		public Replay dryRun() {
			this.dryRun = true;
			return this;
		}

		/**
		 * Sets how long to wait for the next dead letter, and for what is put back to be
		 * stored.
		 * @param timeout default 30 s
		 * @return this
		 */
		public Replay timeout(Duration timeout) {
			this.timeout = timeout;
			return this;
		}

		/**
		 * Puts them back: those that are there now. Waits until all are stored.
		 * @return how many
		 * @throws DeadLetterReplayException if one could not be put back; it tells how
		 * many were
		 * @throws io.liftbridge.client.message.StreamNotFoundException if the dead-letter
		 * stream does not exist
		 * @throws io.liftbridge.client.message.CursorsDisabledException if the server
		 * stores no cursors
		 */
		public ReplayResult run() {
			return new ReplayRun(DeadLetterReplayer.this.client, DeadLetterReplayer.this.producers, this).run();
		}

		String source() {
			return this.source;
		}

		@Nullable String target() {
			return this.target;
		}

		boolean isWanted(ReceivedMessage<byte[]> letter) {
			return this.filter.test(letter);
		}

		boolean isWanted(int number) {
			return this.partition < 0 || this.partition == number;
		}

		long first() {
			return this.first;
		}

		long last() {
			return this.last;
		}

		long limit() {
			return this.limit;
		}

		boolean isDryRun() {
			return this.dryRun;
		}

		Duration timeout() {
			return this.timeout;
		}

	}

}
