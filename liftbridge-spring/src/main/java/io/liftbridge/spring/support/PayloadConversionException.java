package io.liftbridge.spring.support;

import org.jspecify.annotations.Nullable;
import org.springframework.messaging.converter.MessageConversionException;

/**
 * A payload could not be turned into bytes, or bytes could not be turned into a payload.
 */
public class PayloadConversionException extends MessageConversionException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates it.
	 * @param description what was to be converted into what, and the remedy
	 * @param cause why it failed, where there is more to say
	 */
	public PayloadConversionException(String description, @Nullable Throwable cause) {
		super(description, cause);
	}

}
