package io.liftbridge.boot.autoconfigure;

import org.springframework.util.unit.DataSize;

/**
 * What can be set under {@code liftbridge.producer.entry}.
 */
public class EntryProperties {

	/**
	 * Maximum number of messages that are stored as one of the server's. Zero for no
	 * batch entries; only this client can read them.
	 */
	private int maxRecords = 0;

	/**
	 * Maximum size of a batch entry before it is compressed.
	 */
	private DataSize maxSize = DataSize.ofKilobytes(512);

	public int getMaxRecords() {
		return this.maxRecords;
	}

	public void setMaxRecords(int maxRecords) {
		this.maxRecords = maxRecords;
	}

	public DataSize getMaxSize() {
		return this.maxSize;
	}

	public void setMaxSize(DataSize maxSize) {
		this.maxSize = maxSize;
	}

}
