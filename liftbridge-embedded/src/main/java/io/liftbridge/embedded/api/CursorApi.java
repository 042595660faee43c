package io.liftbridge.embedded.api;

import io.grpc.ServerServiceDefinition;
import io.liftbridge.embedded.cursor.Cursors;
import io.liftbridge.embedded.stream.RefusedException;
import io.liftbridge.proto.APIGrpc;
import io.liftbridge.proto.FetchCursorRequest;
import io.liftbridge.proto.FetchCursorResponse;
import io.liftbridge.proto.SetCursorRequest;
import io.liftbridge.proto.SetCursorResponse;

/**
 * Stores and reads cursors.
 */
final class CursorApi {

	private final Cursors cursors;

	CursorApi(Cursors cursors) {
		this.cursors = cursors;
	}

	void addTo(ServerServiceDefinition.Builder service) {
		service.addMethod(Calls.unary(APIGrpc.getSetCursorMethod(), this::set));
		service.addMethod(Calls.unary(APIGrpc.getFetchCursorMethod(), this::fetch));
	}

	private void set(SetCursorRequest request, Reply<SetCursorResponse> reply) {
		checkNames(request.getStream(), request.getCursorId());
		this.cursors.set(request);
		reply.send(SetCursorResponse.getDefaultInstance());
	}

	private void fetch(FetchCursorRequest request, Reply<FetchCursorResponse> reply) {
		checkNames(request.getStream(), request.getCursorId());
		long offset = this.cursors.fetch(request.getCursorId(), request.getStream(), request.getPartition());
		reply.send(FetchCursorResponse.newBuilder().setOffset(offset).build());
	}

	private static void checkNames(String stream, String cursorId) {
		if (stream.isEmpty()) {
			throw RefusedException.invalid("No stream provided");
		}
		if (cursorId.isEmpty()) {
			throw RefusedException.invalid("No cursorId provided");
		}
	}

}
