package io.liftbridge.embedded.api;

import java.util.Set;

import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.StreamObserver;
import io.liftbridge.proto.APIGrpc;

/**
 * The standard gRPC health service. Says that the broker serves as soon as its port is
 * open, which is before it knows its metadata leader.
 */
public final class HealthApi extends HealthGrpc.HealthImplBase {

	static final String SERVICE_NAME = HealthGrpc.SERVICE_NAME;

	private static final Set<String> SERVICES = Set.of("", APIGrpc.SERVICE_NAME);

	@Override
	public void check(HealthCheckRequest request, StreamObserver<HealthCheckResponse> responses) {
		if (!SERVICES.contains(request.getService())) {
			responses.onError(Status.NOT_FOUND.withDescription("unknown service").asRuntimeException());
			return;
		}
		responses.onNext(response(ServingStatus.SERVING));
		responses.onCompleted();
	}

	/**
	 * Tells the status once and keeps the call open, for the status does not change while
	 * the port is open.
	 */
	@Override
	public void watch(HealthCheckRequest request, StreamObserver<HealthCheckResponse> responses) {
		boolean known = SERVICES.contains(request.getService());
		responses.onNext(response(known ? ServingStatus.SERVING : ServingStatus.SERVICE_UNKNOWN));
	}

	private static HealthCheckResponse response(ServingStatus status) {
		return HealthCheckResponse.newBuilder().setStatus(status).build();
	}

}
