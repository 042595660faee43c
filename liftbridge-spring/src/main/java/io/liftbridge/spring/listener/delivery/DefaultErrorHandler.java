package io.liftbridge.spring.listener.delivery;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import io.liftbridge.client.message.MalformedEntryException;
import io.liftbridge.client.message.ReceivedMessage;
import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.handler.invocation.MethodArgumentResolutionException;
import org.springframework.util.backoff.BackOff;
import org.springframework.util.backoff.BackOffExecution;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * Retries with pauses, then hands over to a {@link Recoverer}. What would fail again in
 * the same way is not retried: conversion, validation, and arguments that do not fit the
 * method.
 */
public class DefaultErrorHandler implements ErrorHandler {

	/** How often a message is delivered again by default. */
	public static final int DEFAULT_RETRIES = 3;

	private static final Set<String> FATAL_BY_NAME = Set.of("jakarta.validation.ValidationException");

	private final BackOff backOff;

	private final Recoverer recoverer;

	private final List<Class<? extends Throwable>> notRetryable = new CopyOnWriteArrayList<>(
			List.of(MessageConversionException.class, MethodArgumentResolutionException.class, ClassCastException.class,
					NoSuchMethodException.class, MalformedEntryException.class));

	/**
	 * Uses {@link #defaultBackOff()}.
	 * @param recoverer takes care of what is given up
	 */
	public DefaultErrorHandler(Recoverer recoverer) {
		this(defaultBackOff(), recoverer);
	}

	/**
	 * Creates a handler.
	 * @param backOff pauses between attempts; where it ends, the message is given up
	 * @param recoverer takes care of what is given up
	 */
	public DefaultErrorHandler(BackOff backOff, Recoverer recoverer) {
		this.backOff = backOff;
		this.recoverer = recoverer;
	}

	/**
	 * Three retries, after 1, 2 and 4 seconds.
	 * @return new pauses
	 */
	public static BackOff defaultBackOff() {
		ExponentialBackOff backOff = new ExponentialBackOff(1000, 2);
		backOff.setMaxInterval(30_000);
		backOff.setMaxAttempts(DEFAULT_RETRIES);
		return backOff;
	}

	/**
	 * Names failures that are not retried, with their subclasses and as causes of others.
	 * @param types classes of exceptions
	 */
	public void addNotRetryable(Collection<Class<? extends Throwable>> types) {
		this.notRetryable.addAll(types);
	}

	@Override
	public ErrorAction onFailure(ListenerFailure failure) {
		if (!isRetryable(failure.cause())) {
			return ErrorAction.recover();
		}
		long pause = failure.nextPause(this.backOff);
		return (pause != BackOffExecution.STOP) ? ErrorAction.retry(Duration.ofMillis(pause)) : ErrorAction.recover();
	}

	@Override
	public CompletableFuture<?> recover(ReceivedMessage<byte[]> message, ListenerFailure failure) {
		return this.recoverer.recover(message, failure);
	}

	private boolean isRetryable(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			Throwable current = cause;
			if (this.notRetryable.stream().anyMatch((type) -> type.isInstance(current)) || isFatalByName(current)) {
				return false;
			}
		}
		return true;
	}

	/** Classes that need not be on the class path. */
	private static boolean isFatalByName(Throwable failure) {
		for (Class<?> type = failure.getClass(); type != null; type = type.getSuperclass()) {
			if (FATAL_BY_NAME.contains(type.getName())) {
				return true;
			}
		}
		return false;
	}

}
