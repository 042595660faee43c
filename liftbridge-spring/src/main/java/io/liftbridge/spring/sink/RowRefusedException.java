package io.liftbridge.spring.sink;

import java.sql.SQLException;

import io.liftbridge.spring.support.LiftbridgeHeaders;

/**
 * The database refuses a row for its values. What it says about them is in the cause, and
 * not in the message, which goes to logs.
 */
public class RowRefusedException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates it.
	 * @param cause what the driver has thrown
	 */
	public RowRefusedException(SQLException cause) {
		super("the database refuses a row: SQL state " + cause.getSQLState() + "; what the database says about it may"
				+ " quote values and is in the cause only: for dead letters in the header '"
				+ LiftbridgeHeaders.DLT_EXCEPTION_TRACE + "'", cause);
	}

}
