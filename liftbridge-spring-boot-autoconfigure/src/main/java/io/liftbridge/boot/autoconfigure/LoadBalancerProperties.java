package io.liftbridge.boot.autoconfigure;

/**
 * What can be set under {@code liftbridge.load-balancer}.
 */
public class LoadBalancerProperties {

	/**
	 * Whether the seeds are addresses of a load balancer for TCP, through which all
	 * connections are made.
	 */
	private boolean enabled;

	/**
	 * Maximum number of further connections for a call that only one broker can answer,
	 * until one leads to it.
	 */
	private int maxRetries = 20;

	public boolean isEnabled() {
		return this.enabled;
	}

	public void setEnabled(boolean enabled) {
		this.enabled = enabled;
	}

	public int getMaxRetries() {
		return this.maxRetries;
	}

	public void setMaxRetries(int maxRetries) {
		this.maxRetries = maxRetries;
	}

}
