package io.liftbridge.boot.autoconfigure;

import java.util.List;
import java.util.function.Consumer;

import io.liftbridge.spring.listener.delivery.ListenerMetrics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells several what listeners do. One that fails hides nothing from the others.
 */
record CompositeListenerMetrics(List<ListenerMetrics> all) implements ListenerMetrics {

	private static final Logger logger = LoggerFactory.getLogger(CompositeListenerMetrics.class);

	static ListenerMetrics of(List<ListenerMetrics> all) {
		return switch (all.size()) {
			case 0 -> ListenerMetrics.NONE;
			case 1 -> all.get(0);
			default -> new CompositeListenerMetrics(List.copyOf(all));
		};
	}

	@Override
	public void received(String listener, String stream, int messages) {
		tell((metrics) -> metrics.received(listener, stream, messages));
	}

	@Override
	public void processed(String listener, String stream, int messages, long nanos) {
		tell((metrics) -> metrics.processed(listener, stream, messages, nanos));
	}

	@Override
	public void failed(String listener, String stream, Throwable cause) {
		tell((metrics) -> metrics.failed(listener, stream, cause));
	}

	@Override
	public void retried(String listener, String stream) {
		tell((metrics) -> metrics.retried(listener, stream));
	}

	@Override
	public void deadLettered(String listener, String stream) {
		tell((metrics) -> metrics.deadLettered(listener, stream));
	}

	@Override
	public void passedOver(String listener, String stream) {
		tell((metrics) -> metrics.passedOver(listener, stream));
	}

	private void tell(Consumer<ListenerMetrics> notification) {
		for (ListenerMetrics metrics : this.all) {
			try {
				notification.accept(metrics);
			}
			catch (RuntimeException ex) {
				logger.warn("Listener metrics {} failed", metrics, ex);
			}
		}
	}

}
