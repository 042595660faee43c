package io.liftbridge.boot.autoconfigure;

import org.springframework.util.unit.DataSize;

/**
 * What can be set under {@code liftbridge.consumer}: the defaults of each subscription.
 */
public class ConsumerProperties {

	/**
	 * Maximum number of messages per partition that wait in memory.
	 */
	private int prefetch = 1000;

	/**
	 * Size of messages per partition that wait in memory, kept on the average.
	 */
	private DataSize prefetchSize = DataSize.ofMegabytes(16);

	public int getPrefetch() {
		return this.prefetch;
	}

	public void setPrefetch(int prefetch) {
		this.prefetch = prefetch;
	}

	public DataSize getPrefetchSize() {
		return this.prefetchSize;
	}

	public void setPrefetchSize(DataSize prefetchSize) {
		this.prefetchSize = prefetchSize;
	}

}
