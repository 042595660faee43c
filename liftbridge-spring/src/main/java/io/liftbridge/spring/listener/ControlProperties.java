package io.liftbridge.spring.listener;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Options of a container that say how it starts, and what comes before and around the
 * listener. Not safe for use by several threads.
 */
public abstract class ControlProperties extends FetchProperties {

	private static final Duration LONGEST = Duration.ofDays(1);

	private boolean autoStartup = true;

	private StartupFailurePolicy startupFailurePolicy = StartupFailurePolicy.RETRY;

	private Duration startupTimeout = Duration.ofSeconds(30);

	private @Nullable MessageFilter filter;

	private @Nullable RecordInterceptor recordInterceptor;

	private @Nullable BatchInterceptor batchInterceptor;

	private @Nullable SeekAware seekAware;

	private double maxMessagesPerSecond;

	private Duration idleEventInterval = Duration.ZERO;

	private @Nullable String info;

	ControlProperties() {
	}

	ControlProperties(ControlProperties other) {
		super(other);
		this.autoStartup = other.autoStartup;
		this.startupFailurePolicy = other.startupFailurePolicy;
		this.startupTimeout = other.startupTimeout;
		this.filter = other.filter;
		this.recordInterceptor = other.recordInterceptor;
		this.batchInterceptor = other.batchInterceptor;
		this.seekAware = other.seekAware;
		this.maxMessagesPerSecond = other.maxMessagesPerSecond;
		this.idleEventInterval = other.idleEventInterval;
		this.info = other.info;
	}

	public boolean isAutoStartup() {
		return this.autoStartup;
	}

	/**
	 * Sets whether the container starts with the application.
	 * @param autoStartup default {@code true}
	 */
	public void setAutoStartup(boolean autoStartup) {
		this.autoStartup = autoStartup;
	}

	public StartupFailurePolicy getStartupFailurePolicy() {
		return this.startupFailurePolicy;
	}

	/**
	 * Sets what happens if the listener cannot begin to read when it is started.
	 * @param startupFailurePolicy default {@link StartupFailurePolicy#RETRY}
	 */
	public void setStartupFailurePolicy(StartupFailurePolicy startupFailurePolicy) {
		this.startupFailurePolicy = startupFailurePolicy;
	}

	public Duration getStartupTimeout() {
		return this.startupTimeout;
	}

	/**
	 * Sets how long a start with {@link StartupFailurePolicy#STOP} waits until the
	 * listener is running.
	 * @param startupTimeout default 30 s, at most a day
	 */
	public void setStartupTimeout(Duration startupTimeout) {
		this.startupTimeout = notNegative("startupTimeout", startupTimeout);
	}

	public @Nullable MessageFilter getFilter() {
		return this.filter;
	}

	/**
	 * Sets which messages the listener receives.
	 * @param filter default {@code null} for all
	 */
	public void setFilter(@Nullable MessageFilter filter) {
		this.filter = filter;
	}

	public @Nullable RecordInterceptor getRecordInterceptor() {
		return this.recordInterceptor;
	}

	/**
	 * Sets what is called around a listener of single messages.
	 * @param recordInterceptor default {@code null} for nothing
	 */
	public void setRecordInterceptor(@Nullable RecordInterceptor recordInterceptor) {
		this.recordInterceptor = recordInterceptor;
	}

	public @Nullable BatchInterceptor getBatchInterceptor() {
		return this.batchInterceptor;
	}

	/**
	 * Sets what is called around a listener of lists.
	 * @param batchInterceptor default {@code null} for nothing
	 */
	public void setBatchInterceptor(@Nullable BatchInterceptor batchInterceptor) {
		this.batchInterceptor = batchInterceptor;
	}

	public @Nullable SeekAware getSeekAware() {
		return this.seekAware;
	}

	/**
	 * Sets what decides where partitions begin.
	 * @param seekAware default {@code null}: cursor and start position
	 */
	public void setSeekAware(@Nullable SeekAware seekAware) {
		this.seekAware = seekAware;
	}

	public double getMaxMessagesPerSecond() {
		return this.maxMessagesPerSecond;
	}

	/**
	 * Sets how many messages per second the container receives at the most, in all its
	 * partitions together, on the average of a few seconds. Those beyond wait at the
	 * broker.
	 * @param maxMessagesPerSecond default 0 for no limit
	 */
	public void setMaxMessagesPerSecond(double maxMessagesPerSecond) {
		if (!(maxMessagesPerSecond >= 0) || Double.isInfinite(maxMessagesPerSecond)) {
			throw new IllegalArgumentException("Listener option maxMessagesPerSecond is " + maxMessagesPerSecond
					+ "; it must be 0 for no limit, or more.");
		}
		this.maxMessagesPerSecond = maxMessagesPerSecond;
	}

	public Duration getIdleEventInterval() {
		return this.idleEventInterval;
	}

	/**
	 * Sets after how much time without a message the application is told that the
	 * listener is idle, and with the next message that it is not any more.
	 * @param idleEventInterval default zero for never, at most a day
	 */
	public void setIdleEventInterval(Duration idleEventInterval) {
		this.idleEventInterval = notNegative("idleEventInterval", idleEventInterval);
	}

	public @Nullable String getInfo() {
		return this.info;
	}

	/**
	 * Sets a text about the listener, for people and for tools.
	 * @param info default {@code null}
	 */
	public void setInfo(@Nullable String info) {
		this.info = info;
	}

	static Duration notNegative(String option, Duration value) {
		if (value.compareTo(LONGEST) > 0) {
			throw new IllegalArgumentException(
					"Listener option " + option + " is " + value + "; it must be " + LONGEST + " or less.");
		}
		if (value.isNegative()) {
			throw new IllegalArgumentException(
					"Listener option " + option + " is " + value + "; it must not be negative.");
		}
		return value;
	}

}
