package io.liftbridge.spring.listener.delivery;

import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.support.ListenerContext;
import io.liftbridge.spring.support.SeekTo;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to deliver.
 */
final class AttemptContext implements ListenerContext {

	private final String listenerId;

	private final String stream;

	private final int partition;

	private final int attempt;

	private final @Nullable ListenerControl control;

	/**
	 * Creates it.
	 * @param first the first message
	 * @param attempt counted from 1
	 * @param control the container, {@code null} if whoever calls the listener hands on
	 * none
	 */
	private AttemptContext(String listenerId, ReceivedMessage<?> first, int attempt,
			@Nullable ListenerControl control) {
		this.listenerId = listenerId;
		this.stream = first.stream();
		this.partition = first.partition();
		this.attempt = attempt;
		this.control = control;
	}

	/**
	 * The next attempt.
	 * @param first the first message
	 * @param failure the attempts before, {@code null} for none
	 */
	static AttemptContext of(DeliveryContext context, ReceivedMessage<byte[]> first,
			@Nullable ListenerFailure failure) {
		return new AttemptContext(context.listenerId(), first, (failure != null) ? failure.attempts() + 1 : 1,
				context.control());
	}

	/** For a listener that is called by somebody who knows no more. */
	static AttemptContext of(String listenerId, ReceivedMessage<?> first) {
		return new AttemptContext(listenerId, first, 1, null);
	}

	@Override
	public String listenerId() {
		return this.listenerId;
	}

	@Override
	public String stream() {
		return this.stream;
	}

	@Override
	public int partition() {
		return this.partition;
	}

	@Override
	public int attempt() {
		return this.attempt;
	}

	@Override
	public void pause() {
		control().pause();
	}

	@Override
	public void resume() {
		control().resume();
	}

	@Override
	public void pausePartition() {
		control().pause(this.stream, this.partition);
	}

	@Override
	public void resumePartition() {
		control().resume(this.stream, this.partition);
	}

	@Override
	public boolean isPaused() {
		return control().isPaused(this.stream, this.partition);
	}

	@Override
	public CompletableFuture<Void> seek(SeekTo place) {
		return control().seek(this.stream, this.partition, place);
	}

	private ListenerControl control() {
		if (this.control == null) {
			throw new IllegalStateException("Listener '" + this.listenerId
					+ "' was called without a context: whoever wraps it has to hand the context on.");
		}
		return this.control;
	}

	@Override
	public String toString() {
		return "listener '" + this.listenerId + "' at " + this.stream + "/" + this.partition + ", attempt "
				+ this.attempt;
	}

}
