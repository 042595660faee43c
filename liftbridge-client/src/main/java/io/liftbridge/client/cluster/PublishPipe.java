package io.liftbridge.client.cluster;

import java.util.List;
import java.util.concurrent.Executor;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.liftbridge.proto.APIGrpc;
import io.liftbridge.proto.PublishRequest;
import io.liftbridge.proto.PublishResponse;

/**
 * One {@code PublishAsync} call to one broker. {@link #send} must not be called by two
 * threads at once. For use inside the client.
 */
public final class PublishPipe {

	private static final int FIRST_PERMITS = 64;

	private final BrokerConnection broker;

	private final ClientCall<PublishRequest, PublishResponse> call;

	PublishPipe(BrokerConnection broker, ManagedChannel channel, Executor afterBurst, Listener listener) {
		this.broker = broker;
		this.call = channel.newCall(APIGrpc.getPublishAsyncMethod(), CallOptions.DEFAULT);
		this.call.start(new Callbacks(afterBurst, listener), new Metadata());
		this.call.request(FIRST_PERMITS);
	}

	/**
	 * Hands a message to the network.
	 * @param request the message
	 */
	public void send(PublishRequest request) {
		this.call.sendMessage(request);
	}

	/**
	 * Whether the network takes messages at once instead of keeping them in memory.
	 * @return whether it does
	 */
	public boolean isReady() {
		return this.call.isReady();
	}

	/**
	 * Tells the broker that nothing more comes. It answers what is on its way and ends
	 * the call, which may take it five seconds.
	 */
	public void halfClose() {
		this.call.halfClose();
	}

	/**
	 * Ends the call at once.
	 */
	public void cancel() {
		this.call.cancel("closed by the client", null);
	}

	BrokerConnection connection() {
		return this.broker;
	}

	/**
	 * Whether it has reached a broker, be it for a moment. If not, nothing that was given
	 * to it has left this process.
	 * @return whether there was a connection
	 */
	public boolean hasConnected() {
		return this.call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR) != null;
	}

	/**
	 * Tells whom it leads to.
	 * @return the broker's id or address
	 */
	public String broker() {
		return this.broker.name();
	}

	/**
	 * Receives what the broker answers. Called on the event loop.
	 */
	public interface Listener {

		/**
		 * Answers arrived.
		 * @param responses at least one
		 */
		void onResponses(List<PublishResponse> responses);

		/**
		 * The network takes messages again.
		 */
		void onReady();

		/**
		 * The call ended. Nothing follows.
		 * @param status how
		 */
		void onClosed(RpcStatus status);

	}

	private final class Callbacks extends ClientCall.Listener<PublishResponse> {

		private final Listener listener;

		private final Burst<PublishResponse> burst;

		Callbacks(Executor afterBurst, Listener listener) {
			this.listener = listener;
			this.burst = new Burst<>(afterBurst, this::deliver);
		}

		private void deliver(List<PublishResponse> responses) {
			this.listener.onResponses(responses);
		}

		@Override
		public void onMessage(PublishResponse response) {
			PublishPipe.this.call.request(1);
			this.burst.add(response);
		}

		@Override
		public void onReady() {
			this.listener.onReady();
		}

		@Override
		public void onClose(Status status, Metadata trailers) {
			this.burst.flush();
			RpcStatus ended = RpcStatus.of(status, broker());
			PublishPipe.this.broker.record(ended);
			this.listener.onClosed(ended);
		}

		@Override
		public void onHeaders(Metadata headers) {
			PublishPipe.this.broker.recordSuccess();
		}

	}

}
