package io.liftbridge.spring.core;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

/**
 * A failure from the beginning, which knows whether anybody has looked at it. As a stage
 * of {@code allOf} or {@code anyOf} it does not notice.
 *
 * @param <T> type of what will never be there
 */
final class RefusedSend<T> extends CompletableFuture<T> {

	private final String stream;

	private final Throwable reason;

	private final int messages;

	/** How many messages are unobserved, this one's included. */
	private final AtomicInteger unobserved;

	private final AtomicBoolean observed = new AtomicBoolean();

	RefusedSend(String stream, Throwable reason, int messages, AtomicInteger unobserved) {
		this.stream = stream;
		this.reason = reason;
		this.messages = messages;
		this.unobserved = unobserved;
		unobserved.addAndGet(messages);
		completeExceptionally(reason);
	}

	String stream() {
		return this.stream;
	}

	Throwable reason() {
		return this.reason;
	}

	boolean isObserved() {
		return this.observed.get();
	}

	/** Somebody has looked. */
	void observe() {
		if (this.observed.compareAndSet(false, true)) {
			this.unobserved.addAndGet(-this.messages);
		}
	}

	/** Each stage that hangs on this one begins here. */
	@Override
	public <U> CompletableFuture<U> newIncompleteFuture() {
		observe();
		return new CompletableFuture<>();
	}

	@Override
	public CompletableFuture<T> toCompletableFuture() {
		observe();
		return this;
	}

	@Override
	public CompletionStage<T> minimalCompletionStage() {
		observe();
		return super.minimalCompletionStage();
	}

	@Override
	public T get() throws InterruptedException, ExecutionException {
		observe();
		return super.get();
	}

	@Override
	public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
		observe();
		return super.get(timeout, unit);
	}

	@Override
	public T join() {
		observe();
		return super.join();
	}

	@Override
	public T getNow(@Nullable T absent) {
		observe();
		return super.getNow(absent);
	}

	@Override
	public boolean isCompletedExceptionally() {
		observe();
		return super.isCompletedExceptionally();
	}

}
