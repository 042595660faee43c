package io.liftbridge.spring.sink;

import java.util.List;
import java.util.Objects;

import javax.sql.DataSource;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.spring.listener.ContainerProperties;
import io.liftbridge.spring.listener.LiftbridgeListenerContainerFactory;
import io.liftbridge.spring.listener.delivery.LoggingRecoverer;
import io.liftbridge.spring.listener.delivery.Recoverer;
import io.liftbridge.spring.support.PayloadConverters;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;

/**
 * A {@link BulkSink} that writes rows into a database, each message once: the rows of a
 * batch and the position in the stream are stored in one transaction, and reading begins
 * at the stored position, so that a crash neither loses nor doubles rows.
 * <p>
 * Positions are in a table, {@code liftbridge_sink_offset} unless named otherwise, which
 * is created when it is missing. The sink that was started last under an id takes over;
 * another one that still runs notices before it writes anything more, and stops. Members
 * of one group may have the same id and share the partitions: each row is written once,
 * whoever is given the partition. Rows that can never be written, as their values violate
 * a constraint or cannot be converted, are dead-lettered before the transaction that
 * passes them. A database that is away is waited for.
 */
public final class JdbcBulkSink {

	static final String OFFSET_TABLE = "liftbridge_sink_offset";

	private JdbcBulkSink() {
	}

	/**
	 * Begins to set up a sink by itself. Sinks of an application have options in common:
	 * a {@link BulkSinkFactory} has them.
	 * @param id names the sink, also in the table of positions
	 * @param client tells about streams; not closed by the sink
	 * @param factory creates the container that reads
	 * @param dataSource gives connections, best as many as there are workers
	 * @return a builder, for one thread
	 */
	public static Builder<byte[]> builder(String id, LiftbridgeClient client,
			LiftbridgeListenerContainerFactory factory, DataSource dataSource) {
		return new Builder<>(id, client, factory, dataSource, new BulkSinkFactory(client, factory));
	}

	/**
	 * Collects what a sink needs to know. Not safe for use by several threads.
	 *
	 * @param <T> type of the payloads
	 */
	public static final class Builder<T> {

		final String id;

		final LiftbridgeClient client;

		final DataSource dataSource;

		final ResolvableType type;

		private final BulkSinkFactory factory;

		private ContainerProperties listening;

		private SinkProperties properties = new SinkProperties();

		private Recoverer recoverer = new LoggingRecoverer();

		private @Nullable JdbcDialect dialect;

		String offsetTable = OFFSET_TABLE;

		String sql = "";

		RowBinder<T> binder = (statement, message) -> {
		};

		PayloadConverters converters = PayloadConverters.defaults();

		Builder(String id, LiftbridgeClient client, LiftbridgeListenerContainerFactory containers,
				DataSource dataSource, BulkSinkFactory factory) {
			this(id, client, dataSource, factory, ResolvableType.forClass(byte[].class),
					new ContainerProperties(containers.getContainerProperties()));
		}

		private Builder(String id, LiftbridgeClient client, DataSource dataSource, BulkSinkFactory factory,
				ResolvableType type, ContainerProperties listening) {
			this.id = Objects.requireNonNull(id, "id");
			this.client = Objects.requireNonNull(client, "client");
			this.dataSource = Objects.requireNonNull(dataSource, "dataSource");
			this.factory = factory;
			this.type = type;
			this.listening = listening;
		}

		/**
		 * Converts values. To be called before {@link #row}.
		 * @param type type of the payloads
		 * @param <U> type of the payloads
		 * @return a builder with the same options
		 */
		public <U> Builder<U> as(Class<U> type) {
			Builder<U> other = new Builder<>(this.id, this.client, this.dataSource, this.factory,
					ResolvableType.forClass(type), this.listening);
			other.properties = this.properties;
			other.recoverer = this.recoverer;
			other.dialect = this.dialect;
			other.offsetTable = this.offsetTable;
			other.converters = this.converters;
			return other;
		}

		/**
		 * Sets the streams to read.
		 * @param streams their names
		 * @return this builder
		 */
		public Builder<T> streams(String... streams) {
			this.listening.setStreams(List.of(streams));
			return this;
		}

		/**
		 * Sets where a partition begins of which no position is stored yet.
		 * @param start default: that of the container options, in a Boot application
		 * {@code liftbridge.listener.start-position}, {@link StartPosition#newOnly()}
		 * unless set
		 * @return this builder
		 */
		public Builder<T> from(StartPosition start) {
			this.listening.setStartPosition(() -> start);
			return this;
		}

		/**
		 * Shares the partitions among sinks of this id in several applications.
		 * @param group the consumer group; default none: this sink takes all partitions
		 * over from another one of its id
		 * @return this builder
		 */
		public Builder<T> group(String group) {
			this.listening.setGroup(group);
			return this;
		}

		/**
		 * Sets what is read and how, all at once.
		 * @param listening default: the container options of the factory; ack mode, batch
		 * size and prefetch are the sink's. The start position counts where none is
		 * stored
		 * @return this builder
		 */
		public Builder<T> listening(ContainerProperties listening) {
			this.listening = new ContainerProperties(listening);
			return this;
		}

		/**
		 * Sets how is written.
		 * @param properties the options
		 * @return this builder
		 */
		public Builder<T> properties(SinkProperties properties) {
			this.properties = properties;
			return this;
		}

		/**
		 * Sets how a message becomes a row.
		 * @param sql the statement that writes one row, such as
		 * {@code INSERT INTO reading (sensor, value) VALUES (?, ?)}
		 * @param binder sets its parameters
		 * @return this builder
		 */
		public Builder<T> row(String sql, RowBinder<T> binder) {
			this.sql = sql;
			this.binder = binder;
			return this;
		}

		/**
		 * Sets what takes care of messages that can never be written.
		 * @param recoverer by default they are logged; in most cases a
		 * {@link io.liftbridge.spring.listener.delivery.DeadLetterPublisher}
		 * @return this builder
		 */
		public Builder<T> recoverer(Recoverer recoverer) {
			this.recoverer = recoverer;
			return this;
		}

		/**
		 * Names the table of positions.
		 * @param table default {@code liftbridge_sink_offset}
		 * @return this builder
		 */
		public Builder<T> offsetTable(String table) {
			this.offsetTable = table;
			return this;
		}

		/**
		 * Sets what is special about the database.
		 * @param dialect default {@link JdbcDialect#POSTGRESQL}, which fits H2, too
		 * @return this builder
		 */
		public Builder<T> dialect(JdbcDialect dialect) {
			this.dialect = dialect;
			return this;
		}

		/**
		 * Sets the converters.
		 * @param converters default {@link PayloadConverters#defaults()}
		 * @return this builder
		 */
		public Builder<T> converters(PayloadConverters converters) {
			this.converters = converters;
			return this;
		}

		/**
		 * Completes the sink.
		 * @return the sink, not started
		 * @throws IllegalArgumentException if there is no statement or no stream
		 */
		public BulkSink build() {
			if (this.sql.isEmpty()) {
				throw new IllegalArgumentException(
						"Sink '" + this.id + "' has no statement that writes a row: set one with row(...).");
			}
			JdbcDialect chosen = (this.dialect != null) ? this.dialect : JdbcDialect.POSTGRESQL;
			return this.factory.create(this.id, this.listening, this.properties, new JdbcBulkWriter<>(this, chosen),
					this.recoverer);
		}

	}

}
