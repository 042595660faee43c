package io.liftbridge.spring.listener;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import io.liftbridge.client.consumer.BatchHandler;
import io.liftbridge.client.group.GroupConsumer;
import io.liftbridge.client.group.GroupPartition;
import io.liftbridge.client.message.MalformedEntryException;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.listener.delivery.CursorWriter;
import io.liftbridge.spring.listener.delivery.PartitionDelivery;
import io.liftbridge.spring.support.SeekTo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A partition that a group has given to this member, from then until it is taken away or
 * read on elsewhere.
 */
final class GroupPartitionConsumer implements PartitionReader, BatchHandler {

	private static final Logger logger = LoggerFactory.getLogger(GroupPartitionConsumer.class);

	private final ContainerSession session;

	private final GroupAssignment assignment;

	private final ContainerContext context;

	private final GroupPartition place;

	private final PartitionWork work;

	private final ReentrantLock lock = new ReentrantLock();

	private boolean closed;

	private volatile boolean revoked;

	private volatile boolean sought;

	/** Whether what was handed over last comes again. Belongs to the delivery. */
	private boolean unfinished;

	/** Whether anything was handed over. Belongs to the delivery. */
	private boolean arrived;

	GroupPartitionConsumer(ContainerContext context, ContainerSession session, GroupAssignment assignment,
			GroupPartition place, long position) {
		this.context = context;
		this.session = session;
		this.assignment = assignment;
		this.place = place;
		this.work = new PartitionWork(context, session, place.stream(), place.partition(), assignment.cursorId(),
				this::commit, this::applyPause);
		CursorWriter cursor = this.work.cursor();
		if (cursor != null) {
			cursor.reset(position);
		}
		this.work.delivery().reset(position);
		// What was fetched together may be somebody else's before all of it is processed.
		this.work.delivery().setOwned(() -> assignment.holds(place));
	}

	@Override
	public void onMessages(List<ReceivedMessage<byte[]>> messages) {
		arrived(messages.get(0));
		int count = messages.size();
		this.unfinished = true;
		this.work.delivery().onMessages(messages);
		this.unfinished = false;
		this.session.delivered(this, count);
	}

	@Override
	public boolean onMalformed(MalformedEntryException malformed) {
		ReceivedMessage<byte[]> raw = malformed.raw();
		if (raw != null) {
			arrived(raw);
		}
		return this.work.delivery().onMalformed(malformed);
	}

	private void arrived(ReceivedMessage<byte[]> first) {
		this.session.received();
		long processed = this.work.delivery().processed();
		if (first.offset() <= processed && !this.unfinished) {
			long before = first.resumeOffset() - 1;
			if (this.arrived) {
				// A member delivers nothing twice: the offsets are of other messages.
				this.work.reporter()
					.reset("was read up to offset " + processed + " and goes on at " + first.offset()
							+ ": the stream was created anew or has lost messages");
			}
			CursorWriter cursor = this.work.cursor();
			if (cursor != null) {
				cursor.reset(before);
			}
			this.work.delivery().reset(before);
		}
		this.arrived = true;
	}

	private CompletableFuture<Void> commit(long offset) {
		return this.assignment.commit(this.place, offset).exceptionallyCompose((failure) -> {
			if (this.revoked) {
				// Too late: the next member begins before it.
				logger.debug("{}: position {} is not stored any more", this, offset, failure);
				return CompletableFuture.completedFuture(null);
			}
			return CompletableFuture.failedFuture(failure);
		});
	}

	/**
	 * The partition is somebody else's: pauses end, the message at hand is finished. A
	 * listener that does not return in time is interrupted.
	 */
	void revoke() {
		this.revoked = true;
		interruptLate(stop());
	}

	private void interruptLate(CompletableFuture<Void> end) {
		if (!end.isDone()) {
			this.context.threads().timer().schedule(() -> {
				if (!end.isDone()) {
					abandon();
				}
			}, this.context.properties().getShutdownTimeout().toNanos(), TimeUnit.NANOSECONDS);
		}
	}

	/**
	 * Finishes the message at hand.
	 * @return completes when nothing runs any more and the position is stored
	 */
	CompletableFuture<Void> stop() {
		return this.work.stop();
	}

	/** Delivers nothing before somebody else has ended, who had the partition before. */
	void follow(CompletableFuture<Void> former) {
		this.work.delivery().setFormer(former);
	}

	/** Whether somebody has told where another one goes on. */
	boolean isSought() {
		return this.sought;
	}

	/**
	 * Another consumer follows: stores nothing any more, and says nothing.
	 * @return completes when nothing runs any more
	 */
	CompletableFuture<Void> close() {
		this.lock.lock();
		try {
			this.closed = true;
		}
		finally {
			this.lock.unlock();
		}
		CursorWriter cursor = this.work.cursor();
		if (cursor != null) {
			cursor.close();
		}
		CompletableFuture<Void> end = stop();
		if (!this.revoked) {
			interruptLate(end);
		}
		return end;
	}

	void abandon() {
		this.work.abandon();
	}

	PartitionReporter reporter() {
		return this.work.reporter();
	}

	@Override
	public CompletableFuture<Void> seek(SeekTo to) {
		this.sought = true;
		PartitionDelivery present = this.work.delivery();
		return present.stop()
			.thenCompose((nothing) -> this.assignment.seek(this.place, to.resolve(present.processed())));
	}

	@Override
	public void restart() {
		stop().thenRun(() -> tell((member) -> member.restart(this.place)));
	}

	@Override
	public void applyPause() {
		// What counts is how it is when the member hears of it.
		tell((member) -> {
			if (this.session.isHeld(this)) {
				member.pause(this.place);
			}
			else {
				member.resume(this.place);
			}
		});
		this.work.delivery().resumed();
	}

	/** Unless another consumer has followed. */
	private void tell(Consumer<GroupConsumer> what) {
		this.assignment.tell((member) -> {
			this.lock.lock();
			try {
				if (!this.closed) {
					what.accept(member);
				}
			}
			finally {
				this.lock.unlock();
			}
		});
	}

	@Override
	public PartitionWork work() {
		return this.work;
	}

	@Override
	public String toString() {
		return this.work.toString();
	}

}
