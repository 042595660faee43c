package io.liftbridge.embedded.log;

/**
 * A message was not stored because it would not have got the offset it expects.
 */
public class IncorrectOffsetException extends LogException {

	private static final long serialVersionUID = 1L;

	IncorrectOffsetException(long expected, long actual) {
		super("expected offset " + expected + ", next offset is " + actual);
	}

}
