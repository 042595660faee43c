package io.liftbridge.spring.listener;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import io.liftbridge.spring.listener.delivery.FailureText;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells what became of a listener's work, now or when its future completes.
 */
final class Interception {

	private static final Logger logger = LoggerFactory.getLogger(Interception.class);

	private Interception() {
	}

	static @Nullable CompletableFuture<?> around(Callable<@Nullable CompletableFuture<?>> work, Runnable success,
			Consumer<Throwable> failure, Runnable after) throws Exception {
		CompletableFuture<?> result;
		try {
			result = work.call();
		}
		catch (Throwable ex) {
			guarded(() -> failure.accept(ex));
			guarded(after);
			throw ex;
		}
		if (result == null) {
			guarded(success);
			guarded(after);
			return null;
		}
		return result.whenComplete((value, problem) -> {
			if (problem == null) {
				guarded(success);
			}
			else {
				guarded(() -> failure.accept(FailureText.causeOf(problem)));
			}
			guarded(after);
		});
	}

	/** What is done is done: a message must not be delivered again for that. */
	private static void guarded(Runnable told) {
		try {
			told.run();
		}
		catch (RuntimeException | Error ex) {
			logger.warn("An interceptor of a listener has failed", ex);
		}
	}

}
