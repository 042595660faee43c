package io.liftbridge.client.cluster;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.LiftbridgeException.Outcome;
import io.liftbridge.proto.FetchMetadataRequest;
import org.jspecify.annotations.Nullable;

/**
 * The last metadata, and the one question for newer metadata that is on its way.
 */
final class MetadataCache {

	private final Cluster cluster;

	private final AtomicReference<@Nullable CompletableFuture<ClusterMetadata>> asking = new AtomicReference<>();

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

	CompletableFuture<ClusterMetadata> refresh() {
		this.asked = true;
		CompletableFuture<ClusterMetadata> mine = new CompletableFuture<>();
		while (!this.asking.compareAndSet(null, mine)) {
			CompletableFuture<ClusterMetadata> theirs = this.asking.get();
			if (theirs != null) {
				return theirs;
			}
		}
		try {
			ask(this.cluster.connections().candidates(List.of()), 0, null, mine);
		}
		catch (RuntimeException ex) {
			finish(mine, null,
					new LiftbridgeException(
							"The seeds cannot be used: " + ex.getMessage() + ". Correct the seeds (liftbridge.seeds).",
							ex, Outcome.NOT_SENT));
		}
		return mine;
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
					take(new ClusterMetadata(response, broker.address().toString()), result);
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
		this.current = metadata;
		finish(result, metadata, null);
	}

	private void finish(CompletableFuture<ClusterMetadata> result, @Nullable ClusterMetadata metadata,
			@Nullable LiftbridgeException failure) {
		this.asking.set(null);
		if (metadata != null) {
			result.complete(metadata);
		}
		else if (failure != null) {
			result.completeExceptionally(failure);
		}
	}

}
