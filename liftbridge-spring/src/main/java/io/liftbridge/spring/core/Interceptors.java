package io.liftbridge.spring.core;

import java.util.Collection;
import java.util.List;

import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.Message;

/**
 * Asks those among listeners that may change messages.
 */
record Interceptors(List<PublishInterceptor> all) {

	static Interceptors among(Collection<? extends SendListener> listeners) {
		return new Interceptors(listeners.stream()
			.filter(PublishInterceptor.class::isInstance)
			.map(PublishInterceptor.class::cast)
			.toList());
	}

	/**
	 * Gives the message to be sent.
	 * @throws LiftbridgeException if one of them fails
	 */
	Message apply(String destination, Message message) {
		Message changed = message;
		for (PublishInterceptor interceptor : this.all) {
			try {
				changed = interceptor.beforeSend(destination, changed);
			}
			catch (LiftbridgeException ex) {
				throw ex;
			}
			catch (RuntimeException ex) {
				throw new LiftbridgeException("A message to '" + destination + "' was not sent, as the interceptor "
						+ interceptor + " failed: " + ex, ex, LiftbridgeException.Outcome.NOT_SENT);
			}
		}
		return changed;
	}

}
