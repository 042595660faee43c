package io.liftbridge.client.cluster;

import java.time.Duration;
import java.time.Instant;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ConnectivityState;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.liftbridge.proto.FetchMetadataRequest;
import io.liftbridge.proto.SubscribeRequest;
import org.jspecify.annotations.Nullable;

/**
 * The channel to one broker, and what is known of its health from the calls that went
 * over it.
 */
final class BrokerConnection {

	/** Without a stream that exists the answer is short. */
	private static final FetchMetadataRequest PING = FetchMetadataRequest.newBuilder().addStreams("__none").build();

	/** How long nobody notices that a broker hangs which nobody asks for anything. */
	private static final Duration PING_INTERVAL = Duration.ofSeconds(10);

	/** After so many without any answer a connection is made anew. */
	private static final int SILENT_PINGS = 3;

	/** What to do about a broker that is not where it says it is. */
	static final String ADVERTISED = "; it was never reached at this address, which it advertises: if it runs, correct"
			+ " host and port in its configuration, or translate the address (AddressResolver)";

	private final Transport transport;

	private final Address address;

	private final Sockets sockets;

	private final ManagedChannel channel;

	private final ConnectionListener listener;

	private volatile String id;

	/** Changed by the thread of the network and by those who make calls. */
	private volatile BrokerStatus status;

	private final ReentrantLock lock = new ReentrantLock();

	private volatile long pingedNanos = System.nanoTime();

	/** How many questions in a row went without answer. */
	private volatile int unanswered;

	/** When the first of them was asked. */
	private volatile long silentNanos;

	/** Whether it, or the one before it to the same broker, was there before. */
	private volatile boolean wasReady;

	private volatile boolean closing;

	/** Whether it was ever up. */
	private volatile boolean answered;

	private final Owner owner;

	/** What the listener is to be told, in the order in which it happened. */
	private final Queue<Runnable> untold = new ConcurrentLinkedQueue<>();

	private final Serial<Queue<Runnable>> telling = new Serial<>((queue) -> queue.remove().run());

	/** A moving average, 0 before the first answer. */
	private volatile long latencyNanos;

	/**
	 * Creates it; connects with the first call.
	 * @param transport what it is made of
	 * @param address where it leads
	 * @param listener told of its states, one at a time and in their order; must not
	 * throw
	 * @param owner told what concerns others, too
	 * @param returning whether the broker comes back rather than being seen for the first
	 * time
	 */
	BrokerConnection(Transport transport, Address address, ConnectionListener listener, Owner owner,
			boolean returning) {
		this.owner = owner;
		this.wasReady = returning;
		this.transport = transport;
		this.address = address;
		this.listener = listener;
		this.id = address.toString();
		this.sockets = transport.sockets();
		this.channel = transport.connect(address, this.sockets);
		this.status = new BrokerStatus(this.id, address, BrokerStatus.State.UNKNOWN, Instant.now(), null, 0, 0);
		watch(ConnectivityState.IDLE);
	}

	/**
	 * Follows the connection itself, too: one that breaks while no call is under way, or
	 * is repaired before the next one, would go unnoticed, and with it a restart.
	 */
	private void watch(ConnectivityState before) {
		ConnectivityState now = this.channel.getState(false);
		if (now == ConnectivityState.READY && before != ConnectivityState.READY) {
			if (this.wasReady || status().state() == BrokerStatus.State.DOWN) {
				this.owner.recovered();
			}
			this.wasReady = true;
		}
		else if (before == ConnectivityState.READY && now != ConnectivityState.READY
				&& now != ConnectivityState.SHUTDOWN) {
			down("the connection was closed");
		}
		if (now != ConnectivityState.SHUTDOWN) {
			this.channel.notifyWhenStateChanged(now, () -> watch(now));
		}
	}

	Address address() {
		return this.address;
	}

	String name() {
		return this.id.equals(this.address.toString()) ? this.id : this.id + " (" + this.address + ")";
	}

	BrokerStatus status() {
		return this.status;
	}

	void describe(String brokerId, int partitions, int leaders) {
		this.id = brokerId;
		this.lock.lock();
		try {
			BrokerStatus old = this.status;
			this.status = new BrokerStatus(brokerId, this.address, old.state(), old.since(), old.reason(), partitions,
					leaders);
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Whether no broker has claimed this address so far. */
	boolean isSeed() {
		return this.id.equals(this.address.toString());
	}

	/** How long answers take lately, 0 if that is not known. */
	long latencyNanos() {
		return this.latencyNanos;
	}

	private void answeredAfter(long nanos) {
		long before = this.latencyNanos;
		this.latencyNanos = (before == 0) ? nanos : (before * 4 + nanos) / 5;
	}

	<Q, R> CompletableFuture<R> unary(Rpc<Q, R> rpc, Q request, Duration timeout) {
		// After a failure the channel waits up to two minutes by itself; when to try
		// again is decided here.
		wake();
		// Asked for metadata, the server waits for brokers that are gone until the
		// deadline that it is told, which is too late for the answer to arrive; told none
		// it waits for three seconds.
		boolean quiet = rpc == Rpc.FETCH_METADATA;
		ClientCall<Q, R> call = this.channel.newCall(rpc.method(), quiet ? CallOptions.DEFAULT
				: CallOptions.DEFAULT.withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS));
		CompletableFuture<R> result = new CompletableFuture<>();
		UnaryCallbacks<R> callbacks = new UnaryCallbacks<>(call, result);
		call.start(callbacks, new Metadata());
		if (quiet) {
			result.copy().orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS).whenComplete((response, failure) -> {
				if (failure instanceof TimeoutException) {
					callbacks.expire();
				}
			});
		}
		call.request(2);
		call.sendMessage(request);
		call.halfClose();
		return result;
	}

	PublishPipe publish(PublishPipe.Listener pipeListener) {
		wake();
		return new PublishPipe(this, this.channel, this.transport.afterBurst(), pipeListener);
	}

	SubscribeCall subscribe(SubscribeRequest request, SubscribeCall.Listener callListener) {
		wake();
		return new SubscribeCall(this, this.channel, this.transport.afterBurst(), request, callListener);
	}

	private void wake() {
		if (status().state() == BrokerStatus.State.DOWN) {
			if (this.channel.getState(false) != ConnectivityState.READY) {
				reconnecting();
			}
			this.channel.resetConnectBackoff();
		}
	}

	void record(RpcStatus ended) {
		if (ended.isNotLeader()) {
			this.owner.strayed(this);
		}
		if (ended.code() == RpcStatus.Code.UNAVAILABLE) {
			down(ended.text());
		}
		else if (ended.code() != RpcStatus.Code.CANCELLED && ended.code() != RpcStatus.Code.DEADLINE_EXCEEDED) {
			recordSuccess();
		}
	}

	/**
	 * It takes calls but does not answer. If nothing else comes either, the connection
	 * may be cut without anybody saying so: subscriptions would wait for ever.
	 */
	void recordSilence(Duration timeout) {
		down("no answer within " + timeout.toMillis() + " ms");
		long now = System.nanoTime();
		if (this.unanswered == 0 || this.sockets.hasReadSince(this.silentNanos)) {
			this.unanswered = 0;
			this.silentNanos = now - timeout.toNanos();
		}
		if (++this.unanswered == SILENT_PINGS) {
			this.unanswered = 0;
			this.sockets.cut("nothing came from the broker for " + Duration.ofNanos(now - this.silentNanos).toMillis()
					+ " ms, although it was asked");
		}
	}

	/** Asks for next to nothing, to see whether it answers. */
	CompletableFuture<?> ping(Duration timeout) {
		this.pingedNanos = System.nanoTime();
		return unary(Rpc.FETCH_METADATA, PING, timeout).handle((response, failure) -> {
			if (failure instanceof RpcException rpc && rpc.status().code() == RpcStatus.Code.DEADLINE_EXCEEDED) {
				recordSilence(timeout);
			}
			return null;
		});
	}

	/**
	 * Whether its state may no longer be true: one that is down may be back any time; one
	 * that is up may hang, which its connection does not show.
	 */
	boolean isPingDue() {
		return switch (status().state()) {
			case DOWN -> true;
			case UP -> System.nanoTime() - this.pingedNanos >= PING_INTERVAL.toNanos();
			case UNKNOWN -> false;
		};
	}

	private void down(String reason) {
		if (!this.closing) {
			boolean elsewhere = !this.answered && !isSeed() && this.owner.isAdvertisedOnly();
			enter(BrokerStatus.State.DOWN, elsewhere ? reason + ADVERTISED : reason);
		}
	}

	void recordSuccess() {
		this.unanswered = 0;
		if (!this.answered) {
			this.answered = true;
		}
		enter(BrokerStatus.State.UP, null);
	}

	/** Changes the state and tells of it, if it was another one before. */
	private void enter(BrokerStatus.State state, @Nullable String reason) {
		if (this.status.state() == state) {
			return;
		}
		this.lock.lock();
		try {
			BrokerStatus old = this.status;
			if (old.state() == state) {
				return;
			}
			BrokerStatus now = new BrokerStatus(this.id, this.address, state, Instant.now(), reason, old.partitions(),
					old.leaders());
			this.status = now;
			this.untold.add(
					(state == BrokerStatus.State.UP) ? () -> this.listener.onUp(now) : () -> this.listener.onDown(now));
		}
		finally {
			this.lock.unlock();
		}
		this.telling.post(this.untold);
	}

	private void reconnecting() {
		this.lock.lock();
		try {
			BrokerStatus now = this.status;
			if (now.state() != BrokerStatus.State.DOWN) {
				return;
			}
			this.untold.add(() -> this.listener.onReconnecting(now));
		}
		finally {
			this.lock.unlock();
		}
		this.telling.post(this.untold);
	}

	void shutdown() {
		this.closing = true;
		this.channel.shutdown();
	}

	void shutdownNow() {
		this.closing = true;
		this.channel.shutdownNow();
	}

	/** Whom a connection tells what concerns others, too. */
	interface Owner {

		/** Another broker should have been asked. */
		void strayed(BrokerConnection connection);

		/** A broker is back, and may not know all its streams yet. */
		void recovered();

		/** Whether only the broker itself says that it is reached there. */
		boolean isAdvertisedOnly();

	}

	private final class UnaryCallbacks<R> extends ClientCall.Listener<R> {

		private final ClientCall<?, R> call;

		private final CompletableFuture<R> result;

		private final long startNanos = System.nanoTime();

		private @Nullable R response;

		private volatile boolean expired;

		UnaryCallbacks(ClientCall<?, R> call, CompletableFuture<R> result) {
			this.call = call;
			this.result = result;
		}

		@Override
		public void onMessage(R message) {
			this.response = message;
		}

		void expire() {
			this.expired = true;
			this.call.cancel("no answer in time", null);
		}

		@Override
		public void onClose(Status status, Metadata trailers) {
			Status ended = (this.expired && status.getCode() == Status.Code.CANCELLED)
					? Status.DEADLINE_EXCEEDED.withDescription("no answer in time") : status;
			RpcStatus rpcStatus = RpcStatus.of(ended, name());
			record(rpcStatus);
			if (ended.isOk() && this.response != null) {
				answeredAfter(System.nanoTime() - this.startNanos);
				this.result.complete(this.response);
			}
			else {
				boolean sent = this.call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR) != null;
				this.result.completeExceptionally(new RpcException(rpcStatus, sent));
			}
		}

	}

}
