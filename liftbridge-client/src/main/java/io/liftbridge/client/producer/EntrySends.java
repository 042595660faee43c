package io.liftbridge.client.producer;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.entry.Codecs;
import io.liftbridge.client.entry.Compression;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.Message;

/**
 * Lists of messages that the user wants to be one batch entry.
 */
final class EntrySends {

	private final ProducerOptions options;

	private final PartitionChoice partitions;

	private final Outgoing outgoing;

	private final EntryPacker packer;

	private final Codecs codecs;

	private final Pipeline pipeline;

	EntrySends(ProducerOptions options, PartitionChoice partitions, Outgoing outgoing, EntryPacker packer,
			Codecs codecs, Pipeline pipeline) {
		this.options = options;
		this.partitions = partitions;
		this.outgoing = outgoing;
		this.packer = packer;
		this.codecs = codecs;
		this.pipeline = pipeline;
	}

	CompletableFuture<List<Ack>> send(List<Message> messages, Compression compression, long deadline) {
		this.codecs.check(compression, "Compression of a batch entry for stream '" + this.options.stream() + "'");
		int partition = this.partitions.choose(messages.get(0), deadline);
		List<RecordSending> records = new ArrayList<>(messages.size());
		for (Message message : messages) {
			RecordSending sending = this.outgoing.prepareRecord(message, partition);
			if (sending.policy != this.outgoing.policy(messages.get(0))) {
				throw refused("has records of different acknowledgement policies");
			}
			boolean indifferent = message.partition() == Message.ANY_PARTITION && message.key() == null;
			if (!indifferent && this.partitions.choose(message, deadline) != partition) {
				throw refused(
						"has records of different partitions; those of the first one go to partition " + partition);
			}
			records.add(sending);
		}
		CompletableFuture<List<Ack>> future = CompletableFuture.allOf(records.toArray(CompletableFuture[]::new))
			.thenApply((told) -> records.stream().map(CompletableFuture::join).toList());
		List<Pending> entries = new ArrayList<>(1);
		this.packer.packRuns(records, compression, future, entries::add);
		admit(entries, deadline);
		return future;
	}

	/** A failure of the first is thrown, later ones are told by the future. */
	private void admit(List<Pending> entries, long deadline) {
		LiftbridgeException failure = null;
		for (int i = 0; i < entries.size(); i++) {
			Pending entry = entries.get(i);
			try {
				if (failure == null) {
					this.pipeline.admit(entry, deadline);
					entry.want();
				}
			}
			catch (LiftbridgeException ex) {
				if (i == 0) {
					throw ex;
				}
				failure = ex;
			}
			if (failure != null) {
				this.pipeline.teller().refused(entry, failure);
			}
		}
	}

	private InvalidRequestException refused(String why) {
		return new InvalidRequestException("A batch entry for stream '" + this.options.stream() + "' " + why + ".",
				null);
	}

}
