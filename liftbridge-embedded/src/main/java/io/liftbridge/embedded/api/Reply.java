package io.liftbridge.embedded.api;

import java.util.concurrent.TimeUnit;

import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.liftbridge.embedded.stream.RefusedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The answer to a call with one request and one response. Given once, on any thread. A
 * call that is never answered ends at its deadline.
 *
 * @param <R> kind of response
 */
final class Reply<R> {

	private static final Logger logger = LoggerFactory.getLogger(Reply.class);

	private final ServerCall<?, R> call;

	private final @Nullable Deadline deadline = Context.current().getDeadline();

	Reply(ServerCall<?, R> call) {
		this.call = call;
	}

	boolean hasDeadline() {
		return this.deadline != null;
	}

	/**
	 * How long the caller waits for the answer, 0 if it did not say that it waits at all.
	 */
	long patienceNanos() {
		return (this.deadline != null) ? Math.max(0, this.deadline.timeRemaining(TimeUnit.NANOSECONDS)) : 0;
	}

	void send(R response) {
		this.call.sendHeaders(new Metadata());
		this.call.sendMessage(response);
		this.call.close(Status.OK, new Metadata());
	}

	/**
	 * Runs something that may refuse or fail, and then answers with that.
	 */
	void guard(Runnable action) {
		try {
			action.run();
		}
		catch (RefusedException ex) {
			this.call.close(ex.status(), new Metadata());
		}
		catch (RuntimeException ex) {
			logger.error("{} failed", this.call.getMethodDescriptor().getFullMethodName(), ex);
			this.call.close(Status.INTERNAL.withDescription(ex.toString()), new Metadata());
		}
	}

}
