package io.liftbridge.spring.listener.delivery;

import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;

import io.liftbridge.client.message.LiftbridgeException;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.handler.annotation.support.MethodArgumentNotValidException;
import org.springframework.validation.BindingResult;
import org.springframework.validation.FieldError;

/**
 * Says in one line what went wrong, without quoting the message it went wrong with.
 */
public final class FailureText {

	/** By name, as not all of them need be on the class path. */
	private static final Map<String, Boolean> QUOTING = Map.of(
			"org.springframework.messaging.converter.MessageConversionException", true,
			"org.springframework.messaging.handler.invocation.MethodArgumentResolutionException", true,
			"org.springframework.core.convert.ConversionException", true,
			"org.springframework.expression.EvaluationException", true, "jakarta.validation.ValidationException", true,
			"io.liftbridge.client.message.MalformedEntryException", true, "tools.jackson.core.JacksonException", true,
			"com.fasterxml.jackson.core.JacksonException", true);

	private FailureText() {
	}

	/**
	 * Takes off what a future puts around its failure.
	 * @param failure as a stage of a future is told it
	 * @return the failure itself
	 */
	public static Throwable causeOf(Throwable failure) {
		return (failure instanceof CompletionException && failure.getCause() != null) ? failure.getCause() : failure;
	}

	/**
	 * Describes a failure.
	 * @param failure the exception or error
	 * @return its class and its reason
	 */
	public static String of(Throwable failure) {
		if (failure instanceof LiftbridgeException) {
			return failure.toString();
		}
		String reason = reason(failure);
		String text = failure.getClass().getSimpleName() + (reason.isEmpty() ? "" : ": " + reason);
		Throwable cause = failure.getCause();
		// It says which element it was, its cause says why.
		return (failure instanceof BatchListenerFailedException && cause != null && cause != failure)
				? text + ", caused by " + of(cause) : text;
	}

	/**
	 * Tells what of a failure may be logged beyond its one line.
	 * @param failure the exception or error
	 * @return the failure, {@code null} if its stack trace could quote the message
	 */
	public static @Nullable Throwable traceOf(Throwable failure) {
		return (FailureClassifier.find(failure, QUOTING) == null) ? failure : null;
	}

	/**
	 * Tells why, in full unless that is unreadable.
	 * @param failure the exception or error
	 * @return its message
	 */
	static String reasonOf(Throwable failure) {
		return (failure instanceof MethodArgumentNotValidException) ? reason(failure)
				: String.valueOf(failure.getMessage());
	}

	private static String reason(Throwable failure) {
		if (failure instanceof MethodArgumentNotValidException invalid) {
			BindingResult result = invalid.getBindingResult();
			if (result != null) {
				String parameter = (invalid.getMethodParameter() != null)
						? ParameterTypes.describe(invalid.getMethodParameter()) + ": " : "";
				return parameter + result.getAllErrors()
					.stream()
					.map((error) -> ((error instanceof FieldError field) ? field.getField() : error.getObjectName())
							+ " " + error.getDefaultMessage())
					.sorted()
					.collect(Collectors.joining(", "));
			}
		}
		String message = failure.getMessage();
		return (message != null) ? message.lines().findFirst().orElse("") : "";
	}

}
