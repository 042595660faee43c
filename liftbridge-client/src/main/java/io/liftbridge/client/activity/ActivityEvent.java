package io.liftbridge.client.activity;

import java.time.Instant;
import java.util.List;

import com.google.protobuf.InvalidProtocolBufferException;
import io.liftbridge.client.message.MalformedEntryException;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.proto.ActivityStreamEvent;

/**
 * Something that happened in the cluster. Events come in the order in which they
 * happened, each at least once: the same one may come again with the same id. Immutable.
 * <p>
 * A newer server may report other kinds, see {@link Unknown}.
 */
public sealed interface ActivityEvent {

	/**
	 * Its id, which grows from event to event, with gaps.
	 * @return the id
	 */
	long id();

	/**
	 * When it was reported, a moment after it happened.
	 * @return the time
	 */
	Instant time();

	/**
	 * Its offset in the activity stream, to go on from later.
	 * @return the offset
	 */
	long offset();

	/**
	 * Reads an event.
	 * @param message a message of the activity stream
	 * @return the event
	 * @throws MalformedEntryException if the message is none
	 */
	static ActivityEvent of(ReceivedMessage<byte[]> message) {
		ActivityStreamEvent event;
		try {
			event = ActivityStreamEvent.parseFrom(message.value());
		}
		catch (InvalidProtocolBufferException ex) {
			throw new MalformedEntryException(
					"Offset " + message.offset() + " of the activity stream is no event: " + ex.getMessage(), ex);
		}
		return of(event, event.getId(), message.timestamp(), message.offset());
	}

	private static ActivityEvent of(ActivityStreamEvent event, long id, Instant time, long offset) {
		return switch (event.getOp()) {
			case CREATE_STREAM -> new StreamCreated(id, time, offset, event.getCreateStreamOp().getStream(),
					List.copyOf(event.getCreateStreamOp().getPartitionsList()));
			case DELETE_STREAM -> new StreamDeleted(id, time, offset, event.getDeleteStreamOp().getStream());
			case PAUSE_STREAM -> new StreamPaused(id, time, offset, event.getPauseStreamOp().getStream(),
					List.copyOf(event.getPauseStreamOp().getPartitionsList()), event.getPauseStreamOp().getResumeAll());
			case RESUME_STREAM -> new StreamResumed(id, time, offset, event.getResumeStreamOp().getStream(),
					List.copyOf(event.getResumeStreamOp().getPartitionsList()));
			case SET_STREAM_READONLY -> new StreamReadonly(id, time, offset, event.getSetStreamReadonlyOp().getStream(),
					List.copyOf(event.getSetStreamReadonlyOp().getPartitionsList()),
					event.getSetStreamReadonlyOp().getReadonly());
			case JOIN_CONSUMER_GROUP -> new ConsumerGroupJoined(id, time, offset,
					event.getJoinConsumerGroupOp().getGroupId(), event.getJoinConsumerGroupOp().getConsumerId(),
					List.copyOf(event.getJoinConsumerGroupOp().getStreamsList()));
			case LEAVE_CONSUMER_GROUP ->
				new ConsumerGroupLeft(id, time, offset, event.getLeaveConsumerGroupOp().getGroupId(),
						event.getLeaveConsumerGroupOp().getConsumerId(), event.getLeaveConsumerGroupOp().getExpired());
			case UNRECOGNIZED -> new Unknown(id, time, offset, event.getOpValue());
		};
	}

	/**
	 * A stream was created, possibly one of the server's own, whose name begins with two
	 * underscores.
	 *
	 * @param id its id
	 * @param time when it was reported
	 * @param offset its offset in the activity stream
	 * @param stream the stream's name
	 * @param partitions the numbers of its partitions
	 */
	record StreamCreated(long id, Instant time, long offset, String stream,
			List<Integer> partitions) implements ActivityEvent {
	}

	/**
	 * A stream was deleted.
	 *
	 * @param id its id
	 * @param time when it was reported
	 * @param offset its offset in the activity stream
	 * @param stream the stream's name
	 */
	record StreamDeleted(long id, Instant time, long offset, String stream) implements ActivityEvent {
	}

	/**
	 * Partitions of a stream were paused.
	 *
	 * @param id its id
	 * @param time when it was reported
	 * @param offset its offset in the activity stream
	 * @param stream the stream's name
	 * @param partitions the numbers of the partitions, as the server tells them
	 * @param resumeAll whether the first message for one of them resumes all
	 */
	record StreamPaused(long id, Instant time, long offset, String stream, List<Integer> partitions,
			boolean resumeAll) implements ActivityEvent {
	}

	/**
	 * Partitions of a stream were resumed.
	 *
	 * @param id its id
	 * @param time when it was reported
	 * @param offset its offset in the activity stream
	 * @param stream the stream's name
	 * @param partitions the numbers of the partitions
	 */
	record StreamResumed(long id, Instant time, long offset, String stream,
			List<Integer> partitions) implements ActivityEvent {
	}

	/**
	 * Partitions of a stream were set read-only or writable.
	 *
	 * @param id its id
	 * @param time when it was reported
	 * @param offset its offset in the activity stream
	 * @param stream the stream's name
	 * @param partitions the numbers of the partitions, as the server tells them
	 * @param readonly whether they refuse messages from then on
	 */
	record StreamReadonly(long id, Instant time, long offset, String stream, List<Integer> partitions,
			boolean readonly) implements ActivityEvent {
	}

	/**
	 * A consumer became a member of a group. The first one creates the group.
	 *
	 * @param id its id
	 * @param time when it was reported
	 * @param offset its offset in the activity stream
	 * @param group the group's id
	 * @param consumer the consumer's id
	 * @param streams the streams that it reads
	 */
	record ConsumerGroupJoined(long id, Instant time, long offset, String group, String consumer,
			List<String> streams) implements ActivityEvent {
	}

	/**
	 * A consumer is no member of a group any more.
	 *
	 * @param id its id
	 * @param time when it was reported
	 * @param offset its offset in the activity stream
	 * @param group the group's id
	 * @param consumer the consumer's id
	 * @param expired whether it was removed because it was silent for too long
	 */
	record ConsumerGroupLeft(long id, Instant time, long offset, String group, String consumer,
			boolean expired) implements ActivityEvent {
	}

	/**
	 * Something that this client has no word for.
	 *
	 * @param id its id
	 * @param time when it was reported
	 * @param offset its offset in the activity stream
	 * @param kind the server's number for its kind
	 */
	record Unknown(long id, Instant time, long offset, int kind) implements ActivityEvent {
	}

}
