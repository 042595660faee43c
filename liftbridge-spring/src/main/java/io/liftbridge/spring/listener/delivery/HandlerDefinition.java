package io.liftbridge.spring.listener.delivery;

import java.lang.reflect.Method;
import java.util.List;

/**
 * One of several methods of a listener, among which the payload's type decides.
 *
 * @param method the method
 * @param isDefault whether it receives what no other one does
 * @param payloadTypes what the header {@code payload-type} says of its messages; empty
 * for the simple and the full name of its payload's class
 * @param sendTo streams to send its result to, or expressions; empty for none
 */
public record HandlerDefinition(Method method, boolean isDefault, List<String> payloadTypes, List<String> sendTo) {

	/**
	 * Creates it.
	 * @throws NullPointerException if a list holds {@code null}
	 */
	public HandlerDefinition {
		payloadTypes = List.copyOf(payloadTypes);
		sendTo = List.copyOf(sendTo);
	}

}
