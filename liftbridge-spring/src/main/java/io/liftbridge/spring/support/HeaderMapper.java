package io.liftbridge.spring.support;

import java.util.Map;

import io.liftbridge.client.message.Headers;
import io.liftbridge.client.message.ReceivedMessage;

/**
 * Translates between the headers of Liftbridge, which are bytes, and those of
 * spring-messaging, which are objects. Must be safe for use by many threads.
 */
public interface HeaderMapper {

	/**
	 * Translates the headers of a message to be sent.
	 * @param headers the headers
	 * @return what travels with the message
	 */
	Headers toLiftbridge(Map<String, Object> headers);

	/**
	 * Translates the headers of a received message, and adds where it comes from.
	 * @param message the message
	 * @return the headers in a new map that the caller may change
	 */
	Map<String, Object> fromLiftbridge(ReceivedMessage<?> message);

}
