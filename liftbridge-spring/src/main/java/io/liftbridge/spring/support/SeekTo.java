package io.liftbridge.spring.support;

import java.time.Duration;
import java.time.Instant;

import io.liftbridge.client.consumer.StartPosition;
import org.jspecify.annotations.Nullable;

/**
 * Where a listener is to read a partition on. Immutable.
 *
 * @see ListenerContext#seek(SeekTo)
 */
public final class SeekTo {

	private final @Nullable StartPosition position;

	private final long messages;

	private SeekTo(@Nullable StartPosition position, long messages) {
		this.position = position;
		this.messages = messages;
	}

	/**
	 * The message at an offset, or the next one after it that there is.
	 * @param offset 0 and above
	 * @return the place
	 */
	public static SeekTo offset(long offset) {
		return position(StartPosition.offset(offset));
	}

	/**
	 * The first message that was stored at a time or later.
	 * @param time the time, by the brokers' clocks
	 * @return the place
	 */
	public static SeekTo time(Instant time) {
		return position(StartPosition.at(time));
	}

	/**
	 * The first message that was stored within the last hour, day, and so on.
	 * @param age positive; counted back from now
	 * @return the place
	 */
	public static SeekTo ago(Duration age) {
		return position(StartPosition.ago(age));
	}

	/**
	 * The first message that is still there.
	 * @return the place
	 */
	public static SeekTo earliest() {
		return position(StartPosition.earliest());
	}

	/**
	 * The newest message; those after it follow.
	 * @return the place
	 */
	public static SeekTo latest() {
		return position(StartPosition.latest());
	}

	/**
	 * Behind the newest message: only what is published from now on.
	 * @return the place
	 */
	public static SeekTo newOnly() {
		return position(StartPosition.newOnly());
	}

	/**
	 * A place that is counted from the next message the listener would receive.
	 * @param messages by how many offsets to skip ahead, or to go back if negative; not
	 * before the first message
	 * @return the place
	 */
	public static SeekTo relative(long messages) {
		return new SeekTo(null, messages);
	}

	/**
	 * Any position.
	 * @param position the position
	 * @return the place
	 */
	public static SeekTo position(StartPosition position) {
		return new SeekTo(position, 0);
	}

	/**
	 * Tells where that is in a partition.
	 * @param processed offset of the last processed message, -1 for none
	 * @return the position
	 */
	public StartPosition resolve(long processed) {
		return (this.position != null) ? this.position
				: StartPosition.offset(Math.max(0, processed + 1 + this.messages));
	}

	@Override
	public String toString() {
		return (this.position != null) ? this.position.toString()
				: ((this.messages < 0) ? "" : "+") + this.messages + " messages";
	}

}
