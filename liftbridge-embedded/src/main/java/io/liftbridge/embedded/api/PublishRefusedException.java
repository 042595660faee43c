package io.liftbridge.embedded.api;

import io.grpc.Status;
import io.liftbridge.proto.PublishAsyncError;

/**
 * A message is not published. Knows how to say so both in a response and in a status.
 */
final class PublishRefusedException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final PublishAsyncError.Code code;

	private final String text;

	PublishRefusedException(PublishAsyncError.Code code, String text) {
		super(text, null, false, false);
		this.code = code;
		this.text = text;
	}

	PublishAsyncError asyncError() {
		return PublishAsyncError.newBuilder().setCode(this.code).setMessage(this.text).build();
	}

	Status status() {
		Status status = switch (this.code) {
			case NOT_FOUND -> Status.NOT_FOUND;
			case BAD_REQUEST -> Status.INVALID_ARGUMENT;
			case READONLY -> Status.FAILED_PRECONDITION;
			default -> Status.UNKNOWN;
		};
		return status.withDescription(this.text);
	}

}
