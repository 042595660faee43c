package io.liftbridge.spring.listener;

import io.liftbridge.spring.event.ListenerPartitionInterruptedEvent;
import io.liftbridge.spring.event.ListenerPartitionRecoveredEvent;
import io.liftbridge.spring.event.ListenerPartitionResetEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells log, health and application what becomes of a partition's way from its broker.
 */
final class PartitionReporter {

	private static final Logger logger = LoggerFactory.getLogger(PartitionReporter.class);

	private final ContainerContext context;

	private final ContainerSession session;

	private final String stream;

	private final int partition;

	private final PartitionHealth health;

	PartitionReporter(ContainerContext context, ContainerSession session, String stream, int partition) {
		this.context = context;
		this.session = session;
		this.stream = stream;
		this.partition = partition;
		this.health = new PartitionHealth(session.outages(), stream, partition);
	}

	PartitionHealth health() {
		return this.health;
	}

	/** A broker delivers it, for the first time or again. */
	void live() {
		PartitionState before = this.health.link();
		if (this.health.link(PartitionState.LIVE, null) && before.isDown()) {
			this.session.outages().note(OutageLog.Kind.LIVE, this.stream, this.partition, null);
			this.context.publish(new ListenerPartitionRecoveredEvent(this.session.source(), this.context.id(),
					this.stream, this.partition));
		}
	}

	/** It has lost its broker, or does not find it. */
	void interrupted(String reason) {
		down(this.health.hasBegun() ? PartitionState.INTERRUPTED : PartitionState.WAITING, reason);
	}

	/**
	 * Everything in it was delivered, and no more can come for now.
	 * @return whether this is news
	 */
	boolean ended() {
		boolean news = this.health.link(PartitionState.ENDED, null);
		if (news) {
			logger.info("{} is read-only and read to its end", this);
		}
		return news;
	}

	void down(PartitionState state, String reason) {
		if (!this.session.isStopping() && this.health.link(state, reason)) {
			this.session.outages().note(OutageLog.Kind.INTERRUPTED, this.stream, this.partition, reason);
			this.context.publish(new ListenerPartitionInterruptedEvent(this.session.source(), this.context.id(),
					this.stream, this.partition, reason));
		}
	}

	/** Reading begins elsewhere than where it was left. */
	void reset(String reason) {
		logger.warn("{}: {}", this, reason);
		this.context.publish(new ListenerPartitionResetEvent(this.session.source(), this.context.id(), this.stream,
				this.partition, reason));
	}

	@Override
	public String toString() {
		return "Listener '" + this.context.id() + "' on " + this.stream + "/" + this.partition;
	}

}
