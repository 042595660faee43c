package io.liftbridge.client.cluster;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;

/**
 * Translates everything that goes over a channel into a namespace and back.
 */
record NamespaceInterceptor(Namespace namespace) implements ClientInterceptor {

	@Override
	public <Q, R> ClientCall<Q, R> interceptCall(MethodDescriptor<Q, R> method, CallOptions options, Channel channel) {
		return new SimpleForwardingClientCall<>(channel.newCall(method, options)) {

			@Override
			public void start(Listener<R> listener, Metadata headers) {
				super.start(new Inner<>(listener), headers);
			}

			// Each translation keeps the type.
			@SuppressWarnings("unchecked")
			@Override
			public void sendMessage(Q request) {
				super.sendMessage((Q) NamespaceInterceptor.this.namespace.outer((Object) request));
			}

		};
	}

	private final class Inner<R> extends SimpleForwardingClientCallListener<R> {

		Inner(ClientCall.Listener<R> listener) {
			super(listener);
		}

		@SuppressWarnings("unchecked")
		@Override
		public void onMessage(R response) {
			super.onMessage((R) NamespaceInterceptor.this.namespace.inner((Object) response));
		}

		@Override
		public void onClose(Status status, Metadata trailers) {
			String text = status.getDescription();
			super.onClose((text != null) ? status.withDescription(NamespaceInterceptor.this.namespace.innerText(text))
					: status, trailers);
		}

	}

}
