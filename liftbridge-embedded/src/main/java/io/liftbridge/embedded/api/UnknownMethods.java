package io.liftbridge.embedded.api;

import java.io.ByteArrayInputStream;
import java.io.InputStream;

import io.grpc.HandlerRegistry;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.liftbridge.proto.APIGrpc;
import org.jspecify.annotations.Nullable;

/**
 * Answers what the broker does not have.
 */
public final class UnknownMethods extends HandlerRegistry {

	private static final MethodDescriptor.Marshaller<InputStream> IGNORED = new MethodDescriptor.Marshaller<>() {

		@Override
		public InputStream stream(InputStream value) {
			return value;
		}

		@Override
		public InputStream parse(InputStream stream) {
			return new ByteArrayInputStream(new byte[0]);
		}

	};

	@Override
	public ServerMethodDefinition<?, ?> lookupMethod(String methodName, @Nullable String authority) {
		MethodDescriptor<InputStream, InputStream> method = MethodDescriptor.newBuilder(IGNORED, IGNORED)
			.setType(MethodDescriptor.MethodType.UNKNOWN)
			.setFullMethodName(methodName)
			.build();
		Status status = Status.UNIMPLEMENTED.withDescription(describe(methodName));
		return ServerMethodDefinition.create(method, (call, headers) -> {
			call.close(status, new Metadata());
			return new ServerCall.Listener<>() {
			};
		});
	}

	private static String describe(String methodName) {
		String service = MethodDescriptor.extractFullServiceName(methodName);
		if (APIGrpc.SERVICE_NAME.equals(service) || HealthApi.SERVICE_NAME.equals(service)) {
			return "unknown method " + methodName.substring(service.length() + 1) + " for service " + service;
		}
		return "unknown service " + ((service != null) ? service : methodName);
	}

}
