package io.liftbridge.spring.listener.delivery;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

import io.liftbridge.client.message.ReceivedMessage;
import org.springframework.util.backoff.BackOff;
import org.springframework.util.backoff.BackOffExecution;

/**
 * Messages that could not be processed, over all attempts. Used by one thread at a time.
 */
public final class ListenerFailure {

	private final String listenerId;

	private final String cursorId;

	private List<ReceivedMessage<byte[]>> messages;

	private Throwable cause;

	private int attempts;

	private final Map<BackOff, BackOffExecution> backOffs = new IdentityHashMap<>(2);

	/**
	 * Creates it after the first attempt.
	 * @param listenerId id of the listener
	 * @param messages the messages as they were read: one, or those of a batch
	 * @param cause why they failed
	 */
	public ListenerFailure(String listenerId, List<ReceivedMessage<byte[]>> messages, Throwable cause) {
		this(listenerId, listenerId, messages, cause);
	}

	ListenerFailure(String listenerId, String cursorId, List<ReceivedMessage<byte[]>> messages, Throwable cause) {
		this.listenerId = listenerId;
		this.cursorId = cursorId;
		this.messages = List.copyOf(messages);
		this.cause = cause;
		this.attempts = 1;
	}

	void again(List<ReceivedMessage<byte[]>> messages, Throwable cause) {
		this.messages = List.copyOf(messages);
		this.cause = cause;
		this.attempts++;
	}

	/**
	 * Tells which listener failed.
	 * @return the listener's id
	 */
	public String listenerId() {
		return this.listenerId;
	}

	/**
	 * Tells under which id the listener, or its group, stores its positions.
	 * @return the cursor's id, that of the listener where none is stored
	 */
	public String cursorId() {
		return this.cursorId;
	}

	/**
	 * Tells which messages failed together.
	 * @return the messages as they were read, at least one
	 */
	public List<ReceivedMessage<byte[]>> messages() {
		return this.messages;
	}

	/**
	 * Tells why the last attempt failed.
	 * @return the exception or error
	 */
	public Throwable cause() {
		return this.cause;
	}

	/**
	 * Counts the attempts so far.
	 * @return how many there were, at least 1
	 */
	public int attempts() {
		return this.attempts;
	}

	/**
	 * Tells how long to wait before the next attempt. Each call goes one step further, so
	 * it is called once per attempt.
	 * @param backOff the pauses
	 * @return milliseconds, or {@link BackOffExecution#STOP} if there is to be no further
	 * attempt
	 */
	public long nextPause(BackOff backOff) {
		return this.backOffs.computeIfAbsent(backOff, BackOff::start).nextBackOff();
	}

	@Override
	public String toString() {
		ReceivedMessage<byte[]> first = this.messages.get(0);
		String place = first.stream() + "/" + first.partition() + "@" + first.offset();
		if (this.messages.size() > 1) {
			place += " to " + this.messages.get(this.messages.size() - 1).offset();
		}
		return place;
	}

}
