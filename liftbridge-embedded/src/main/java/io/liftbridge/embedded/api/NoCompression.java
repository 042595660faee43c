package io.liftbridge.embedded.api;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;

/**
 * Refuses compressed calls: a real broker has no compressor built in.
 */
public final class NoCompression implements ServerInterceptor {

	private static final Metadata.Key<String> ENCODING = Metadata.Key.of("grpc-encoding",
			Metadata.ASCII_STRING_MARSHALLER);

	@Override
	public <Q, R> ServerCall.Listener<Q> interceptCall(ServerCall<Q, R> call, Metadata headers,
			ServerCallHandler<Q, R> next) {
		String encoding = headers.get(ENCODING);
		if (encoding == null || "identity".equals(encoding)) {
			return next.startCall(call, headers);
		}
		call.close(Status.UNIMPLEMENTED.withDescription(
				"grpc: Decompressor is not installed for grpc-encoding \"" + encoding + "\""), new Metadata());
		return new ServerCall.Listener<>() {
		};
	}

}
