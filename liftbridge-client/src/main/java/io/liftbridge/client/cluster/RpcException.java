package io.liftbridge.client.cluster;

/**
 * Carries the status of a failed call to where it is translated. For use inside the
 * client: users never see it.
 */
public final class RpcException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final transient RpcStatus status;

	private final boolean sent;

	RpcException(RpcStatus status, boolean sent) {
		super(status.toString(), null, false, false);
		this.status = status;
		this.sent = sent;
	}

	/**
	 * Whether the request may have reached the broker.
	 * @return {@code false} if there was no connection to send it over
	 */
	boolean isSent() {
		return this.sent;
	}

	/**
	 * Tells how the call ended.
	 * @return the status
	 */
	public RpcStatus status() {
		return this.status;
	}

}
