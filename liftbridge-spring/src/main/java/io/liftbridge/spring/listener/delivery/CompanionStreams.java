package io.liftbridge.spring.listener.delivery;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.PartitionNotFoundException;
import io.liftbridge.client.message.StreamNotFoundException;
import io.liftbridge.client.stream.StreamInfo;
import io.liftbridge.client.stream.StreamSpec;
import io.liftbridge.spring.core.ProducerFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes to streams that accompany another one, and creates them like that one.
 */
final class CompanionStreams {

	private static final Logger logger = LoggerFactory.getLogger(CompanionStreams.class);

	private final LiftbridgeClient client;

	private final ProducerFactory producers;

	private final String kind;

	/**
	 * Creates it.
	 * @param kind what to call these streams
	 */
	CompanionStreams(LiftbridgeClient client, ProducerFactory producers, String kind) {
		this.client = client;
		this.producers = producers;
		this.kind = kind;
	}

	/** Publishes to the partition that the message names, if the stream has that one. */
	CompletableFuture<Ack> send(String target, String original, Message message) {
		CompletableFuture<Ack> sent = this.producers.send(target, message);
		Throwable refusal = refusal(sent);
		if (refusal instanceof StreamNotFoundException) {
			create(target, original);
			return this.producers.send(target, message);
		}
		if (refusal instanceof PartitionNotFoundException) {
			// It has fewer partitions: the partitioner knows how many.
			return this.producers.send(target, message.toBuilder().partition(Message.ANY_PARTITION).build());
		}
		return sent;
	}

	/** Why a message was not even sent; what fails later is told by the future. */
	private static @Nullable Throwable refusal(CompletableFuture<Ack> sent) {
		if (sent.isCompletedExceptionally()) {
			try {
				sent.join();
			}
			catch (CompletionException ex) {
				return ex.getCause();
			}
		}
		return null;
	}

	/**
	 * Creates it if it is missing, not before the original.
	 * @throws StreamNotFoundException if there is neither of them
	 */
	void prepare(String target, String original) {
		if (!this.client.streams().exists(target)) {
			createLike(this.client.streams().describe(original), target);
		}
	}

	private void create(String target, String original) {
		StreamInfo like = null;
		try {
			like = this.client.streams().describe(original);
		}
		catch (StreamNotFoundException ex) {
			// The original is gone: one partition will do.
		}
		createLike(like, target);
	}

	/** Creates it with as many partitions and replicas as the original has. */
	private void createLike(@Nullable StreamInfo like, String target) {
		StreamSpec spec = StreamSpec.named(target);
		if (like != null) {
			int replicas = like.partitions().get(0).replicas().size();
			spec = spec.partitions(like.partitions().size()).replicationFactor(Math.max(1, replicas));
		}
		if (this.client.streams().createIfAbsent(spec)) {
			logger.info("Created {} stream '{}' with {} partition(s)", this.kind, target, spec.partitions());
		}
	}

}
