package io.liftbridge.boot.autoconfigure;

import java.util.function.Consumer;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.producer.ProducerBuilder;
import io.liftbridge.client.producer.ProducerMetrics;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.core.env.Environment;
import org.springframework.util.unit.DataSize;

/**
 * Refuses {@code liftbridge.producer} if no producer can be made of it, with the start of
 * the application and not with its first message.
 */
final class ProducerChecks {

	private static final ConfigurationPropertyName PREFIX = ConfigurationPropertyName.of("liftbridge.producer");

	/** Nothing is sent to it. */
	private static final String STREAM = "any";

	private final LiftbridgeClient client;

	private final ProducerProperties properties;

	private final PropertiesProducerCustomizer customizer;

	private ProducerChecks(LiftbridgeClient client, ProducerProperties properties) {
		this.client = client;
		this.properties = properties;
		this.customizer = new PropertiesProducerCustomizer(properties);
	}

	/**
	 * The codecs that there are are known to the client only. Where nothing is given
	 * there is nothing to refuse, and the application starts without what is needed for
	 * the first message only.
	 * @return the client, which is closed if the properties are refused
	 */
	static LiftbridgeClient check(LiftbridgeClient client, ProducerProperties properties, Environment environment) {
		if (!isGiven(environment)) {
			return client;
		}
		try {
			new ProducerChecks(client, properties).check();
			return client;
		}
		catch (InvalidLiftbridgePropertyException ex) {
			client.close();
			throw ex;
		}
	}

	private static boolean isGiven(Environment environment) {
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
			if (source.containsDescendantOf(PREFIX) != ConfigurationPropertyState.ABSENT) {
				return true;
			}
		}
		return false;
	}

	private void check() {
		try {
			build((producer) -> this.customizer.customize(STREAM, producer));
		}
		catch (InvalidRequestException ex) {
			blame();
			throw new InvalidLiftbridgePropertyException("liftbridge.producer.batch.mode",
					this.properties.getBatch().getMode(), "cannot be used: " + ex.getMessage(), "", ex);
		}
	}

	/** Names the property that is at fault if it is so on its own. */
	private void blame() {
		build("liftbridge.producer.ack-timeout", this.properties.getAckTimeout(),
				(producer) -> producer.ackTimeout(this.properties.getAckTimeout()), ", for instance to 30s");
		build("liftbridge.producer.enqueue-timeout", this.properties.getEnqueueTimeout(),
				(producer) -> producer.enqueueTimeout(this.properties.getEnqueueTimeout()), ", for instance to 10s");
		build("liftbridge.producer.name", this.properties.getName(), this.customizer::name, "");
		compression();
		batch();
		DataSize large = this.properties.getMaxLargeMessageSize();
		if (large != null) {
			build("liftbridge.producer.max-large-message-size", large,
					(producer) -> producer.maxInFlightBytes(this.properties.getMaxInFlightSize().toBytes())
						.largeMessages(large.toBytes()),
					", for instance to 16MB, or raise liftbridge.producer.max-in-flight-size");
		}
		DataSize entry = this.properties.getEntry().getMaxSize();
		build("liftbridge.producer.entry.max-size", entry,
				(producer) -> producer.batchEntryBytes((int) entry.toBytes()), ", for instance to 512KB");
		build("liftbridge.producer.publishing-ids", this.properties.isPublishingIds(), this.customizer::exactly,
				", or set liftbridge.producer.name");
		build("liftbridge.producer.idempotence", this.properties.isIdempotence(), (producer) -> {
			this.customizer.acknowledgement(producer);
			this.customizer.exactly(producer);
		}, ", or leave out liftbridge.producer.ack-policy and liftbridge.producer.retries");
	}

	private void batch() {
		BatchProperties batch = this.properties.getBatch();
		build("liftbridge.producer.batch.messages", batch.getMessages(),
				(producer) -> producer.maxInFlight(this.properties.getMaxInFlight()).batch(batch.toBatchSize()),
				", or raise liftbridge.producer.max-in-flight");
		if (!batch.getLinger().isZero()) {
			build("liftbridge.producer.batch.linger", batch.getLinger(),
					(producer) -> producer.maxInFlight(this.properties.getMaxInFlight())
						.batch(batch.toBatchSize())
						.linger(batch.getLinger()),
					", or set liftbridge.producer.batch.mode to fixed");
		}
	}

	private void compression() {
		String name = this.properties.getCompression();
		Integer level = this.properties.getCompressionLevel();
		build("liftbridge.producer.compression", name, (producer) -> this.customizer.compression(producer, null),
				": use none, zlib, lzma, gzip, zstd, lz4, or the name of a codec of your own");
		if (level != null) {
			build("liftbridge.producer.compression-level", level,
					(producer) -> this.customizer.compression(producer, level), "");
		}
	}

	private void build(String property, Object value, Consumer<ProducerBuilder> options, String remedy) {
		try {
			build(options);
		}
		catch (InvalidRequestException ex) {
			throw new InvalidLiftbridgePropertyException(property, value, "cannot be used: " + ex.getMessage(), remedy,
					ex);
		}
	}

	private void build(Consumer<ProducerBuilder> options) {
		ProducerBuilder producer = this.client.producer(STREAM);
		options.accept(producer);
		// Nobody is to be told of a stream that nobody uses.
		producer.metrics(ProducerMetrics.NONE).build().close();
	}

}
