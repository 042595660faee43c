package io.liftbridge.client.cluster;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.LiftbridgeException.Outcome;
import io.liftbridge.proto.FetchMetadataRequest;
import org.jspecify.annotations.Nullable;

/**
 * The last metadata, and the one question for newer metadata that is on its way. Who asks
 * while it is on its way may know of something that happened after it was put: all of
 * those share the next one.
 */
final class MetadataCache {

	private final Cluster cluster;

	private final ReentrantLock lock = new ReentrantLock();

	private @Nullable CompletableFuture<ClusterMetadata> asking;

	private @Nullable CompletableFuture<ClusterMetadata> next;

	private volatile ClusterMetadata current = ClusterMetadata.EMPTY;

	private volatile boolean asked;

	MetadataCache(Cluster cluster) {
		this.cluster = cluster;
	}

	ClusterMetadata current() {
		return this.current;
	}

	boolean wasAsked() {
		return this.asked;
	}

	/** For those who know nothing yet: any answer will do. */
	CompletableFuture<ClusterMetadata> first() {
		CompletableFuture<ClusterMetadata> running;
		this.lock.lock();
		try {
			running = this.asking;
		}
		finally {
			this.lock.unlock();
		}
		return (running != null) ? running : refresh();
	}

	/** Never answers with what a broker said before the call. */
	CompletableFuture<ClusterMetadata> refresh() {
		CompletableFuture<ClusterMetadata> mine = new CompletableFuture<>();
		this.lock.lock();
		try {
			this.asked = true;
			if (this.asking != null) {
				this.next = (this.next != null) ? this.next : mine;
				return this.next;
			}
			this.asking = mine;
		}
		finally {
			this.lock.unlock();
		}
		start(mine);
		return mine;
	}

	private void start(CompletableFuture<ClusterMetadata> result) {
		try {
			ask(this.cluster.connections().candidates(List.of()), 0, null, result);
		}
		catch (NetworkException ex) {
			finish(result, null, ex);
		}
		catch (RuntimeException ex) {
			finish(result, null,
					new LiftbridgeException(
							"The seeds cannot be used: " + ex.getMessage() + ". Correct the seeds (liftbridge.seeds).",
							ex, Outcome.NOT_SENT));
		}
	}

	private void ask(List<BrokerConnection> candidates, int index, @Nullable RpcStatus last,
			CompletableFuture<ClusterMetadata> result) {
		if (index >= candidates.size()) {
			finish(result, null, this.cluster.isClosed() ? this.cluster.closedFailure()
					: this.cluster.nobody((last != null) ? last.toString() : null, Target.any()));
			return;
		}
		BrokerConnection broker = candidates.get(index);
		// A broker that hangs must not use up the time for the others.
		Duration timeout = this.cluster.options().connectTimeout();
		broker.unary(Rpc.FETCH_METADATA, FetchMetadataRequest.getDefaultInstance(), timeout)
			.whenComplete((response, failure) -> {
				if (response != null) {
					take(new ClusterMetadata(response, broker.address()), result);
					return;
				}
				RpcStatus status = (failure instanceof RpcException rpc) ? rpc.status() : null;
				if (status != null && status.isNotAuthorized()) {
					finish(result, null, Translator.translate(status, "fetch metadata", "the cluster", true));
					return;
				}
				if (status != null && status.code() == RpcStatus.Code.DEADLINE_EXCEEDED) {
					broker.recordSilence(timeout);
				}
				ask(candidates, index + 1, status, result);
			});
	}

	private void take(ClusterMetadata metadata, CompletableFuture<ClusterMetadata> result) {
		try {
			this.cluster.connections().update(metadata);
		}
		catch (RuntimeException ex) {
			finish(result, null, new LiftbridgeException("The addresses of the brokers cannot be used: "
					+ ex.getMessage() + ". Correct the address resolver.", ex, Outcome.NOT_SENT));
			return;
		}
		ClusterMetadata before = this.current;
		this.current = metadata;
		ConnectionListener listener = this.cluster.connections().listener();
		metadata.tellChanges(before, listener);
		listener.onMetadataRefreshed(metadata.source());
		finish(result, metadata, null);
	}

	private void finish(CompletableFuture<ClusterMetadata> result, @Nullable ClusterMetadata metadata,
			@Nullable LiftbridgeException failure) {
		CompletableFuture<ClusterMetadata> following;
		this.lock.lock();
		try {
			following = this.next;
			this.asking = following;
			this.next = null;
		}
		finally {
			this.lock.unlock();
		}
		if (following != null) {
			start(following);
		}
		if (metadata != null) {
			result.complete(metadata);
		}
		else if (failure != null) {
			result.completeExceptionally(failure);
		}
	}

}
