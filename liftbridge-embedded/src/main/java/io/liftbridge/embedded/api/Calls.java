package io.liftbridge.embedded.api;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Makes gRPC methods out of what answers them.
 */
final class Calls {

	private Calls() {
	}

	/**
	 * A method with one request and one response.
	 */
	static <Q, R> ServerMethodDefinition<?, ?> unary(MethodDescriptor<Q, R> method, UnaryHandler<Q, R> handler) {
		return define(method, method.getResponseMarshaller(), (call, headers) -> new UnaryListener<>(call, handler));
	}

	/**
	 * A method that reads its requests through {@link Inbound} and writes whatever it
	 * likes.
	 */
	static <Q, R> ServerMethodDefinition<Inbound<Q>, R> define(MethodDescriptor<Q, ?> method,
			MethodDescriptor.Marshaller<R> responses, ServerCallHandler<Inbound<Q>, R> handler) {
		boolean streaming = method.getType() != MethodDescriptor.MethodType.UNARY;
		MethodDescriptor<Inbound<Q>, R> descriptor = method
			.toBuilder(new InboundMarshaller<>(method.getRequestMarshaller(), streaming), responses)
			.build();
		return ServerMethodDefinition.create(descriptor, handler);
	}

	/**
	 * Answers a call with one request.
	 */
	@FunctionalInterface
	interface UnaryHandler<Q, R> {

		/**
		 * Answers, or throws a refusal, or leaves the reply to somebody else.
		 */
		void handle(Q request, Reply<R> reply);

	}

	private static final class UnaryListener<Q, R> extends ServerCall.Listener<Inbound<Q>> {

		private final ServerCall<Inbound<Q>, R> call;

		private final UnaryHandler<Q, R> handler;

		private @Nullable Inbound<Q> request;

		UnaryListener(ServerCall<Inbound<Q>, R> call, UnaryHandler<Q, R> handler) {
			this.call = call;
			this.handler = handler;
			call.request(2);
		}

		@Override
		public void onMessage(Inbound<Q> message) {
			this.request = message;
		}

		@Override
		public void onHalfClose() {
			Inbound<Q> inbound = this.request;
			if (inbound == null) {
				this.call.close(Status.INTERNAL.withDescription("half-closed without a request"), new Metadata());
			}
			else if (inbound.message() == null) {
				this.call.close(inbound.failure(), new Metadata());
			}
			else {
				Reply<R> reply = new Reply<>(this.call);
				Q message = inbound.message();
				reply.guard(() -> this.handler.handle(message, reply));
			}
		}

	}

}
