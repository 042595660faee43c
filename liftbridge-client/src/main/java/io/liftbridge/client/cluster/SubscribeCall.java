package io.liftbridge.client.cluster;

import java.util.List;
import java.util.concurrent.Executor;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.liftbridge.proto.APIGrpc;
import io.liftbridge.proto.Message;
import io.liftbridge.proto.SubscribeRequest;

/**
 * One {@code Subscribe} call to one broker. The empty first message is swallowed here.
 * For use inside the client.
 */
public final class SubscribeCall {

	private static final MethodDescriptor<SubscribeRequest, Message> SUBSCRIBE = APIGrpc.getSubscribeMethod();

	private final BrokerConnection broker;

	private final ClientCall<SubscribeRequest, Message> call;

	SubscribeCall(BrokerConnection broker, ManagedChannel channel, Executor afterBurst, SubscribeRequest request,
			Listener listener) {
		this.broker = broker;
		MeasuredMessages arrivals = new MeasuredMessages();
		this.call = channel.newCall(SUBSCRIBE.toBuilder(SUBSCRIBE.getRequestMarshaller(), arrivals).build(),
				CallOptions.DEFAULT);
		this.call.start(new Callbacks(afterBurst, listener, arrivals), new Metadata());
		// For the empty message; the others are asked for by the reader.
		this.call.request(1);
		this.call.sendMessage(request);
		this.call.halfClose();
	}

	/**
	 * Allows the broker to send more.
	 * @param messages how many
	 */
	public void request(int messages) {
		this.call.request(messages);
	}

	/**
	 * Ends the call.
	 */
	public void cancel() {
		this.call.cancel("closed by the client", null);
	}

	BrokerConnection connection() {
		return this.broker;
	}

	/**
	 * Tells who was asked.
	 * @return the broker's id or address
	 */
	public String broker() {
		return this.broker.name();
	}

	/**
	 * Receives what the broker sends. Called on the event loop.
	 */
	public interface Listener {

		/**
		 * The broker accepted the subscription.
		 */
		void onLive();

		/**
		 * Messages arrived.
		 * @param messages at least one
		 * @param bytes what they took on the wire, headers included
		 */
		void onMessages(List<Message> messages, long bytes);

		/**
		 * The call ended. Nothing follows.
		 * @param status how
		 */
		void onClosed(RpcStatus status);

	}

	private final class Callbacks extends ClientCall.Listener<Message> {

		private final Listener listener;

		private final Burst<Message> burst;

		private boolean live;

		Callbacks(Executor afterBurst, Listener listener, MeasuredMessages arrivals) {
			this.listener = listener;
			this.burst = new Burst<>(afterBurst, (messages) -> listener.onMessages(messages, arrivals.takeBytes()));
		}

		@Override
		public void onMessage(Message message) {
			if (!this.live) {
				this.live = true;
				SubscribeCall.this.broker.recordSuccess();
				this.listener.onLive();
				if (message.getStream().isEmpty()) {
					return;
				}
			}
			this.burst.add(message);
		}

		@Override
		public void onClose(Status status, Metadata trailers) {
			this.burst.flush();
			RpcStatus ended = RpcStatus.of(status, broker());
			SubscribeCall.this.broker.record(ended);
			this.listener.onClosed(ended);
		}

	}

}
