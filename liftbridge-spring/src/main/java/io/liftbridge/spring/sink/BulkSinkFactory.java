package io.liftbridge.spring.sink;

import javax.sql.DataSource;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.spring.listener.ContainerProperties;
import io.liftbridge.spring.listener.LiftbridgeListenerContainerFactory;
import io.liftbridge.spring.listener.LiftbridgeListenerEndpointRegistry;
import io.liftbridge.spring.listener.delivery.LoggingRecoverer;
import io.liftbridge.spring.listener.delivery.Recoverer;
import io.liftbridge.spring.support.PayloadConverters;
import org.jspecify.annotations.Nullable;

/**
 * Creates sinks and holds what they have in common. Set it up before its first use; it is
 * then safe for use by many threads.
 */
public class BulkSinkFactory {

	private final LiftbridgeClient client;

	private final LiftbridgeListenerContainerFactory containers;

	private final SinkProperties sinkProperties = new SinkProperties();

	private PayloadConverters payloadConverters = PayloadConverters.defaults();

	private Recoverer recoverer = new LoggingRecoverer();

	private SinkMetrics sinkMetrics = SinkMetrics.NONE;

	private String offsetTable = JdbcBulkSink.OFFSET_TABLE;

	private @Nullable DataSource dataSource;

	private @Nullable LiftbridgeListenerEndpointRegistry registry;

	/**
	 * Creates a factory.
	 * @param client tells about streams; not closed by this factory
	 * @param containers creates the containers that read
	 */
	public BulkSinkFactory(LiftbridgeClient client, LiftbridgeListenerContainerFactory containers) {
		this.client = client;
		this.containers = containers;
	}

	/**
	 * The options that each sink starts from.
	 * @return the options, to be changed before sinks are created
	 */
	public SinkProperties getSinkProperties() {
		return this.sinkProperties;
	}

	/**
	 * Sets the converters.
	 * @param payloadConverters default {@link PayloadConverters#defaults()}
	 */
	public void setPayloadConverters(PayloadConverters payloadConverters) {
		this.payloadConverters = payloadConverters;
	}

	/**
	 * Sets what takes care of messages that can never be written.
	 * @param recoverer by default they are logged; in most cases a
	 * {@link io.liftbridge.spring.listener.delivery.DeadLetterPublisher}
	 */
	public void setRecoverer(Recoverer recoverer) {
		this.recoverer = recoverer;
	}

	/**
	 * Sets what counts.
	 * @param sinkMetrics default {@link SinkMetrics#NONE}
	 */
	public void setSinkMetrics(SinkMetrics sinkMetrics) {
		this.sinkMetrics = sinkMetrics;
	}

	/**
	 * Sets the database of sinks that name none.
	 * @param dataSource gives connections, best as many as there are workers; by default
	 * there is none
	 */
	public void setDataSource(@Nullable DataSource dataSource) {
		this.dataSource = dataSource;
	}

	/**
	 * Names the table of positions.
	 * @param offsetTable default {@code liftbridge_sink_offset}
	 * @throws IllegalArgumentException if it is no name for a table
	 */
	public void setOffsetTable(String offsetTable) {
		checkOffsetTable(offsetTable);
		this.offsetTable = offsetTable;
	}

	/**
	 * Refuses what cannot be the name of the table of positions.
	 * @param offsetTable the name
	 * @throws IllegalArgumentException if it is no name for a table
	 */
	public static void checkOffsetTable(String offsetTable) {
		OffsetTable.checkName(offsetTable);
	}

	/**
	 * Sets what knows the containers of sinks, so that they are part of the application's
	 * health.
	 * @param registry by default there is none
	 */
	public void setRegistry(@Nullable LiftbridgeListenerEndpointRegistry registry) {
		this.registry = registry;
	}

	/**
	 * Begins to set up a sink that writes rows into the database of this factory.
	 * @param id names the sink, also in the table of positions
	 * @return a builder, for one thread
	 * @throws IllegalStateException if this factory has no database
	 */
	public JdbcBulkSink.Builder<byte[]> jdbc(String id) {
		DataSource shared = this.dataSource;
		if (shared == null) {
			throw new IllegalStateException("Sink '" + id + "' names no DataSource, and there is not exactly one (or a"
					+ " primary one) that all sinks share: use jdbc(id, dataSource).");
		}
		return jdbc(id, shared);
	}

	/**
	 * Begins to set up a sink that writes rows.
	 * @param id names the sink, also in the table of positions
	 * @param dataSource gives connections, best as many as there are workers
	 * @return a builder, for one thread
	 */
	public JdbcBulkSink.Builder<byte[]> jdbc(String id, DataSource dataSource) {
		return new JdbcBulkSink.Builder<byte[]>(id, this.client, this.containers, dataSource, this)
			.properties(this.sinkProperties)
			.converters(this.payloadConverters)
			.recoverer(this.recoverer)
			.offsetTable(this.offsetTable);
	}

	/**
	 * Creates a sink that writes somewhere else.
	 * @param id names the sink
	 * @param listening what is read and how
	 * @param writer writes
	 * @return the sink, not started
	 */
	public BulkSink create(String id, ContainerProperties listening, BulkWriter writer) {
		return create(id, listening, this.sinkProperties, writer, this.recoverer);
	}

	BulkSink create(String id, ContainerProperties listening, SinkProperties properties, BulkWriter writer,
			Recoverer recoverer) {
		BulkSink sink = new BulkSink(id, this.containers, listening, properties, writer, recoverer, this.sinkMetrics);
		if (this.registry != null) {
			this.registry.register(sink.container());
		}
		this.sinkMetrics.created(sink);
		return sink;
	}

}
