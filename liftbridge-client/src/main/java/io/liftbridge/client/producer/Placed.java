package io.liftbridge.client.producer;

import com.google.protobuf.ByteString;
import io.liftbridge.client.message.LiftbridgeException;
import org.jspecify.annotations.Nullable;

/**
 * A message with its place in the partition. Once a copy of it has gone out, the place
 * must not change before it is known that this copy can no longer be stored: so there is
 * none in two places.
 */
final class Placed {

	final Pending pending;

	final long number;

	/** What it is recognised by where it is stored. */
	final ByteString token;

	/** The offset it expects, once it was sent. */
	long offset = -1;

	/** Whether a copy is in the present pipe. */
	boolean open;

	/** Whether a copy was in a pipe that has ended: it may be stored yet. */
	boolean doubtful;

	/**
	 * Whether the leader has a message in its place that cannot be read yet: most likely
	 * this one.
	 */
	boolean presumed;

	/** Whether it failed, as it took too long. */
	boolean told;

	/** What a broker said about a copy, while another one may be stored. */
	@Nullable LiftbridgeException refusal;

	Placed(Pending pending, long number, ByteString token) {
		this.pending = pending;
		this.number = number;
		this.token = token;
	}

}
