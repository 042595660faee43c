package io.liftbridge.boot.autoconfigure;

import io.liftbridge.client.message.BrokerUnavailableException;
import io.liftbridge.client.message.CursorsDisabledException;
import io.liftbridge.client.message.StreamNotFoundException;
import io.liftbridge.spring.listener.ListenerStartException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

/**
 * Says why a listener cannot begin to read, if the application must not start without it.
 */
class ListenerStartFailureAnalyzer extends AbstractFailureAnalyzer<ListenerStartException> {

	private final PropertyOrigins origins;

	ListenerStartFailureAnalyzer(Environment environment) {
		this.origins = new PropertyOrigins(environment);
	}

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, ListenerStartException cause) {
		Throwable problem = cause.getCause();
		return new FailureAnalysis(
				"Listener '" + cause.getListenerId() + "' cannot start: "
						+ ((problem != null) ? problem.getMessage() : cause.getMessage()),
				remedy(problem) + ", or set " + this.origins.locate("liftbridge.listener.startup-failure-policy")
						+ " to retry, so that the application starts and the listener keeps trying.",
				cause);
	}

	private String remedy(@Nullable Throwable problem) {
		if (findCause(problem, StreamNotFoundException.class) != null) {
			return "Create the stream, list it under liftbridge.streams, or correct the name that the listener has";
		}
		if (findCause(problem, CursorsDisabledException.class) != null) {
			return "Set cursors.stream.partitions to 1 or more in the configuration of the servers, or the listener's"
					+ " ackMode to NONE if it need not remember where it was";
		}
		if (findCause(problem, BrokerUnavailableException.class) != null) {
			return "Start a broker, or correct liftbridge.seeds";
		}
		return "Correct what is said above";
	}

}
