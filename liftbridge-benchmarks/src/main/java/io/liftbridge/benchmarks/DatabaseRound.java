package io.liftbridge.benchmarks;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.spring.core.DefaultProducerFactory;
import io.liftbridge.spring.listener.ContainerProperties;
import io.liftbridge.spring.listener.LiftbridgeListenerContainerFactory;
import io.liftbridge.spring.sink.BulkSink;
import io.liftbridge.spring.sink.JdbcBulkSink;
import io.liftbridge.spring.sink.SinkProperties;
import io.liftbridge.spring.sink.SinkStatus;

/**
 * Writes rows into a database: those of a stream with a sink, or as many in a bare loop,
 * with the same statement in batches of the same size.
 */
final class DatabaseRound {

	private static final String TABLE = "liftbridge_benchmark";

	private static final String OFFSETS = "liftbridge_benchmark_offset";

	private static final String INSERT = "INSERT INTO " + TABLE + " (pos, received, content) VALUES (?, ?, ?)";

	/** To look costs processor time, too; a round takes seconds. */
	private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

	/** A batch entry has fewer records. */
	private static final int RECORDS = 100_000;

	private final Options options;

	private final LiftbridgeClient client;

	private final DataSource database;

	private final int batch = new SinkProperties().getBatchSize();

	DatabaseRound(Options options, LiftbridgeClient client, DataSource database) {
		this.options = options;
		this.client = client;
		this.database = database;
	}

	/**
	 * Opens the connections of all rounds: to log in takes the processor time of
	 * thousands of rows.
	 */
	static HikariDataSource open(Options options) {
		HikariDataSource database = new HikariDataSource();
		database.setJdbcUrl(options.database());
		return database;
	}

	Sample run() throws SQLException {
		execute("DROP TABLE IF EXISTS " + TABLE, "DROP TABLE IF EXISTS " + OFFSETS, "CREATE TABLE " + TABLE
				+ " (pos BIGINT PRIMARY KEY, received TIMESTAMP NOT NULL," + " content BYTEA NOT NULL)");
		Sample sample = (this.options.mode() == Mode.ROWS) ? bare() : sink();
		check();
		execute("DROP TABLE " + TABLE, "DROP TABLE IF EXISTS " + OFFSETS);
		return sample;
	}

	private Sample sink() {
		DefaultProducerFactory producers = new DefaultProducerFactory(this.client);
		LiftbridgeListenerContainerFactory factory = new LiftbridgeListenerContainerFactory(this.client, producers);
		ContainerProperties listening = factory.getContainerProperties();
		listening.setStartPosition(StartPosition::earliest);
		BulkSink sink = JdbcBulkSink.builder("benchmark", this.client, factory, this.database)
			.streams(this.options.stream())
			.row(INSERT, (row, message) -> {
				row.setLong(1, message.offset() * RECORDS + message.index());
				row.setTimestamp(2, Timestamp.from(message.timestamp()));
				row.setBytes(3, message.value());
			})
			.offsetTable(OFFSETS)
			.build();
		int n = this.options.n();
		Meter meter = new Meter();
		sink.start();
		try {
			SinkStatus status = sink.status();
			while (status.written() < n) {
				if (status.lastError() != null) {
					throw new IllegalStateException("The sink cannot write: " + status.lastError());
				}
				LockSupport.parkNanos(LOOK_NANOS);
				status = sink.status();
			}
			return meter.stop(n);
		}
		finally {
			sink.stop();
			factory.destroy();
			producers.destroy();
		}
	}

	private Sample bare() throws SQLException {
		Values values = Values.of(this.options);
		int n = this.options.n();
		try (Connection connection = this.database.getConnection();
				PreparedStatement statement = connection.prepareStatement(INSERT)) {
			connection.setAutoCommit(false);
			Meter meter = new Meter();
			for (int i = 0; i < n; i++) {
				statement.setLong(1, i);
				statement.setTimestamp(2, Timestamp.from(Instant.now()));
				statement.setBytes(3, values.get(i));
				statement.addBatch();
				if ((i + 1) % this.batch == 0 || i == n - 1) {
					statement.executeBatch();
					connection.commit();
				}
			}
			return meter.stop(n);
		}
	}

	private void check() throws SQLException {
		try (Connection connection = this.database.getConnection();
				Statement statement = connection.createStatement();
				ResultSet result = statement.executeQuery("SELECT COUNT(*) FROM " + TABLE)) {
			result.next();
			if (result.getLong(1) < this.options.n()) {
				throw new IllegalStateException("Only " + result.getLong(1) + " rows were written");
			}
		}
	}

	private void execute(String... statements) throws SQLException {
		try (Connection connection = this.database.getConnection();
				Statement statement = connection.createStatement()) {
			for (String sql : statements) {
				statement.execute(sql);
			}
		}
	}

}
