package io.liftbridge.embedded.log;

import org.jspecify.annotations.Nullable;

/**
 * Reads committed messages from one position on. To be used by one thread at a time.
 */
public interface LogReader {

	/**
	 * The next message.
	 * @return the entry, or {@code null} if there is none now; then {@link #end()} tells
	 * whether there ever will be
	 */
	@Nullable LogEntry poll();

	/**
	 * Why there will be no more messages.
	 * @return the reason, or {@code null} if more may come
	 */
	@Nullable LogEnd end();

	/**
	 * Asks to be woken once when there may be more messages, or an end. The wake-up comes
	 * from whichever thread brings the news and must return at once.
	 * @param wake called at most once
	 * @return {@code false} if there already is news; then {@code wake} will not be
	 * called
	 */
	boolean await(Runnable wake);

	/**
	 * Withdraws a pending {@link #await(Runnable)}.
	 * @param wake what was to be called
	 */
	void forget(Runnable wake);

}
