package io.liftbridge.embedded.stream;

import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.liftbridge.embedded.log.LogEntry;
import io.liftbridge.embedded.log.LogReader;
import io.liftbridge.proto.AckPolicy;
import io.liftbridge.proto.ActivityStreamEvent;
import io.liftbridge.proto.Message;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes what happens to streams and groups to the stream {@code __activity}, a moment
 * after it happened and in the order in which it did. What cannot be published yet, as
 * the stream takes no messages, is tried again. Thread-safe.
 */
public final class Activity {

	private static final Logger logger = LoggerFactory.getLogger(Activity.class);

	private static final long RETRY_MILLIS = 100;

	private final Streams streams;

	private final Subjects subjects;

	private final Queue<ActivityStreamEvent> pending = new ConcurrentLinkedQueue<>();

	/** Whether publishing is about to begin: events that come until then need no more. */
	private final AtomicBoolean due = new AtomicBoolean();

	private volatile @Nullable ScheduledExecutorService scheduler;

	/**
	 * Creates the stream, unless it was kept, and tells all changes from now on.
	 * @param streams the streams, none of which was created in this life of the broker
	 * @param subjects where events are sent
	 * @param metadata tells the changes
	 * @throws RefusedException if the stream cannot be kept
	 */
	public Activity(Streams streams, Subjects subjects, MetadataLog metadata) {
		this.streams = streams;
		this.subjects = subjects;
		metadata.tell(this::add);
		streams.createReserved(StreamRules.ACTIVITY, "activity", 1);
		metadata.atLeast(lastId());
	}

	private void add(ActivityStreamEvent event) {
		this.pending.add(event);
		publishIn(0);
	}

	/**
	 * Begins to publish.
	 * @param executor the broker's clock
	 */
	public void start(ScheduledExecutorService executor) {
		this.scheduler = executor;
		// What was due on a former clock has ended with it.
		this.due.set(false);
		publishIn(0);
	}

	/**
	 * Keeps to itself what happens from now on.
	 */
	public void stop() {
		this.scheduler = null;
	}

	private void publishIn(long millis) {
		ScheduledExecutorService executor = this.scheduler;
		if (executor == null || !this.due.compareAndSet(false, true)) {
			return;
		}
		try {
			executor.schedule(() -> {
				this.due.set(false);
				publishPending();
			}, millis, TimeUnit.MILLISECONDS);
		}
		catch (RejectedExecutionException ex) {
			logger.trace("The broker stops", ex);
		}
	}

	/**
	 * Publishes what has not been published yet. To be called by one thread at a time.
	 */
	public void publishPending() {
		for (ActivityStreamEvent event = this.pending.peek(); event != null; event = this.pending.peek()) {
			if (!publish(event)) {
				publishIn(RETRY_MILLIS);
				return;
			}
			this.pending.remove();
		}
	}

	private boolean publish(ActivityStreamEvent event) {
		Stream stream = this.streams.find(StreamRules.ACTIVITY);
		if (stream == null) {
			return false;
		}
		Partition partition = stream.partitions().get(0);
		if (partition.log().isReadonly()) {
			return false;
		}
		boolean[] stored = new boolean[1];
		try {
			this.streams.resumeFor(stream, partition);
			this.subjects.publish(
					new IncomingMessage(partition.subject(), "", stream.name(), ByteString.EMPTY, event.toByteString(),
							Map.of(), "", "", AckPolicy.ALL_VALUE, -1),
					(ack) -> stored[0] |= ack.getStream().equals(StreamRules.ACTIVITY));
		}
		catch (RefusedException ex) {
			logger.warn("Event {} waits for being published: {}", event.getId(), ex.getMessage());
		}
		return stored[0];
	}

	/**
	 * The number of the newest event that was kept, 0 if there is none.
	 */
	private long lastId() {
		Stream stream = this.streams.find(StreamRules.ACTIVITY);
		if (stream == null || stream.partitions().get(0).log().highWatermark() == -1) {
			return 0;
		}
		LogReader reader = stream.partitions().get(0).log().reverseReader(Long.MAX_VALUE);
		for (LogEntry entry = reader.poll(); entry != null; entry = reader.poll()) {
			try {
				long id = ActivityStreamEvent.parseFrom(Message.parseFrom(entry.message()).getValue()).getId();
				if (id > 0) {
					return id;
				}
			}
			catch (InvalidProtocolBufferException ex) {
				logger.trace("A client has published something else to {}", StreamRules.ACTIVITY, ex);
			}
		}
		return 0;
	}

}
