package io.liftbridge.client.producer;

import java.util.List;

import io.liftbridge.client.message.LiftbridgeException;

/**
 * Tells several.
 *
 * @param all none of which throws
 */
record SeveralRecorders(List<Meter> all) implements ProducerRecorder {

	@Override
	public void sent(int messages) {
		this.all.forEach((each) -> each.sent(messages));
	}

	@Override
	public void acked(int messages) {
		this.all.forEach((each) -> each.acked(messages));
	}

	@Override
	public void ackLatency(long nanos) {
		this.all.forEach((each) -> each.ackLatency(nanos));
	}

	@Override
	public void failed(int messages, LiftbridgeException reason) {
		this.all.forEach((each) -> each.failed(messages, reason));
	}

	@Override
	public void batch(int messages) {
		this.all.forEach((each) -> each.batch(messages));
	}

	@Override
	public void entry(int records, int bytes, int storedBytes) {
		this.all.forEach((each) -> each.entry(records, bytes, storedBytes));
	}

	@Override
	public void blocked(long nanos) {
		this.all.forEach((each) -> each.blocked(nanos));
	}

	@Override
	public void closed() {
		this.all.forEach(Meter::closed);
	}

}
