package io.liftbridge.client.cluster;

/**
 * Carries the status of a failed call to where it is translated. For use inside the
 * client: users never see it.
 */
public final class RpcException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final transient RpcStatus status;

	RpcException(RpcStatus status) {
		super(status.toString(), null, false, false);
		this.status = status;
	}

	/**
	 * Tells how the call ended.
	 * @return the status
	 */
	public RpcStatus status() {
		return this.status;
	}

}
