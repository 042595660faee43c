package io.liftbridge.spring.listener.delivery;

import org.springframework.messaging.converter.MessageConversionException;

/**
 * A message came to a listener with several methods, and none of them takes it. Not
 * retried by default.
 */
public class HandlerNotFoundException extends MessageConversionException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates it.
	 * @param description what is known of the message, what there is, and the remedy
	 */
	public HandlerNotFoundException(String description) {
		super(description);
	}

}
