package io.liftbridge.client.consumer;

import io.liftbridge.client.cluster.RpcStatus;
import io.liftbridge.client.cluster.Translator;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.StreamNotFoundException;
import io.liftbridge.client.message.StreamPausedException;
import org.jspecify.annotations.Nullable;

/**
 * What the end of a Subscribe call means for the subscription. The server uses few codes
 * for many things, so the words and the phase decide.
 *
 * @param end the subscription has ended well
 * @param failure the subscription has failed
 */
record Outcome(@Nullable EndReason end, @Nullable LiftbridgeException failure) {

	/** The subscription goes on with a new call. */
	static final Outcome RETRY = new Outcome(null, null);

	/** The subscription goes on with a new call, as it was meant to. */
	static final Outcome ONWARD = new Outcome(null, null);

	/** Another member of the group has the partition. */
	private static final Outcome DISPLACED = new Outcome(EndReason.DISPLACED, null);

	/** How often a partition may turn out to be closed before it counts as paused. */
	private static final int CLOSED_ATTEMPTS = 4;

	/** How often the server may fail inside before that is reported. */
	private static final int INTERNAL_ATTEMPTS = 12;

	static Outcome of(RpcStatus status, SubscriptionOptions options, int attempt) {
		String what = "stream '" + options.stream() + "' partition " + options.partition();
		if (status.isNotAuthorized()) {
			return fail(Translator.translate(status, "subscribe", what, true));
		}
		return switch (status.code()) {
			// The server ends a call like this only if another member has taken over.
			case OK -> (options.role() != null) ? DISPLACED : RETRY;
			case NOT_FOUND -> status.text().contains("deleted")
					? fail(new StreamNotFoundException("stream '" + options.stream() + "' was deleted while partition "
							+ options.partition() + " was read (the server answered " + status + ").", null))
					: RETRY;
			case RESOURCE_EXHAUSTED -> exhausted(status, options, what);
			case INVALID_ARGUMENT -> invalid(status, options, what);
			case FAILED_PRECONDITION -> precondition(status, options, what, attempt);
			case INTERNAL -> internal(status, options, what, attempt);
			case UNKNOWN ->
				(attempt < INTERNAL_ATTEMPTS) ? RETRY : fail(Translator.translate(status, "subscribe", what, true));
			case UNIMPLEMENTED, PERMISSION_DENIED, UNAUTHENTICATED ->
				fail(Translator.translate(status, "subscribe", what, true));
			default -> RETRY;
		};
	}

	private static Outcome precondition(RpcStatus status, SubscriptionOptions options, String what, int attempt) {
		if (status.text().contains("log was closed")) {
			return closed(status, options, what, attempt);
		}
		if (status.text().contains("not currently assigned")) {
			return (options.role() != null) ? DISPLACED
					: fail(new LiftbridgeException("subscribe: " + what + ": " + status));
		}
		return RETRY;
	}

	private static Outcome exhausted(RpcStatus status, SubscriptionOptions options, String what) {
		if (status.text().contains("End of readonly partition")) {
			return new Outcome(EndReason.END_OF_PARTITION, null);
		}
		if (status.text().contains("Stop offset reached")) {
			// The server sets a stop position of its own on read-only partitions.
			return new Outcome((options.stop().kind() == StopPosition.Kind.NEVER) ? EndReason.END_OF_PARTITION
					: EndReason.STOP_REACHED, null);
		}
		if (status.text().contains("Stream is empty")) {
			return new Outcome(EndReason.STOP_REACHED, null);
		}
		return fail(Translator.translate(status, "subscribe", what, true));
	}

	private static Outcome invalid(RpcStatus status, SubscriptionOptions options, String what) {
		if (status.text().contains("Stop offset is before start offset")) {
			if (options.stop().kind() == StopPosition.Kind.NEVER) {
				// Read-only, and everything was delivered before.
				return new Outcome(EndReason.END_OF_PARTITION, null);
			}
			// Nothing lies between the two: it was delivered before, or removed by
			// retention.
			return new Outcome(EndReason.STOP_REACHED, null);
		}
		return fail(Translator.translate(status, "subscribe", what, true));
	}

	private static Outcome internal(RpcStatus status, SubscriptionOptions options, String what, int attempt) {
		if (status.text().contains("segment has been closed")) {
			return closed(status, options, what, attempt);
		}
		if (options.stop().kind() == StopPosition.Kind.TIMESTAMP
				&& (status.text().contains("before the beginning of the log")
						|| status.text().contains("failed to find log segment for timestamp"))) {
			return new Outcome(EndReason.STOP_REACHED, null);
		}
		return (attempt < INTERNAL_ATTEMPTS) ? RETRY : fail(Translator.translate(status, "subscribe", what, true));
	}

	/** Paused, being cleaned, or on a broker that stops: only the first one lasts. */
	private static Outcome closed(RpcStatus status, SubscriptionOptions options, String what, int attempt) {
		if (options.resumePaused() || attempt < CLOSED_ATTEMPTS) {
			return RETRY;
		}
		return fail(new StreamPausedException("subscribe: " + what + ": the partition is paused (the server answered "
				+ status + "). Publish to it, or subscribe with resumePaused(true).", null));
	}

	private static Outcome fail(LiftbridgeException failure) {
		return new Outcome(null, failure);
	}

}
