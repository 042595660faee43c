package io.liftbridge.client.producer;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;

import com.google.protobuf.ByteString;
import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.entry.EntryHeaders;
import io.liftbridge.client.message.PublishingId;
import io.liftbridge.proto.Message;
import io.liftbridge.proto.PartitionMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks from the end of partitions backwards for the last message of a producer. It reads
 * piece by piece, each from old to new, which all servers can do.
 */
final class TailSearch {

	private static final Logger logger = LoggerFactory.getLogger(TailSearch.class);

	/** How many messages are read before the search is given up. */
	private static final int MOST = 10_000;

	private static final int PIECE = 1000;

	/** How long the reading of a piece may take. */
	private static final Duration ATTEMPT = Duration.ofSeconds(5);

	private final Cluster cluster;

	private final ProducerOptions options;

	private final ByteString name;

	private final long until;

	TailSearch(Cluster cluster, ProducerOptions options, ByteString name) {
		this.cluster = cluster;
		this.options = options;
		this.name = name;
		this.until = System.nanoTime() + options.enqueueTimeout().toNanos();
	}

	/** Completes with the highest publishing id that was found, -1 if there is none. */
	CompletableFuture<Long> find(int partition) {
		return find(partition, 1);
	}

	private CompletableFuture<Long> find(int partition, int attempt) {
		PartitionMetadata known = this.cluster.known().partition(this.options.stream(), partition);
		if (known != null && known.getPaused() && known.getReadonly()) {
			logger.info("Stream '{}' partition {} is read-only and may be paused: it is not searched for messages of"
					+ " producer '{}'", this.options.stream(), partition, this.options.name());
			return CompletableFuture.completedFuture(-1L);
		}
		return PartitionEnd.ask(this.cluster, this.options.stream(), partition, this.options.enqueueTimeout())
			.thenCompose((leader) -> search(partition, leader.getHighWatermark(), MOST))
			.handle((found, failure) -> again(partition, attempt, found, failure))
			.thenCompose((next) -> next);
	}

	private CompletableFuture<Long> again(int partition, int attempt, @Nullable Long found,
			@Nullable Throwable failure) {
		if (found != null) {
			return CompletableFuture.completedFuture(found);
		}
		if (failure == null || System.nanoTime() - this.until > 0 || this.cluster.isClosed()) {
			return CompletableFuture
				.failedFuture((failure != null) ? failure : new CompletionException("nothing was found", null));
		}
		return this.cluster.delay(this.cluster.options().retryPolicy().pause(attempt))
			.thenCompose((paused) -> this.cluster.refresh())
			.handle((metadata, refused) -> find(partition, attempt + 1))
			.thenCompose((next) -> next);
	}

	private CompletableFuture<Long> search(int partition, long to, int rest) {
		if (to < 0) {
			return CompletableFuture.completedFuture(-1L);
		}
		if (rest <= 0) {
			logger.info(
					"Stream '{}' partition {}: no message of producer '{}' is among the last {}. If it has stored some"
							+ " before these, they are not recognised, and what is sent again is stored again",
					this.options.stream(), partition, this.options.name(), MOST);
			return CompletableFuture.completedFuture(-1L);
		}
		long from = Math.max(0, to - PIECE + 1);
		AtomicLong highest = new AtomicLong(-1);
		Duration patience = Duration.ofNanos(Math.max(1, Math.min(ATTEMPT.toNanos(), this.until - System.nanoTime())));
		return LogReader
			.read(this.cluster, this.options.stream(), partition, from, to, patience,
					(message) -> highest.accumulateAndGet(id(message), Math::max))
			.thenCompose((last) -> {
				// Where compaction has left nothing there may be more further back.
				boolean ended = highest.get() >= 0 || from == 0 || last < 0;
				return ended ? CompletableFuture.completedFuture(highest.get())
						: search(partition, from - 1, rest - PIECE);
			});
	}

	private long id(Message message) {
		if (!this.name.equals(message.getHeadersMap().get(PublishingId.PRODUCER_HEADER))) {
			return -1;
		}
		String text = text(message, PublishingId.HEADER);
		long first = PublishingId.parse(text).orElse(-1);
		return (first >= 0 && PublishingId.isRun(text)) ? first + records(text(message, EntryHeaders.BATCH)) - 1
				: first;
	}

	private static @Nullable String text(Message message, String header) {
		ByteString value = message.getHeadersMap().get(header);
		return (value != null) ? value.toStringUtf8() : null;
	}

	private static int records(@Nullable String header) {
		try {
			return (header != null) ? Integer.parseInt(header.substring(header.indexOf(';') + 1)) : 1;
		}
		catch (NumberFormatException ex) {
			return 1;
		}
	}

}
