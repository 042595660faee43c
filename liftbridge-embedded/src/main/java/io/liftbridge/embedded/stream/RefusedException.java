package io.liftbridge.embedded.stream;

import io.grpc.Status;

/**
 * The broker refuses what it was asked for, with the status a real broker answers.
 */
public class RefusedException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final transient Status status;

	/**
	 * Refuses.
	 * @param status what the caller gets to see
	 */
	public RefusedException(Status status) {
		super(status.getDescription(), null, false, false);
		this.status = status;
	}

	/**
	 * What the caller gets to see.
	 * @return the status
	 */
	public Status status() {
		return this.status;
	}

	/**
	 * Something does not exist.
	 * @param text the description
	 * @return the refusal
	 */
	public static RefusedException notFound(String text) {
		return new RefusedException(Status.NOT_FOUND.withDescription(text));
	}

	/**
	 * The request makes no sense.
	 * @param text the description
	 * @return the refusal
	 */
	public static RefusedException invalid(String text) {
		return new RefusedException(Status.INVALID_ARGUMENT.withDescription(text));
	}

	/**
	 * The state of things does not allow it.
	 * @param text the description
	 * @return the refusal
	 */
	public static RefusedException failedPrecondition(String text) {
		return new RefusedException(Status.FAILED_PRECONDITION.withDescription(text));
	}

	/**
	 * Something inside failed.
	 * @param text the description
	 * @return the refusal
	 */
	public static RefusedException internal(String text) {
		return new RefusedException(Status.INTERNAL.withDescription(text));
	}

	/**
	 * A failure that a real broker does not classify.
	 * @param text the description
	 * @return the refusal
	 */
	public static RefusedException unknown(String text) {
		return new RefusedException(Status.UNKNOWN.withDescription(text));
	}

}
