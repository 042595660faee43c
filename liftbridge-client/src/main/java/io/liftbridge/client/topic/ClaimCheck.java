package io.liftbridge.client.topic;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

import io.liftbridge.client.entry.ChunkHeader;
import io.liftbridge.client.entry.EntryHeaders;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.AckPolicy;
import io.liftbridge.client.message.Data;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.producer.Producer;
import io.liftbridge.client.stream.StreamAdmin;
import io.liftbridge.client.stream.StreamSpec;

/**
 * Stores large data apart from its event, in chunks of a companion stream, before the
 * event. Safe for use by many threads.
 */
final class ClaimCheck {

	private final StreamAdmin streams;

	private final StreamSpec stream;

	private final Producer producer;

	private final int above;

	private final int chunkBytes;

	private final String prefix = String.format("%016x-", ThreadLocalRandom.current().nextLong());

	private final AtomicLong stored = new AtomicLong();

	private final ReentrantLock lock = new ReentrantLock();

	/** 0 as long as the stream is not known to be there. */
	private volatile int partitions;

	/**
	 * Creates it.
	 * @param stream the companion stream, created where it is absent
	 * @param producer sends to it
	 * @param above how long data must be to be stored apart
	 * @param chunkBytes how much of it goes into a chunk
	 */
	ClaimCheck(StreamAdmin streams, StreamSpec stream, Producer producer, int above, int chunkBytes) {
		this.streams = streams;
		this.stream = stream;
		this.producer = producer;
		this.above = above;
		this.chunkBytes = chunkBytes;
	}

	boolean isFor(Message message) {
		return message.valueSize() > this.above;
	}

	/**
	 * Stores the value of a message. Waits for room.
	 * @return completes when all of it is stored, with the message that says where
	 */
	CompletableFuture<Message> store(Message message) {
		Data parts = message.parts();
		Data data = (parts != null) ? parts : Data.of(message.value());
		long number = this.stored.getAndIncrement();
		int partition = (int) (number % partitions());
		String id = this.prefix + Long.toHexString(number);
		int count = (data.size() - 1) / this.chunkBytes + 1;
		List<CompletableFuture<Ack>> chunks = new ArrayList<>(count);
		for (int i = 0; i < count; i++) {
			int from = i * this.chunkBytes;
			chunks.add(this.producer.send(Message.builder()
				.value(data.slice(from, Math.min(this.chunkBytes, data.size() - from)))
				.header(EntryHeaders.CHUNK, new ChunkHeader(id, i, count).toBytes())
				.partition(partition)
				.ackPolicy(AckPolicy.ALL)
				.build()));
		}
		return CompletableFuture.allOf(chunks.toArray(CompletableFuture[]::new)).thenApply((all) -> {
			long first = chunks.stream().mapToLong((chunk) -> chunk.join().offset()).min().orElseThrow();
			long last = chunks.stream().mapToLong((chunk) -> chunk.join().offset()).max().orElseThrow();
			DataDescriptor place = new DataDescriptor(this.stream.name(), partition, first, last, data.size(),
					this.chunkBytes, id);
			return message.toBuilder().value(Data.empty()).header(DataDescriptor.HEADER, place.text()).build();
		});
	}

	private int partitions() {
		if (this.partitions == 0) {
			this.lock.lock();
			try {
				if (this.partitions == 0) {
					this.partitions = this.streams.createIfAbsent(this.stream) ? this.stream.partitions()
							: this.streams.describe(this.stream.name()).partitions().size();
				}
			}
			finally {
				this.lock.unlock();
			}
		}
		return this.partitions;
	}

	void close(Duration timeout) {
		this.producer.close(timeout);
	}

}
