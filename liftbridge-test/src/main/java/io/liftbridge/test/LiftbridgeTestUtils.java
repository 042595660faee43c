package io.liftbridge.test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Predicate;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.consumer.Consumer;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.consumer.StopPosition;
import io.liftbridge.client.cursor.CursorConvention;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.client.stream.PartitionInfo;
import org.jspecify.annotations.Nullable;

/**
 * What tests ask of streams and listeners. All that waits does so for up to
 * {@link #TIMEOUT} unless told otherwise, and fails with an {@link AssertionError} that
 * says what is missing. Safe for use by many threads.
 */
public final class LiftbridgeTestUtils {

	/** How long to wait by default: 30 seconds. */
	public static final Duration TIMEOUT = Duration.ofSeconds(30);

	private static final Comparator<ReceivedMessage<?>> AS_RECEIVED = Comparator
		.<ReceivedMessage<?>>comparingLong(ReceivedMessage::timestampNanos)
		.thenComparingInt(ReceivedMessage::partition)
		.thenComparingLong(ReceivedMessage::offset)
		.thenComparingInt(ReceivedMessage::index);

	private static final Duration POLL = Duration.ofMillis(100);

	private LiftbridgeTestUtils() {
	}

	/**
	 * Reads all that is in a stream now.
	 * @param client reads
	 * @param stream the stream's name
	 * @return the messages of all partitions in the order in which brokers received them;
	 * of each partition in the order of their offsets
	 * @throws io.liftbridge.client.message.StreamNotFoundException if there is no such
	 * stream
	 */
	public static List<ReceivedMessage<byte[]>> records(LiftbridgeClient client, String stream) {
		List<ReceivedMessage<byte[]>> records = new ArrayList<>();
		long deadline = System.nanoTime() + TIMEOUT.toNanos();
		try (Consumer consumer = client.consumer(stream)
			.from(StartPosition.earliest())
			.until(StopPosition.latest())
			.open()) {
			while (!consumer.isEnded()) {
				records.addAll(consumer.poll(POLL));
				if (System.nanoTime() - deadline > 0) {
					throw new AssertionError("Stream '" + stream + "' could not be read to its end within " + TIMEOUT);
				}
			}
		}
		records.sort(AS_RECEIVED);
		return records;
	}

	/**
	 * Waits until a reader that keeps its position in a cursor has processed all that is
	 * in a stream by then. Listeners store positions a moment after they have processed a
	 * message.
	 * @param client asks for newest messages and cursors
	 * @param stream the stream's name
	 * @param cursorId the reader's cursor: of a listener its {@code cursorId}, by default
	 * its id
	 */
	public static void awaitConsumed(LiftbridgeClient client, String stream, String cursorId) {
		awaitConsumed(client, stream, cursorId, TIMEOUT);
	}

	/**
	 * Waits until a reader that keeps its position in a cursor has processed all that is
	 * in a stream by then.
	 * @param client asks for newest messages and cursors
	 * @param stream the stream's name
	 * @param cursorId the reader's cursor
	 * @param timeout how long to wait
	 */
	public static void awaitConsumed(LiftbridgeClient client, String stream, String cursorId, Duration timeout) {
		Polling.until(timeout, "cursor '" + cursorId + "' is behind all messages of stream '" + stream + "'", () -> {
			for (PartitionInfo known : client.streams().describe(stream).partitions()) {
				long newest = newest(client, stream, known.partition());
				OptionalLong stored = client.cursors().find(cursorId, stream, known.partition());
				if (newest >= 0 && stored.orElse(-1) < newest) {
					return "partition " + known.partition() + " is processed up to "
							+ (stored.isPresent() ? "offset " + stored.getAsLong() : "nothing") + ", the newest is "
							+ newest;
				}
			}
			return null;
		});
	}

	/**
	 * Waits until a consumer group has processed all that is in a stream by then.
	 * @param client asks for newest messages and cursors
	 * @param stream the stream's name
	 * @param group the group's name
	 */
	public static void awaitConsumedByGroup(LiftbridgeClient client, String stream, String group) {
		awaitConsumed(client, stream, CursorConvention.groupCursorId(group));
	}

	/**
	 * Waits until a listener has processed all that is by then in the partitions that it
	 * reads, whether or not its position is stored.
	 * @param client asks for the newest messages
	 * @param container a {@code ListenerContainer}, as
	 * {@code LiftbridgeListenerEndpointRegistry.container(id)} has it
	 */
	public static void awaitConsumed(LiftbridgeClient client, Object container) {
		awaitConsumed(client, container, TIMEOUT);
	}

	/**
	 * Waits until a listener has processed all that is by then in the partitions that it
	 * reads, whether or not its position is stored.
	 * @param client asks for the newest messages
	 * @param container a {@code ListenerContainer}
	 * @param timeout how long to wait
	 */
	public static void awaitConsumed(LiftbridgeClient client, Object container, Duration timeout) {
		awaitListener(container, timeout, "has processed all messages", (partition) -> partition.isAssigned()
				&& partition.position() >= newest(client, partition.stream(), partition.partition()), -1);
	}

	/**
	 * Waits until a listener reads its partitions: what is sent from then on reaches it
	 * wherever it starts. A member of a group has those that the group gives it, which
	 * may be none.
	 * @param container a {@code ListenerContainer}, as
	 * {@code LiftbridgeListenerEndpointRegistry.container(id)} has it
	 */
	public static void awaitAssignment(Object container) {
		awaitListener(container, TIMEOUT, "reads its partitions", ListenerView.Partition::isAssigned, -1);
	}

	/**
	 * Waits until a listener reads a number of partitions.
	 * @param container a {@code ListenerContainer}
	 * @param partitions how many, of all its streams together
	 */
	public static void awaitAssignment(Object container, int partitions) {
		awaitAssignment(container, partitions, TIMEOUT);
	}

	/**
	 * Waits until a listener reads a number of partitions.
	 * @param container a {@code ListenerContainer}
	 * @param partitions how many, of all its streams together
	 * @param timeout how long to wait
	 */
	public static void awaitAssignment(Object container, int partitions, Duration timeout) {
		awaitListener(container, timeout, "reads " + partitions + " partitions", ListenerView.Partition::isAssigned,
				partitions);
	}

	private static void awaitListener(Object container, Duration timeout, String what,
			Predicate<ListenerView.Partition> condition, int count) {
		String id = ListenerView.of(container).id();
		Polling.until(timeout, "listener '" + id + "' " + what, () -> {
			ListenerView view = ListenerView.of(container);
			requireAlive(view);
			return missing(view, condition, count);
		});
	}

	/** One that has failed is not waited for. */
	private static void requireAlive(ListenerView view) {
		if (view.state().equals("FAILED")) {
			throw new AssertionError("Listener '" + view.id() + "' has failed: " + view.failure());
		}
	}

	private static @Nullable String missing(ListenerView view, Predicate<ListenerView.Partition> condition, int count) {
		if (!view.state().equals("RUNNING")) {
			return "it is " + view.state() + ": " + view.partitions();
		}
		if (count >= 0 && view.partitions().size() != count) {
			return "it reads " + view.partitions().size() + ": " + view.partitions();
		}
		return view.partitions()
			.stream()
			.filter(condition.negate())
			.findFirst()
			.map(ListenerView.Partition::toString)
			.orElse(null);
	}

	/** As the partition's leader knows it. */
	private static long newest(LiftbridgeClient client, String stream, int partition) {
		return client.streams().describePartition(stream, partition).newestOffset();
	}

}
