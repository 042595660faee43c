package io.liftbridge.spring.listener.delivery;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * What is inside of what listeners return.
 */
final class Results {

	private Results() {
	}

	/** Whether something in it is still to come. */
	static boolean isLater(@Nullable Object result) {
		if (result instanceof Optional<?> optional) {
			return isLater(optional.orElse(null));
		}
		return (result instanceof Collection<?> several) ? several.stream().anyMatch(Results::isLater)
				: result instanceof CompletionStage;
	}

	/** The same with everything that was to come; fails where one of it failed. */
	static CompletableFuture<@Nullable Object> settled(@Nullable Object result) {
		if (result instanceof CompletionStage<?> stage) {
			return stage.toCompletableFuture().thenCompose(Results::settled);
		}
		if (result instanceof Optional<?> optional && isLater(optional)) {
			return settled(optional.orElse(null));
		}
		if (result instanceof Collection<?> several && isLater(several)) {
			List<CompletableFuture<@Nullable Object>> parts = several.stream().map(Results::settled).toList();
			return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
				.thenApply((nothing) -> parts.stream().map(CompletableFuture::join).toList());
		}
		return CompletableFuture.completedFuture(result);
	}

	/** Each single thing in it. */
	static void forEach(@Nullable Object result, Consumer<Object> action) {
		if (result instanceof Optional<?> optional) {
			optional.ifPresent((value) -> forEach(value, action));
		}
		else if (result instanceof Collection<?> several) {
			several.forEach((value) -> forEach(value, action));
		}
		else if (result != null) {
			action.accept(result);
		}
	}

}
