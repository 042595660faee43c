package io.liftbridge.spring.listener.delivery;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.consumer.BatchHandler;
import io.liftbridge.client.message.MalformedEntryException;
import io.liftbridge.client.message.ReceivedMessage;
import org.jspecify.annotations.Nullable;

/**
 * The way of one partition from its subscription to the listener, from one start of the
 * container to its stop. Messages are handed in by one thread at a time; everything else
 * is safe for use by many threads.
 */
public final class PartitionDelivery implements BatchHandler {

	private final DeliveryContext context;

	private final PartitionRun run;

	private final Positions positions;

	private final Delivery delivery;

	private final FailureFlow failures;

	private volatile long newest = -1;

	/**
	 * Creates it.
	 * @param context what the deliveries of the listener have in common
	 * @param cursor stores positions, {@code null} for none
	 * @param monitor is told how it fares
	 */
	public PartitionDelivery(DeliveryContext context, @Nullable CursorWriter cursor, DeliveryMonitor monitor) {
		this.context = context;
		this.run = new PartitionRun(context.pool());
		this.positions = new Positions(context.ackMode(), cursor);
		this.failures = new FailureFlow(context, this.run, monitor);
		this.delivery = (context.listener() instanceof BatchListener batch)
				? new BatchDelivery(context, batch, this.run, this.positions, monitor)
				: new RecordDelivery(context, (RecordListener) context.listener(), this.run, this.positions, monitor);
	}

	@Override
	public void onMessages(List<ReceivedMessage<byte[]>> messages) {
		if (!this.run.enter()) {
			return;
		}
		try {
			List<ReceivedMessage<byte[]>> fresh = fresh(messages);
			if (!fresh.isEmpty()) {
				arrived(fresh);
				this.delivery.deliver(fresh);
			}
		}
		catch (DeliveryStoppedException ex) {
			// What is left comes again after the next start.
		}
		finally {
			this.run.leave();
		}
	}

	private void arrived(List<ReceivedMessage<byte[]>> messages) {
		ReceivedMessage<byte[]> first = messages.get(0);
		this.newest = Math.max(this.newest, messages.get(messages.size() - 1).offset());
		this.context.metrics().received(this.context.listenerId(), first.stream(), messages.size());
		this.positions.arrived(first.resumeOffset());
	}

	/** Without records that were processed before the subscription was opened again. */
	private List<ReceivedMessage<byte[]>> fresh(List<ReceivedMessage<byte[]>> messages) {
		int first = 0;
		while (first < messages.size() && this.positions.isProcessed(messages.get(first))) {
			first++;
		}
		return messages.subList(first, messages.size());
	}

	/** The way of a poison message: the error handler decides what becomes of it. */
	@Override
	public boolean onMalformed(MalformedEntryException malformed) {
		ReceivedMessage<byte[]> raw = malformed.raw();
		if (raw == null || !this.run.enter()) {
			return false;
		}
		try {
			List<ReceivedMessage<byte[]>> messages = List.of(raw);
			arrived(messages);
			ListenerFailure failure = this.failures.failed(null, messages, malformed);
			while (!this.failures.handle(failure)) {
				failure = this.failures.failed(failure, messages, malformed);
			}
			this.positions.givenUp(raw);
			this.positions.endOfPoll();
		}
		catch (DeliveryStoppedException ex) {
			// It comes again after the next start.
		}
		finally {
			this.run.leave();
		}
		return true;
	}

	/**
	 * Sets where reading begins. Not while messages are handed in.
	 * @param processed the offset before the first one to be read, -1 if it is not known
	 */
	public void reset(long processed) {
		this.positions.reset(processed);
		this.newest = -1;
	}

	/**
	 * Tells what is processed.
	 * @return offset of the last processed message, or what was set at the beginning
	 */
	public long processed() {
		return this.positions.processed();
	}

	/**
	 * Notes the newest offset of the partition.
	 * @param offset as its leader told
	 */
	public void seen(long offset) {
		this.newest = Math.max(this.newest, offset);
	}

	/**
	 * Tells the newest offset as of the last look.
	 * @return the offset, -1 if it is not known
	 */
	public long newest() {
		return this.newest;
	}

	/**
	 * Ends pauses at once and lets a listener that runs finish.
	 * @return completes when nothing runs any more
	 */
	public CompletableFuture<Void> stop() {
		return this.run.stop();
	}

	/**
	 * Interrupts a listener that still runs.
	 * @return whether one does
	 */
	public boolean interrupt() {
		return this.run.interrupt();
	}

	/**
	 * Tells whether the caller is the listener.
	 * @return whether the current thread works this partition
	 */
	public boolean isRunByCurrentThread() {
		return this.run.isRunByCurrentThread();
	}

}
