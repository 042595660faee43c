package io.liftbridge.spring.listener.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.BrokerUnavailableException;
import io.liftbridge.client.message.StreamNotFoundException;
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

	private final ReplyTargets targets;

	private final Supplier<Executor> threads;

	/**
	 * Creates it.
	 * @param operations sends
	 * @param targets where to
	 * @param threads send what is known only after the listener has returned: whoever
	 * completes its future must not be held up. Asked by the thread that calls the
	 * listener
	 */
	ReplySender(LiftbridgeOperations operations, ReplyTargets targets, Supplier<Executor> threads) {
		this.operations = operations;
		this.threads = threads;
		this.targets = targets;
	}

	/**
	 * Sends a result.
	 * @param result what the listener returned
	 * @param key key of the message it answers
	 * @param request what it answers, for expressions that ask for it
	 * @return completes when all of it is stored, {@code null} if there is nothing to
	 * wait for
	 */
	@Nullable CompletableFuture<?> send(@Nullable Object result, byte @Nullable [] key, Supplier<Message<?>> request) {
		if (Results.isLater(result)) {
			CompletableFuture<@Nullable Object> settled = Results.settled(result);
			if (this.targets.isEmpty()) {
				return settled;
			}
			return settled.thenComposeAsync((value) -> {
				CompletableFuture<?> sent = send(value, key, request);
				return (sent != null) ? sent : CompletableFuture.completedFuture(null);
			}, this.threads.get());
		}
		if (result == null || this.targets.isEmpty()) {
			return null;
		}
		List<Reply> replies = new ArrayList<>();
		Results.forEach(result, (reply) -> this.targets.streams(reply, request)
			.forEach((target) -> replies.add(new Reply(message(reply, key).stream(target.stream()), target))));
		return replies.isEmpty() ? null : send(replies);
	}

	private static CompletableFuture<?> send(List<Reply> replies) {
		List<CompletableFuture<Ack>> acks = replies.stream().map((reply) -> reply.message().send()).toList();
		return CompletableFuture.allOf(acks.toArray(CompletableFuture[]::new))
			.exceptionallyCompose((ex) -> CompletableFuture.failedFuture(failure(replies, acks)));
	}

	/**
	 * One that can never be sent fails the message; where there is nowhere to send it to,
	 * somebody will have to see to that, unless it is the message that says where.
	 */
	private static Throwable failure(List<Reply> replies, List<CompletableFuture<Ack>> acks) {
		List<Reply> left = new ArrayList<>();
		Throwable reason = null;
		for (int i = 0; i < acks.size(); i++) {
			Throwable cause = acks.get(i).handle((ack, ex) -> ex).join();
			if (cause == null) {
				continue;
			}
			cause = FailureText.causeOf(cause);
			if (!(cause instanceof StreamNotFoundException || cause instanceof BrokerUnavailableException)) {
				return cause;
			}
			String expression = replies.get(i).target().expression();
			if (expression != null && cause instanceof StreamNotFoundException) {
				return new ReplyTargetException("@SendTo = '" + expression
						+ "' gives the name of a stream that does not exist: " + cause.getMessage(), cause);
			}
			reason = cause;
			left.add(replies.get(i));
		}
		return (reason != null) ? new ReplyNotSentException(reason, () -> send(left))
				: new IllegalStateException("Nothing failed");
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

	/**
	 * One message to send.
	 *
	 * @param message the message
	 * @param target where it goes
	 */
	private record Reply(MessageBuilder message, ReplyTargets.Named target) {

	}

}
