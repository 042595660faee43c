package io.liftbridge.spring.listener.delivery;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

import io.liftbridge.spring.core.LiftbridgeOperations;
import io.liftbridge.spring.core.LiftbridgeOperations.MessageBuilder;
import io.liftbridge.spring.support.LiftbridgeHeaders;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;

/**
 * Sends what a listener returns.
 */
final class ReplySender {

	private final LiftbridgeOperations operations;

	private final List<String> streams;

	private final Executor threads;

	/**
	 * Creates it.
	 * @param operations sends
	 * @param streams where to
	 * @param threads send what is known only after the listener has returned: whoever
	 * completes its future must not be held up
	 */
	ReplySender(LiftbridgeOperations operations, List<String> streams, Executor threads) {
		this.operations = operations;
		this.threads = threads;
		this.streams = List.copyOf(streams);
	}

	/**
	 * Sends a result.
	 * @param result what the listener returned
	 * @param key key of the message it answers
	 * @return completes when all of it is stored, {@code null} if there is nothing to
	 * wait for
	 */
	@Nullable CompletableFuture<?> send(@Nullable Object result, byte @Nullable [] key) {
		if (result == null) {
			return null;
		}
		if (result instanceof CompletionStage<?> later) {
			if (this.streams.isEmpty()) {
				return later.toCompletableFuture();
			}
			return later.toCompletableFuture().thenComposeAsync((value) -> {
				CompletableFuture<?> sent = send(value, key);
				return (sent != null) ? sent : CompletableFuture.completedFuture(null);
			}, this.threads);
		}
		if (this.streams.isEmpty()) {
			return null;
		}
		List<CompletableFuture<?>> acks = new ArrayList<>();
		add(result, key, acks);
		return switch (acks.size()) {
			case 0 -> null;
			case 1 -> acks.get(0);
			default -> CompletableFuture.allOf(acks.toArray(CompletableFuture[]::new));
		};
	}

	private void add(@Nullable Object result, byte @Nullable [] key, List<CompletableFuture<?>> acks) {
		if (result instanceof Optional<?> optional) {
			optional.ifPresent((value) -> add(value, key, acks));
		}
		else if (result instanceof Collection<?> several) {
			several.forEach((value) -> add(value, key, acks));
		}
		else if (result != null) {
			this.streams.forEach((stream) -> acks.add(message(result, key).stream(stream).send()));
		}
	}

	private MessageBuilder message(Object result, byte @Nullable [] key) {
		if (!(result instanceof Message<?> message)) {
			return this.operations.newMessage(result).key(key);
		}
		MessageBuilder builder = this.operations.newMessage(message.getPayload()).key(key);
		message.getHeaders().forEach(builder::header);
		Object own = message.getHeaders().get(LiftbridgeHeaders.KEY);
		if (own instanceof byte[] bytes) {
			builder.key(bytes);
		}
		else if (own != null) {
			builder.key(own.toString());
		}
		return builder;
	}

}
