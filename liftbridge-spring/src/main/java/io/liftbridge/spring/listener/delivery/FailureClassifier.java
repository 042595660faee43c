package io.liftbridge.spring.listener.delivery;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/**
 * Tells what would fail again in the same way. The nearest superclass that is known
 * decides; of an exception and its causes the outermost one of which something is known.
 * Classes are known by name, as they need not be on the class path. Safe for use by many
 * threads.
 */
final class FailureClassifier {

	private final Map<String, Boolean> retryable = new ConcurrentHashMap<>(Map.of(
			"org.springframework.messaging.converter.MessageConversionException", false,
			"org.springframework.messaging.handler.invocation.MethodArgumentResolutionException", false,
			"jakarta.validation.ValidationException", false, "io.liftbridge.client.message.MalformedEntryException",
			false, "io.liftbridge.spring.listener.MessageFilterException", false, ReplyTargetException.class.getName(),
			false, ClassCastException.class.getName(), false, NoSuchMethodException.class.getName(), false,
			LinkageError.class.getName(), false));

	private volatile boolean otherwise = true;

	void put(Class<? extends Throwable> type, boolean retryable) {
		this.retryable.put(type.getName(), retryable);
	}

	void remove(Class<? extends Throwable> type) {
		this.retryable.remove(type.getName());
	}

	void setDefault(boolean retryable) {
		this.otherwise = retryable;
	}

	boolean isRetryable(Throwable failure) {
		Boolean known = find(failure, this.retryable);
		return (known != null) ? known : this.otherwise;
	}

	/** What is known of an exception, {@code null} for nothing. */
	static <T> @Nullable T find(Throwable failure, Map<String, T> known) {
		Throwable cause = failure;
		// A chain of causes may be a ring.
		for (int depth = 0; cause != null && depth < 100; depth++) {
			for (Class<?> type = cause.getClass(); type != null; type = type.getSuperclass()) {
				T found = known.get(type.getName());
				if (found != null) {
					return found;
				}
			}
			cause = cause.getCause();
		}
		return null;
	}

}
