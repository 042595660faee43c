package io.liftbridge.client.producer;

import io.liftbridge.client.message.Message;

/**
 * A message and the stream it goes to.
 *
 * @param stream the stream's name
 * @param message the message; may ask for a partition
 */
public record BulkRequest(String stream, Message message) {

	/**
	 * Asks for a message to be published.
	 * @param stream the stream's name
	 * @param message the message; may ask for a partition
	 * @return the request
	 */
	public static BulkRequest of(String stream, Message message) {
		return new BulkRequest(stream, message);
	}

}
