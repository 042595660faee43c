package io.liftbridge.boot.autoconfigure;

import io.liftbridge.client.entry.Compression;
import io.liftbridge.client.producer.ProducerBuilder;
import io.liftbridge.spring.core.ProducerCustomizer;
import org.jspecify.annotations.Nullable;

/**
 * Applies {@code liftbridge.producer} to each producer, before the user's customizers.
 */
record PropertiesProducerCustomizer(ProducerProperties properties) implements ProducerCustomizer {

	@Override
	public void customize(String stream, ProducerBuilder producer) {
		acknowledgement(producer);
		producer.ackTimeout(this.properties.getAckTimeout())
			.enqueueTimeout(this.properties.getEnqueueTimeout())
			.maxInFlight(this.properties.getMaxInFlight())
			.maxInFlightBytes(this.properties.getMaxInFlightSize().toBytes())
			.partitioner(this.properties.getPartitioner().create())
			.ordering(this.properties.getOrdering());
		compression(producer, this.properties.getCompressionLevel());
		producer.compressionThreshold((int) this.properties.getCompressionThreshold().toBytes())
			.encodingHeader(this.properties.getEncodingHeader());
		collect(producer);
		exactly(producer);
		if (this.properties.getMaxLargeMessageSize() != null) {
			producer.largeMessages(this.properties.getMaxLargeMessageSize().toBytes());
		}
	}

	void acknowledgement(ProducerBuilder producer) {
		if (this.properties.getAckPolicy() != null) {
			producer.ackPolicy(this.properties.getAckPolicy());
		}
		if (this.properties.getRetries() != null) {
			producer.retries(this.properties.getRetries());
		}
	}

	void exactly(ProducerBuilder producer) {
		name(producer);
		producer.idempotence(this.properties.isIdempotence()).publishingIds(this.properties.isPublishingIds());
	}

	void name(ProducerBuilder producer) {
		if (!this.properties.getName().isEmpty()) {
			producer.name(this.properties.getName());
		}
	}

	void compression(ProducerBuilder producer, @Nullable Integer level) {
		Compression compression = Compression.named(this.properties.getCompression());
		producer.compression((level != null) ? compression.level(level) : compression);
	}

	private void collect(ProducerBuilder producer) {
		BatchProperties batch = this.properties.getBatch();
		if (batch.getMode() != BatchProperties.BatchMode.NONE) {
			// The default is left out, as entries choose another one.
			producer.batch(batch.toBatchSize());
		}
		producer.maxBatches(batch.getMaxBatches()).maxBatchBytes((int) batch.getMaxSize().toBytes());
		if (!batch.getLinger().isZero()) {
			producer.linger(batch.getLinger());
		}
		EntryProperties entry = this.properties.getEntry();
		producer.batchEntryBytes((int) entry.getMaxSize().toBytes());
		if (entry.getMaxRecords() > 0) {
			producer.batchEntries(entry.getMaxRecords());
		}
	}

}
