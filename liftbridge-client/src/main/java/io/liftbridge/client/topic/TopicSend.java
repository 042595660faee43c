package io.liftbridge.client.topic;

import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.InvalidEventException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.Message;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An event on its way. It is its own future, task and callback, so that an event costs
 * one object.
 *
 * @param <T> type of the event
 */
final class TopicSend<T> extends CompletableFuture<Ack> implements Runnable, BiConsumer<Ack, Throwable> {

	private static final Logger logger = LoggerFactory.getLogger(TopicSend.class);

	private final TopicPipeline<T> pipeline;

	private final T event;

	private final Message.Builder builder;

	final boolean permitted;

	final long startNanos = System.nanoTime();

	/** Whether somebody waits in {@code sendAndWait}. */
	private final boolean awaited;

	long ticket;

	/** Whether the producer of messages got it. */
	volatile boolean handed;

	private @Nullable Ack ack;

	private volatile @Nullable Message message;

	TopicSend(TopicPipeline<T> pipeline, T event, Message.Builder builder, boolean permitted, boolean awaited) {
		this.pipeline = pipeline;
		this.event = event;
		this.builder = builder;
		this.permitted = permitted;
		this.awaited = awaited;
	}

	/** First on the executor, then, once it is prepared, in its turn. */
	@Override
	public void run() {
		if (isPrepared()) {
			this.pipeline.handOver(this);
		}
		else {
			this.pipeline.prepare(this);
		}
	}

	/** Validates and serializes; tells what is wrong with the event, if something is. */
	@Nullable LiftbridgeException prepare(TopicDefinition<T> topic) {
		String role = "was refused by its validator";
		try {
			topic.validator().validate(this.event);
			role = "could not be serialized";
			topic.serializer().serialize(this.event, this.builder);
			role = "makes no message";
			this.message = this.builder.build();
			return null;
		}
		catch (Throwable ex) {
			String path = (ex instanceof InvalidEventException invalid) ? invalid.path() : "$";
			String reason = (ex instanceof InvalidEventException invalid) ? invalid.reason() : ex.toString();
			return new InvalidEventException(
					"An event for topic '" + topic.stream() + "' " + role + " at " + path + ": " + reason, path, reason,
					ex);
		}
	}

	boolean isPrepared() {
		return this.message != null;
	}

	Message message() {
		Message prepared = this.message;
		if (prepared == null) {
			throw new IllegalStateException("not prepared");
		}
		return prepared;
	}

	/** Its data is stored: the message that goes out says where. */
	void replace(Message other) {
		this.message = other;
	}

	/** What the producer of messages says. */
	@Override
	public void accept(@Nullable Ack stored, @Nullable Throwable failure) {
		this.ack = stored;
		this.pipeline.finish(this, (failure != null) ? Cluster.unwrap(failure) : null);
	}

	boolean isWatched() {
		return this.awaited || getNumberOfDependents() > 0;
	}

	void tell(@Nullable LiftbridgeException failure,
			@Nullable BiConsumer<? super T, ? super LiftbridgeException> onFailure) {
		if (failure == null) {
			complete(this.ack);
			return;
		}
		// First, so that who has waited for the outcome finds it told.
		if (onFailure != null) {
			try {
				onFailure.accept(this.event, failure);
			}
			catch (Throwable ex) {
				logger.error("The handler of failures of a producer for topic '{}' failed", this.pipeline.topic(), ex);
			}
		}
		completeExceptionally(failure);
	}

}
