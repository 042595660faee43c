package io.liftbridge.spring.sink;

import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.util.Set;

/**
 * What databases differ in. {@link #ANSI} fits H2 and most others. Must be safe for use
 * by many threads.
 */
public interface JdbcDialect {

	/** For databases that keep to the standard, H2 among them. */
	JdbcDialect ANSI = new JdbcDialect() {
	};

	/**
	 * For PostgreSQL, where triggers may refuse rows, and indexes those that are long.
	 */
	JdbcDialect POSTGRESQL = new JdbcDialect() {

		@Override
		public boolean isPoison(String sqlState) {
			return ANSI.isPoison(sqlState) || sqlState.equals("P0001") || sqlState.startsWith("54");
		}

	};

	/**
	 * Gives the statement that creates the table of positions, unless it is there.
	 * @param table the table's name
	 * @return the statement
	 */
	default String createOffsetTable(String table) {
		return "CREATE TABLE IF NOT EXISTS " + table + " (sink_name VARCHAR(200) NOT NULL,"
				+ " stream_name VARCHAR(255) NOT NULL, partition_number INTEGER NOT NULL,"
				+ " resume_after BIGINT NOT NULL, last_offset BIGINT NOT NULL, last_index INTEGER NOT NULL,"
				+ " stream_created VARCHAR(40) NOT NULL, owner_token VARCHAR(40) NOT NULL,"
				+ " updated_at TIMESTAMP NOT NULL, PRIMARY KEY (sink_name, stream_name, partition_number))";
	}

	/**
	 * Tells whether a code stands for a row that can never be written, as its values are
	 * wrong or violate a constraint. Everything else is tried again: a database that is
	 * away, a deadlock, a table that is missing.
	 * @param sqlState the code, five characters
	 * @return whether it does; by default, if its class is 22 (data), 23 (constraints) or
	 * 44 (check option)
	 */
	default boolean isPoison(String sqlState) {
		return sqlState.length() == 5 && Set.of("22", "23", "44").contains(sqlState.substring(0, 2));
	}

	/**
	 * Tells whether a failure, or what caused it, stands for such a row.
	 * @param failure what the driver has thrown
	 * @return whether it does
	 */
	default boolean isPoison(SQLException failure) {
		for (SQLException next = failure; next != null; next = next.getNextException()) {
			String state = next.getSQLState();
			boolean summary = next instanceof BatchUpdateException && next.getNextException() != null;
			if (state != null && !summary) {
				return isPoison(state);
			}
		}
		return failure.getSQLState() != null && isPoison(failure.getSQLState());
	}

}
