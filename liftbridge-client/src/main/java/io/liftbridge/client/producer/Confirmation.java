package io.liftbridge.client.producer;

import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.Message;
import org.jspecify.annotations.Nullable;

/**
 * What became of a message.
 *
 * @param message the message
 * @param ack where it is stored, {@code null} if it failed
 * @param failure why it failed and what is known of its effect, {@code null} if it is
 * stored
 */
public record Confirmation(Message message, @Nullable Ack ack, @Nullable LiftbridgeException failure) {

	/**
	 * Whether the message was acknowledged. With policy NONE: whether it was handed to
	 * the network.
	 * @return whether it was
	 */
	public boolean isConfirmed() {
		return this.ack != null;
	}

}
