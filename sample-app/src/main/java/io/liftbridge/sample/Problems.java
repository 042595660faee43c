package io.liftbridge.sample;

import java.util.stream.Collectors;

import io.liftbridge.client.message.AckTimeoutException;
import io.liftbridge.client.message.BrokerUnavailableException;
import io.liftbridge.client.message.ClientClosedException;
import io.liftbridge.client.message.EnqueueTimeoutException;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.MessageTooLargeException;
import io.liftbridge.client.message.NotAuthorizedException;
import io.liftbridge.client.message.PartitionNotFoundException;
import io.liftbridge.client.message.ReadonlyPartitionException;
import io.liftbridge.client.message.RequestTimeoutException;
import io.liftbridge.client.message.StreamNotFoundException;
import io.liftbridge.client.message.StreamPausedException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.task.TaskRejectedException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.validation.method.ParameterValidationResult;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.method.annotation.HandlerMethodValidationException;

/**
 * Answers failures with problem details (RFC 9457). The exceptions' messages say already
 * what was asked, what the broker answered, and what can be done. Comes before Spring
 * Boot's own, which does not say which parameter is wrong.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
@RestControllerAdvice
class Problems {

	@ExceptionHandler({ StreamNotFoundException.class, PartitionNotFoundException.class })
	ProblemDetail notFound(LiftbridgeException ex) {
		return problem(HttpStatus.NOT_FOUND, ex);
	}

	@ExceptionHandler(InvalidRequestException.class)
	ProblemDetail badRequest(LiftbridgeException ex) {
		return problem(HttpStatus.BAD_REQUEST, ex);
	}

	@ExceptionHandler
	ProblemDetail invalidParameter(HandlerMethodValidationException ex) {
		return ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST,
				ex.getParameterValidationResults().stream().map(Problems::text).collect(Collectors.joining("; ")));
	}

	@ExceptionHandler(MessageTooLargeException.class)
	ProblemDetail tooLarge(LiftbridgeException ex) {
		return problem(HttpStatus.CONTENT_TOO_LARGE, ex);
	}

	@ExceptionHandler(NotAuthorizedException.class)
	ProblemDetail forbidden(LiftbridgeException ex) {
		return problem(HttpStatus.FORBIDDEN, ex);
	}

	@ExceptionHandler({ ReadonlyPartitionException.class, StreamPausedException.class })
	ProblemDetail conflict(LiftbridgeException ex) {
		return problem(HttpStatus.CONFLICT, ex);
	}

	@ExceptionHandler({ BrokerUnavailableException.class, RequestTimeoutException.class, AckTimeoutException.class,
			EnqueueTimeoutException.class, ClientClosedException.class })
	ProblemDetail unavailable(LiftbridgeException ex) {
		return problem(HttpStatus.SERVICE_UNAVAILABLE, ex);
	}

	@ExceptionHandler(TaskRejectedException.class)
	ProblemDetail tooManyPages() {
		return ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE, "Too many pages are open.");
	}

	@ExceptionHandler
	ProblemDetail other(LiftbridgeException ex) {
		return problem(HttpStatus.BAD_GATEWAY, ex);
	}

	private static String text(ParameterValidationResult result) {
		return result.getResolvableErrors()
			.stream()
			.map((error) -> result.getMethodParameter().getParameterName() + " = '" + result.getArgument() + "' "
					+ error.getDefaultMessage())
			.collect(Collectors.joining("; "));
	}

	private static ProblemDetail problem(HttpStatus status, LiftbridgeException ex) {
		return ProblemDetail.forStatusAndDetail(status, ex.getMessage());
	}

}
