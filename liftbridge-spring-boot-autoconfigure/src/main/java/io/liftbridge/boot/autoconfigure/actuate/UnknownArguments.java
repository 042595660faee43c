package io.liftbridge.boot.autoconfigure.actuate;

import java.util.List;
import java.util.Map;

import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.OperationType;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvoker;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvokerAdvisor;
import org.springframework.boot.actuate.endpoint.invoke.OperationParameter;
import org.springframework.boot.actuate.endpoint.invoke.OperationParameters;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/**
 * Refuses arguments that the endpoint does not have. The actuator leaves them out
 * silently, so that a replay with {@code dryrun} in place of {@code dryRun} would put
 * dead letters back, and a misspelt partition pause all of them. Over JMX arguments have
 * no names.
 */
final class UnknownArguments implements OperationInvokerAdvisor {

	private static final EndpointId ENDPOINT = EndpointId.of("liftbridge");

	@Override
	public OperationInvoker apply(EndpointId endpointId, OperationType operationType, OperationParameters parameters,
			OperationInvoker invoker) {
		if (!endpointId.equals(ENDPOINT) || operationType != OperationType.WRITE) {
			return invoker;
		}
		List<String> known = parameters.stream().map(OperationParameter::getName).toList();
		List<String> usable = parameters.stream()
			.filter((parameter) -> parameter.getAnnotation(Selector.class) == null)
			.map(OperationParameter::getName)
			.toList();
		return (context) -> {
			List<String> unknown = context.getArguments()
				.keySet()
				.stream()
				.filter((name) -> !known.contains(name))
				.sorted()
				.toList();
			return unknown.isEmpty() ? invoker.invoke(context) : refused(unknown, usable);
		};
	}

	private static WebEndpointResponse<Object> refused(List<String> unknown, List<String> usable) {
		return new WebEndpointResponse<>(
				Map.of("error", "arguments " + unknown + " are not known, nothing is done: use some of " + usable),
				WebEndpointResponse.STATUS_BAD_REQUEST);
	}

}
