package io.liftbridge.spring.sink;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * The table that says how far each partition is written, and by whom. Works within the
 * caller's transaction.
 */
final class OffsetTable {

	private static final String KEY = " WHERE sink_name = ? AND stream_name = ? AND partition_number = ?";

	private final String table;

	private final JdbcDialect dialect;

	private final String sink;

	OffsetTable(String table, JdbcDialect dialect, String sink) {
		checkName(table);
		this.table = table;
		this.dialect = dialect;
		this.sink = sink;
	}

	static void checkName(String table) {
		if (!table.matches("[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)?")) {
			throw new IllegalArgumentException("'" + table + "' is no name for the table of positions: use letters,"
					+ " digits and underscores, with a schema and a dot before it if need be.");
		}
	}

	void create(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute(this.dialect.createOffsetTable(this.table));
		}
	}

	/** Reads a row and keeps others from changing it until the transaction ends. */
	@Nullable Row lock(Connection connection, String stream, int partition) throws SQLException {
		try (PreparedStatement statement = connection
			.prepareStatement("SELECT resume_after, last_offset, last_index, stream_created, owner_token FROM "
					+ this.table + KEY + " FOR UPDATE")) {
			key(statement, 1, stream, partition);
			try (ResultSet result = statement.executeQuery()) {
				return result.next() ? new Row(new Place(result.getLong(1), result.getLong(2), result.getInt(3)),
						result.getString(4), result.getString(5)) : null;
			}
		}
	}

	void insert(Connection connection, String stream, int partition, Row row) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement("INSERT INTO " + this.table
				+ " (resume_after, last_offset, last_index, stream_created, owner_token, updated_at, sink_name,"
				+ " stream_name, partition_number) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
			key(statement, set(statement, row), stream, partition);
			statement.executeUpdate();
		}
	}

	/** The row must be locked, or be the caller's for another reason. */
	void update(Connection connection, String stream, int partition, Row row) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(update() + KEY)) {
			key(statement, set(statement, row), stream, partition);
			statement.executeUpdate();
		}
	}

	/**
	 * Changes a row that is as it was left, by the same owner.
	 * @return whether it was
	 */
	boolean advance(Connection connection, String stream, int partition, Place before, Row row) throws SQLException {
		try (PreparedStatement statement = connection
			.prepareStatement(update() + KEY + " AND owner_token = ? AND last_offset = ? AND last_index = ?")) {
			int next = key(statement, set(statement, row), stream, partition);
			statement.setString(next, row.owner);
			statement.setLong(next + 1, before.offset());
			statement.setInt(next + 2, before.index());
			return statement.executeUpdate() == 1;
		}
	}

	private String update() {
		return "UPDATE " + this.table + " SET resume_after = ?, last_offset = ?, last_index = ?, stream_created = ?,"
				+ " owner_token = ?, updated_at = ?";
	}

	private static int set(PreparedStatement statement, Row row) throws SQLException {
		statement.setLong(1, row.place.resumeAfter());
		statement.setLong(2, row.place.offset());
		statement.setInt(3, row.place.index());
		statement.setString(4, row.created);
		statement.setString(5, row.owner);
		statement.setTimestamp(6, Timestamp.from(Instant.now()));
		return 7;
	}

	private int key(PreparedStatement statement, int first, String stream, int partition) throws SQLException {
		statement.setString(first, this.sink);
		statement.setString(first + 1, stream);
		statement.setInt(first + 2, partition);
		return first + 3;
	}

	/**
	 * A row.
	 *
	 * @param place how far it is written
	 * @param created when the stream was created: another one of the same name has other
	 * messages
	 * @param owner who writes it
	 */
	record Row(Place place, String created, String owner) {

	}

}
