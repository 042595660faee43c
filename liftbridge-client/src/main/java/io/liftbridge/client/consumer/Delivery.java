package io.liftbridge.client.consumer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

import com.google.protobuf.ByteString;
import io.liftbridge.client.message.Headers;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.proto.Message;
import org.jspecify.annotations.Nullable;

/**
 * The way from the buffer to the handler: one run at a time on the executor, which is
 * asked for a thread once per burst.
 */
final class Delivery {

	/** Handler calls before others on the same executor get their turn. */
	private static final int CALLS_PER_RUN = 32;

	private final SubscriptionOptions options;

	private final Executor executor;

	private final Callbacks callbacks;

	private final Queue<Object> queue = new ConcurrentLinkedQueue<>();

	private final AtomicBoolean scheduled = new AtomicBoolean();

	private final CompletableFuture<EndReason> ended = new CompletableFuture<>();

	private volatile boolean paused;

	private volatile boolean stopped;

	private volatile long lastDelivered = -1;

	private volatile @Nullable Thread runner;

	private @Nullable List<Message> chunk;

	private int position;

	/** What a pause left of a batch. */
	private List<ReceivedMessage<byte[]>> held = List.of();

	Delivery(SubscriptionOptions options, Executor executor, Callbacks callbacks) {
		this.options = options;
		this.executor = executor;
		this.callbacks = callbacks;
	}

	void offer(List<Message> messages) {
		this.queue.add(messages);
		schedule();
	}

	/** Ends well, after what was offered before. */
	void end(EndReason reason) {
		this.queue.add(reason);
		schedule();
	}

	/** Ends badly, after what was offered before. */
	void fail(Throwable failure) {
		this.queue.add(failure);
		schedule();
	}

	/** Ends now: what is in the buffer is not delivered any more. */
	void stop() {
		this.stopped = true;
		schedule();
	}

	void pause() {
		this.paused = true;
	}

	void resume() {
		this.paused = false;
		schedule();
	}

	long lastDelivered() {
		return this.lastDelivered;
	}

	boolean isRunnerThread() {
		return this.runner == Thread.currentThread();
	}

	CompletableFuture<EndReason> ended() {
		return this.ended;
	}

	private void schedule() {
		if (this.scheduled.compareAndSet(false, true)) {
			try {
				this.executor.execute(this::run);
			}
			catch (Throwable ex) {
				// The executor refuses: nothing can be delivered any more.
				this.scheduled.set(false);
				if (this.stopped) {
					complete(EndReason.CLOSED, null);
				}
				else {
					complete(null, ex);
				}
			}
		}
	}

	private void run() {
		this.runner = Thread.currentThread();
		try {
			for (int calls = 0; calls < CALLS_PER_RUN && step(); calls++) {
				// Each step is one call of the handler.
			}
		}
		catch (Throwable ex) {
			complete(null, ex);
		}
		finally {
			this.runner = null;
			this.scheduled.set(false);
		}
		if (hasWork()) {
			schedule();
		}
	}

	private boolean hasWork() {
		return !this.ended.isDone() && (this.stopped || (!this.paused && (hasMessages() || !this.queue.isEmpty())));
	}

	private boolean hasMessages() {
		return this.chunk != null || !this.held.isEmpty();
	}

	/** One call of the handler. Returns whether there may be more to do. */
	private boolean step() throws Exception {
		if (this.ended.isDone()) {
			return false;
		}
		if (this.stopped) {
			complete(EndReason.CLOSED, null);
			return false;
		}
		if (this.paused) {
			return false;
		}
		List<ReceivedMessage<byte[]>> batch = next();
		if (batch.isEmpty()) {
			Object terminal = this.queue.peek();
			if (terminal instanceof List) {
				// Arrived in this moment.
				return true;
			}
			if (terminal instanceof EndReason reason) {
				complete(reason, null);
			}
			else if (terminal instanceof Throwable failure) {
				complete(null, failure);
			}
			return false;
		}
		if (this.options.handler() instanceof SubscriptionBuilder.EachMessage each) {
			for (int i = 0; i < batch.size(); i++) {
				if (this.stopped) {
					return true;
				}
				if (this.paused) {
					this.held = batch.subList(i, batch.size());
					this.callbacks.consumed(i);
					return false;
				}
				ReceivedMessage<byte[]> message = batch.get(i);
				this.lastDelivered = message.offset();
				each.handler().onMessage(message);
			}
		}
		else {
			this.lastDelivered = batch.get(batch.size() - 1).offset();
			this.options.handler().onMessages(batch);
		}
		this.callbacks.consumed(batch.size());
		return true;
	}

	/** Takes what has arrived, up to the size of a batch. */
	@SuppressWarnings("unchecked")
	private List<ReceivedMessage<byte[]>> next() {
		if (!this.held.isEmpty()) {
			List<ReceivedMessage<byte[]>> rest = this.held;
			this.held = List.of();
			return rest;
		}
		List<ReceivedMessage<byte[]>> batch = new ArrayList<>();
		while (batch.size() < this.options.batchSize()) {
			if (this.chunk == null) {
				if (!(this.queue.peek() instanceof List)) {
					break;
				}
				this.chunk = (List<Message>) this.queue.poll();
				this.position = 0;
			}
			List<Message> current = this.chunk;
			while (current != null && this.position < current.size() && batch.size() < this.options.batchSize()) {
				batch.add(convert(current.get(this.position++)));
			}
			if (current == null || this.position == current.size()) {
				this.chunk = null;
			}
		}
		return batch;
	}

	private static ReceivedMessage<byte[]> convert(Message message) {
		Map<String, byte[]> headers = new HashMap<>();
		for (Map.Entry<String, ByteString> header : message.getHeadersMap().entrySet()) {
			headers.put(header.getKey(), header.getValue().toByteArray());
		}
		ByteString key = message.getKey();
		return ReceivedMessage.of(message.getStream(), message.getPartition(), message.getOffset(),
				message.getTimestamp(), key.isEmpty() ? null : key.toByteArray(), message.getValue().toByteArray(),
				Headers.received(headers), message.getSubject(), message.getReplySubject());
	}

	private void complete(@Nullable EndReason reason, @Nullable Throwable failure) {
		if (this.ended.isDone()) {
			return;
		}
		this.callbacks.finished(reason, failure);
		if (reason != null) {
			this.ended.complete(reason);
		}
		else if (failure != null) {
			this.ended.completeExceptionally(failure);
		}
	}

	/** What the subscription learns. */
	interface Callbacks {

		void consumed(int messages);

		void finished(@Nullable EndReason reason, @Nullable Throwable failure);

	}

}
