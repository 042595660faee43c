package io.liftbridge.client.cluster;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import io.liftbridge.client.message.BrokerUnavailableException;
import io.liftbridge.client.message.ClientClosedException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.LiftbridgeException.Outcome;
import io.liftbridge.proto.SubscribeRequest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The brokers as one: knows who they are and who leads what, keeps one channel to each,
 * and repeats calls where that is safe. For use inside the client.
 */
public final class Cluster implements AutoCloseable {

	/** How long a broker that came back may say that it does not know a stream. */
	public static final Duration RECOVERY_WINDOW = Duration.ofSeconds(8);

	private static final Logger logger = LoggerFactory.getLogger(Cluster.class);

	private static final Duration PROBE_INTERVAL = Duration.ofSeconds(1);

	private final ClusterOptions options;

	private final Transport transport;

	private final Connections connections;

	private final MetadataCache metadata;

	/** Results that somebody waits for, and how they fail if the client is closed. */
	private final Map<CompletableFuture<?>, Supplier<LiftbridgeException>> waiting = new ConcurrentHashMap<>();

	private volatile boolean closed;

	/**
	 * Prepares to reach a cluster; connects to nobody yet.
	 * @param options how to reach it
	 */
	public Cluster(ClusterOptions options) {
		this(options, HostLookup.SYSTEM);
	}

	Cluster(ClusterOptions options, HostLookup lookup) {
		this.options = options;
		this.transport = new Transport(options, lookup);
		this.connections = new Connections(this.transport, options);
		this.metadata = new MetadataCache(this);
		this.transport.schedule(this::probe, PROBE_INTERVAL);
	}

	/** Keeps the picture true while nobody uses the client. */
	private void probe() {
		if (this.closed) {
			return;
		}
		ClusterMetadata current = this.metadata.current();
		boolean stale = current.ageNanos() > this.options.refreshInterval().toNanos() || this.connections.isCutOff();
		CompletableFuture<?> done = (this.metadata.wasAsked() && stale) ? this.metadata.refresh()
				: this.connections.ping();
		done.whenComplete((result, failure) -> this.transport.schedule(this::probe, PROBE_INTERVAL));
	}

	/**
	 * Tells how the cluster is reached.
	 * @return the options
	 */
	public ClusterOptions options() {
		return this.options;
	}

	/**
	 * Tells the brokers as they were last seen. Asks nobody.
	 * @return their states
	 */
	public List<BrokerStatus> brokers() {
		return this.connections.statuses();
	}

	/**
	 * Tells the last metadata. Asks nobody.
	 * @return the metadata, empty before the first answer
	 */
	public ClusterMetadata known() {
		return this.metadata.current();
	}

	/**
	 * Tells the metadata, asking a broker if none is known.
	 * @return completes with the metadata, or with a {@link LiftbridgeException}
	 */
	public CompletableFuture<ClusterMetadata> metadata() {
		ClusterMetadata current = this.metadata.current();
		if (!current.isEmpty()) {
			return CompletableFuture.completedFuture(current);
		}
		return this.closed ? CompletableFuture.failedFuture(closedFailure()) : this.metadata.first();
	}

	/**
	 * Asks a broker for metadata, and never answers with what it said before this call.
	 * Those who ask while another question is on its way share the answer to the next
	 * one.
	 * @return completes with the metadata, or with a {@link LiftbridgeException}
	 */
	public CompletableFuture<ClusterMetadata> refresh() {
		return this.closed ? CompletableFuture.failedFuture(closedFailure()) : this.metadata.refresh();
	}

	/**
	 * Asks for metadata within the request timeout. Waits for brokers that have answered
	 * before.
	 * @return completes with the metadata, or with a {@link LiftbridgeException}
	 */
	public CompletableFuture<ClusterMetadata> latest() {
		CompletableFuture<ClusterMetadata> result = new CompletableFuture<>();
		latest(result, System.nanoTime() + this.options.requestTimeout().toNanos(), 1);
		return track(result);
	}

	private void latest(CompletableFuture<ClusterMetadata> result, long deadline, int attempt) {
		within(refresh(), deadline, Target.any()).whenComplete((metadata, failure) -> {
			Duration pause = this.options.retryPolicy().pause(attempt);
			if (failure == null) {
				result.complete(metadata);
			}
			else if (unwrap(failure) instanceof BrokerUnavailableException && !known().isEmpty()
					&& deadline - System.nanoTime() > pause.toNanos()) {
				schedule(() -> latest(result, deadline, attempt + 1), pause);
			}
			else {
				result.completeExceptionally(unwrap(failure));
			}
		});
	}

	/** Does not wait longer than until the deadline. */
	CompletableFuture<ClusterMetadata> within(CompletableFuture<ClusterMetadata> answer, long deadline, Target target) {
		if (answer.isDone()) {
			return answer;
		}
		return answer.copy()
			.orTimeout(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)
			.exceptionallyCompose((failure) -> CompletableFuture.failedFuture(
					(failure instanceof TimeoutException) ? nobody("no answer in time", target) : unwrap(failure)));
	}

	/**
	 * Makes a call and repeats it where that is safe, within the request timeout.
	 * @param rpc the call
	 * @param request what to ask
	 * @param target whom to ask
	 * @param what what it is about, for error messages: "stream 'orders'"
	 * @param <Q> the request
	 * @param <R> the response
	 * @return completes with the answer, or with a {@link LiftbridgeException}
	 */
	public <Q, R> CompletableFuture<R> call(Rpc<Q, R> rpc, Q request, Target target, String what) {
		return call(rpc, request, target, what, this.options.requestTimeout());
	}

	/**
	 * Makes a call and repeats it where that is safe.
	 * @param rpc the call
	 * @param request what to ask
	 * @param target whom to ask
	 * @param what what it is about, for error messages: "stream 'orders'"
	 * @param timeout how long it may take, attempts to repeat it included
	 * @param <Q> the request
	 * @param <R> the response
	 * @return completes with the answer, or with a {@link LiftbridgeException}
	 */
	public <Q, R> CompletableFuture<R> call(Rpc<Q, R> rpc, Q request, Target target, String what, Duration timeout) {
		if (this.closed) {
			return CompletableFuture.failedFuture(closedFailure());
		}
		RetryingCall<Q, R> call = new RetryingCall<>(this, rpc, request, target, what, timeout);
		return track(call.start(), call::closedFailure);
	}

	/**
	 * Makes a call once.
	 * @param rpc the call
	 * @param request what to ask
	 * @param target whom to ask
	 * @param timeout how long it may take
	 * @param <Q> the request
	 * @param <R> the response
	 * @return completes with the answer, or with any exception
	 */
	public <Q, R> CompletableFuture<R> callOnce(Rpc<Q, R> rpc, Q request, Target target, Duration timeout) {
		return metadata().thenCompose((metadata) -> {
			List<String> ids = target.brokers(metadata);
			BrokerConnection broker = (ids != null) ? this.connections.pick(ids) : null;
			return (broker != null) ? broker.unary(rpc, request, timeout)
					: CompletableFuture.failedFuture(nobody(null, target));
		});
	}

	/**
	 * Opens a pipe to the leader of a partition, or to any broker if the leader is not
	 * known: every broker accepts messages for every partition.
	 * @param stream the stream's name
	 * @param partition the partition's number
	 * @param listener receives the answers
	 * @return the pipe, or {@code null} if there is no broker to try
	 */
	public @Nullable PublishPipe publish(String stream, int partition, PublishPipe.Listener listener) {
		if (this.closed) {
			return null;
		}
		List<String> leader = Target.leader(stream, partition).brokers(known());
		BrokerConnection broker = this.connections.pick((leader != null) ? leader : List.of());
		return (broker != null) ? broker.publish(listener) : null;
	}

	/**
	 * Whether a pipe leads to the leader of a partition, as far as is known.
	 * @param pipe the pipe
	 * @param stream the stream's name
	 * @param partition the partition's number
	 * @return {@code false} if another broker is known to be the leader
	 */
	public boolean isLeader(PublishPipe pipe, String stream, int partition) {
		List<String> leader = Target.leader(stream, partition).brokers(known());
		return leader == null || this.options.isBalanced() || this.connections.pick(leader) == pipe.connection();
	}

	/**
	 * Whether a subscription is answered by whom the metadata names.
	 * @param call the subscription
	 * @param target who should answer
	 * @return {@code true} also if nobody is named at the moment
	 */
	public boolean isServing(SubscribeCall call, Target target) {
		List<String> ids = target.brokers(known());
		// A load balancer's answer that it is the leader is better than its address.
		return ids == null || this.options.isBalanced() || this.connections.candidates(ids).contains(call.connection());
	}

	/**
	 * Opens a subscription.
	 * @param request what to read
	 * @param target whom to ask
	 * @param listener receives messages
	 * @return the call, or {@code null} if nobody can answer it at the moment
	 */
	public @Nullable SubscribeCall subscribe(SubscribeRequest request, Target target, SubscribeCall.Listener listener) {
		if (this.closed) {
			return null;
		}
		List<String> ids = target.brokers(known());
		BrokerConnection broker = (ids != null) ? this.connections.pick(ids) : null;
		return (broker != null) ? broker.subscribe(request, listener) : null;
	}

	/**
	 * Whether a broker came back so recently that it may not know its streams yet.
	 * @return whether "not found" may be untrue at the moment
	 */
	public boolean isRecovering() {
		return this.connections.anyRecovering(RECOVERY_WINDOW);
	}

	/**
	 * Runs what nobody else has time for, on the thread of the network; nothing on it may
	 * block.
	 * @return the executor
	 */
	public Executor relief() {
		return this.transport.afterBurst();
	}

	/**
	 * Makes sure that a result that depends on timers does not stay open when the client
	 * is closed.
	 * @param result what somebody may be waiting for
	 * @param <R> its type
	 * @return the result
	 */
	public <R> CompletableFuture<R> track(CompletableFuture<R> result) {
		return track(result, this::closedFailure);
	}

	private <R> CompletableFuture<R> track(CompletableFuture<R> result, Supplier<LiftbridgeException> onClose) {
		this.waiting.put(result, onClose);
		result.whenComplete((value, failure) -> this.waiting.remove(result));
		if (this.closed) {
			result.completeExceptionally(onClose.get());
		}
		return result;
	}

	/**
	 * Completes later.
	 * @param delay when
	 * @return completes then, or exceptionally when the client is closed before
	 */
	public CompletableFuture<Void> delay(Duration delay) {
		CompletableFuture<Void> later = new CompletableFuture<>();
		schedule(() -> later.complete(null), delay);
		return track(later);
	}

	/**
	 * Runs a task later, unless the client is closed by then.
	 * @param task what to do; must not block
	 * @param delay when
	 */
	public void schedule(Runnable task, Duration delay) {
		this.transport.schedule(task, delay);
	}

	/**
	 * Whether a broker answered the last time one was asked.
	 * @return whether one is up
	 */
	public boolean isConnected() {
		return brokers().stream().anyMatch((broker) -> broker.state() == BrokerStatus.State.UP);
	}

	/**
	 * Whether the client was closed.
	 * @return whether it was
	 */
	public boolean isClosed() {
		return this.closed;
	}

	/**
	 * The failure of calls after the client was closed.
	 * @return the exception
	 */
	public ClientClosedException closedFailure() {
		return new ClientClosedException(
				"The client is closed and takes no more requests. If the application goes on, create a new client.",
				null, Outcome.NOT_SENT);
	}

	Connections connections() {
		return this.connections;
	}

	BrokerUnavailableException nobody(@Nullable String lastFailure, Target target) {
		List<BrokerStatus> all = brokers();
		return new BrokerUnavailableException(
				"Cannot reach " + target + ". Tried: "
						+ (all.isEmpty() ? this.options.seeds().toString()
								: String.join("; ", all.stream().map((b) -> b.address() + " is " + b).toList()))
						+ ((lastFailure != null && isNews(lastFailure, all)) ? ". Last answer: " + lastFailure : "")
						+ ((lastFailure != null && lastFailure.contains("http2 exception"))
								? ". Who listens there does not speak gRPC: if it is the NATS server, name Liftbridge's"
										+ " own port (9292, if not configured otherwise)"
								: "")
						+ ". Check that a broker runs and that the seeds (liftbridge.seeds) name it as host:port.",
				null, Outcome.NOT_SENT);
	}

	/**
	 * The failure after a load balancer has led past the leader too often.
	 * @param target who was to be asked
	 * @param connections how many connections led elsewhere
	 * @param last the last answer
	 * @return the exception
	 */
	public BrokerUnavailableException strayed(Target target, int connections, RpcStatus last) {
		return new BrokerUnavailableException(
				"Cannot reach " + target + ": none of " + connections + " connections through the load balancer "
						+ this.options.seeds() + " led to it, or the partition is paused; the last answer was " + last
						+ ". Check that the load balancer spreads connections over all brokers, or raise its retries"
						+ " (liftbridge.load-balancer.max-retries).",
				null, Outcome.REFUSED);
	}

	/** Whether it says more than the state of the brokers does. */
	private static boolean isNews(String lastFailure, List<BrokerStatus> brokers) {
		return brokers.stream()
			.map(BrokerStatus::reason)
			.noneMatch((reason) -> reason != null
					&& lastFailure.contains(reason.replace(BrokerConnection.ADVERTISED, "")));
	}

	/**
	 * Waits for a result.
	 * @param future the result
	 * @param <R> its type
	 * @return the result
	 * @throws LiftbridgeException if the call failed, or the thread was interrupted (its
	 * flag is then set again)
	 */
	public static <R> R await(CompletableFuture<R> future) {
		try {
			return future.get();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new LiftbridgeException("Interrupted while waiting for the server.", ex, Outcome.INDETERMINATE);
		}
		catch (ExecutionException ex) {
			throw unwrap(ex);
		}
	}

	/**
	 * Finds the client's exception in what a future failed with.
	 * @param failure what it failed with
	 * @return the exception
	 */
	public static LiftbridgeException unwrap(Throwable failure) {
		Throwable cause = failure;
		while ((cause instanceof CompletionException || cause instanceof ExecutionException)
				&& cause.getCause() != null) {
			cause = cause.getCause();
		}
		return (cause instanceof LiftbridgeException known) ? known
				: new LiftbridgeException("Unexpected failure: " + cause, cause, Outcome.INDETERMINATE);
	}

	/**
	 * Ends all connections at once. Producers and subscriptions are closed before.
	 */
	@Override
	public void close() {
		if (!this.closed) {
			this.closed = true;
			this.connections.close();
			this.transport.close();
			this.waiting.forEach((result, failure) -> result.completeExceptionally(failure.get()));
			logger.debug("{} closed", this.options.clientId());
		}
	}

}
