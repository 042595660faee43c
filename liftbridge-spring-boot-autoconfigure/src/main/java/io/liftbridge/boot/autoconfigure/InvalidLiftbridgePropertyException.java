package io.liftbridge.boot.autoconfigure;

import org.jspecify.annotations.Nullable;

/**
 * A property under {@code liftbridge} that cannot work. It stops the application with an
 * analysis that names the property, its value, where it was set, and the remedy.
 */
public class InvalidLiftbridgePropertyException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String property;

	private final String value;

	private final String problem;

	private final String remedy;

	/**
	 * Creates an exception.
	 * @param property the property's full name, with its index where it has one
	 * @param value its value
	 * @param problem what is wrong with it, to be read after the value
	 * @param remedy what the user can do, to be read after "Correct the.property"; empty
	 * if there is nothing more to say
	 */
	public InvalidLiftbridgePropertyException(String property, @Nullable Object value, String problem, String remedy) {
		this(property, value, problem, remedy, null);
	}

	/**
	 * Creates an exception.
	 * @param property the property's full name, with its index where it has one
	 * @param value its value
	 * @param problem what is wrong with it, to be read after the value
	 * @param remedy what the user can do, to be read after "Correct the.property"; empty
	 * if there is nothing more to say
	 * @param cause what was noticed first
	 */
	public InvalidLiftbridgePropertyException(String property, @Nullable Object value, String problem, String remedy,
			@Nullable Throwable cause) {
		super(describe(property, String.valueOf(value), problem), cause);
		this.property = property;
		this.value = String.valueOf(value);
		this.problem = problem;
		this.remedy = remedy;
	}

	/** For logs, where no analysis follows. */
	@Override
	public String toString() {
		return getMessage() + (this.remedy.isEmpty() ? "" : " Correct it" + this.remedy + ".");
	}

	static String describe(String property, String value, String problem) {
		return property + " = '" + value + "' " + problem;
	}

	/**
	 * Tells the property.
	 * @return its full name, with its index where it has one
	 */
	public String getProperty() {
		return this.property;
	}

	/**
	 * Tells the value.
	 * @return the value as text
	 */
	public String getValue() {
		return this.value;
	}

	/**
	 * Tells what is wrong.
	 * @return the problem, to be read after the value
	 */
	public String getProblem() {
		return this.problem;
	}

	/**
	 * Tells what the user can do.
	 * @return the remedy, to be read after "Correct the.property"; possibly empty
	 */
	public String getRemedy() {
		return this.remedy;
	}

}
