package io.liftbridge.spring.sink;

import java.sql.PreparedStatement;
import java.sql.SQLException;

import io.liftbridge.client.message.ReceivedMessage;

/**
 * Sets the parameters of the statement that writes one row. Must be safe for use by many
 * threads.
 *
 * @param <T> type of the payload
 */
@FunctionalInterface
public interface RowBinder<T> {

	/**
	 * Sets the parameters.
	 * @param statement the statement; the row is added to its batch by the caller
	 * @param message the message with its value converted
	 * @throws SQLException if the driver refuses a value; the message is dead-lettered
	 * then, unless the connection is gone. So it is if this throws anything else
	 */
	void bind(PreparedStatement statement, ReceivedMessage<T> message) throws SQLException;

}
