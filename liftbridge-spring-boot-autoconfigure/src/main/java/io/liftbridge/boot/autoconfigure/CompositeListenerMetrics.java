package io.liftbridge.boot.autoconfigure;

import java.util.List;

import io.liftbridge.spring.listener.delivery.ListenerMetrics;

/**
 * Tells several what listeners do.
 */
record CompositeListenerMetrics(List<ListenerMetrics> all) implements ListenerMetrics {

	static ListenerMetrics of(List<ListenerMetrics> all) {
		return switch (all.size()) {
			case 0 -> ListenerMetrics.NONE;
			case 1 -> all.get(0);
			default -> new CompositeListenerMetrics(List.copyOf(all));
		};
	}

	@Override
	public void received(String listener, String stream, int messages) {
		this.all.forEach((metrics) -> metrics.received(listener, stream, messages));
	}

	@Override
	public void processed(String listener, String stream, int messages, long nanos) {
		this.all.forEach((metrics) -> metrics.processed(listener, stream, messages, nanos));
	}

	@Override
	public void failed(String listener, String stream, Throwable cause) {
		this.all.forEach((metrics) -> metrics.failed(listener, stream, cause));
	}

	@Override
	public void retried(String listener, String stream) {
		this.all.forEach((metrics) -> metrics.retried(listener, stream));
	}

	@Override
	public void deadLettered(String listener, String stream) {
		this.all.forEach((metrics) -> metrics.deadLettered(listener, stream));
	}

}
