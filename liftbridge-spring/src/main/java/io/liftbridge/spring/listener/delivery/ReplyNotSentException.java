package io.liftbridge.spring.listener.delivery;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Replies that found no stream, or no broker. The listener has done its part: only the
 * sending is to be repeated.
 */
final class ReplyNotSentException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final transient Supplier<CompletableFuture<?>> again;

	ReplyNotSentException(Throwable cause, Supplier<CompletableFuture<?>> again) {
		super(FailureText.of(cause), cause);
		this.again = again;
	}

	/** Sends those again that were not sent. */
	CompletableFuture<?> again() {
		return this.again.get();
	}

}
