package io.liftbridge.boot.autoconfigure;

import java.time.Duration;

import io.liftbridge.client.cursor.CursorConvention;
import io.liftbridge.spring.listener.StartupFailurePolicy;
import io.liftbridge.spring.listener.delivery.AckMode;
import org.springframework.boot.context.properties.NestedConfigurationProperty;

/**
 * What can be set under {@code liftbridge.listener}: the defaults of each listener.
 */
public class ListenerProperties {

	/**
	 * When the position of a listener is stored.
	 */
	private AckMode ackMode = AckMode.RECORD;

	/**
	 * Number of partitions that a listener works at the same time.
	 */
	private int concurrency = 1;

	/**
	 * Maximum number of messages that a batch listener receives at once.
	 */
	private int batchSize = 500;

	/**
	 * Where a listener begins if it has no stored position: earliest, latest, new,
	 * offset:42, a time such as 2026-11-21T03:00:00Z, or an age such as -PT1H.
	 */
	private String startPosition = "new";

	/**
	 * What the number in a cursor means.
	 */
	private CursorConvention cursorConvention = CursorConvention.LAST_PROCESSED;

	/**
	 * Minimum time between two writes of a partition's position.
	 */
	private Duration cursorInterval = Duration.ofMillis(100);

	/**
	 * Whether listeners start with the application.
	 */
	private boolean autoStartup = true;

	/**
	 * What happens if a listener cannot begin to read when it is started: retry keeps
	 * trying, stop keeps the application from starting, continue stops this listener.
	 */
	private StartupFailurePolicy startupFailurePolicy = StartupFailurePolicy.RETRY;

	/**
	 * Maximum time that the start of the application waits for a listener, with the
	 * policy stop.
	 */
	private Duration startupTimeout = Duration.ofSeconds(30);

	/**
	 * Time without a message after which a listener is reported as idle. Zero switches it
	 * off.
	 */
	private Duration idleEventInterval = Duration.ZERO;

	/**
	 * Maximum number of messages per second that a listener receives, in all its
	 * partitions together. Zero sets no limit.
	 */
	private double maxMessagesPerSecond = 0;

	/**
	 * Interval at which listeners with a stream pattern look for new streams.
	 */
	private Duration streamRefreshInterval = Duration.ofSeconds(10);

	/**
	 * Whether partitions that are paused on the server are resumed to be read.
	 */
	private boolean resumePaused = true;

	/**
	 * Maximum time that stopping waits for listeners that run. Shortened to stay below
	 * spring.lifecycle.timeout-per-shutdown-phase.
	 */
	private Duration shutdownTimeout = Duration.ofSeconds(10);

	/**
	 * Interval at which the newest offset of each partition is looked up, each sixth time
	 * where nothing happens. Zero switches it off.
	 */
	private Duration lagInterval = Duration.ofSeconds(10);

	/**
	 * Time that a partition may be without delivery before the application's health is
	 * DOWN.
	 */
	private Duration interruptionTolerance = Duration.ofSeconds(3);

	/**
	 * Maximum pause between attempts to begin, to store a position, or to dead-letter a
	 * message.
	 */
	private Duration maxRecoveryPause = Duration.ofSeconds(5);

	/**
	 * Number of processed messages of a partition after which its position is stored, in
	 * ack mode COUNT.
	 */
	private int ackCount = 100;

	/**
	 * Minimum time between two writes of a partition's position, in ack mode TIME.
	 */
	private Duration ackInterval = Duration.ofSeconds(5);

	/**
	 * Maximum number of messages of a partition that wait to be acknowledged, in ack mode
	 * MANUAL. With that many no more are delivered until there are half as many. Zero
	 * sets no limit.
	 */
	private int maxUnacknowledged = 50_000;

	/**
	 * Whether calls of listeners are observed, and continue the trace of the message, if
	 * there is an ObservationRegistry.
	 */
	private boolean observationEnabled = true;

	/**
	 * Retries of messages that failed.
	 */
	@NestedConfigurationProperty
	private final RetryProperties retry = new RetryProperties();

	/**
	 * Messages that failed for good.
	 */
	@NestedConfigurationProperty
	private final DeadLetterProperties deadLetter = new DeadLetterProperties();

	/**
	 * Messages that are delivered again later.
	 */
	@NestedConfigurationProperty
	private final RetryStreamProperties retryStream = new RetryStreamProperties();

	public AckMode getAckMode() {
		return this.ackMode;
	}

	public void setAckMode(AckMode ackMode) {
		this.ackMode = ackMode;
	}

	public int getConcurrency() {
		return this.concurrency;
	}

	public void setConcurrency(int concurrency) {
		this.concurrency = concurrency;
	}

	public int getBatchSize() {
		return this.batchSize;
	}

	public void setBatchSize(int batchSize) {
		this.batchSize = batchSize;
	}

	public String getStartPosition() {
		return this.startPosition;
	}

	public void setStartPosition(String startPosition) {
		this.startPosition = startPosition;
	}

	public CursorConvention getCursorConvention() {
		return this.cursorConvention;
	}

	public void setCursorConvention(CursorConvention cursorConvention) {
		this.cursorConvention = cursorConvention;
	}

	public Duration getCursorInterval() {
		return this.cursorInterval;
	}

	public void setCursorInterval(Duration cursorInterval) {
		this.cursorInterval = cursorInterval;
	}

	public boolean isAutoStartup() {
		return this.autoStartup;
	}

	public void setAutoStartup(boolean autoStartup) {
		this.autoStartup = autoStartup;
	}

	public StartupFailurePolicy getStartupFailurePolicy() {
		return this.startupFailurePolicy;
	}

	public void setStartupFailurePolicy(StartupFailurePolicy startupFailurePolicy) {
		this.startupFailurePolicy = startupFailurePolicy;
	}

	public Duration getStartupTimeout() {
		return this.startupTimeout;
	}

	public void setStartupTimeout(Duration startupTimeout) {
		this.startupTimeout = startupTimeout;
	}

	public Duration getIdleEventInterval() {
		return this.idleEventInterval;
	}

	public void setIdleEventInterval(Duration idleEventInterval) {
		this.idleEventInterval = idleEventInterval;
	}

	public double getMaxMessagesPerSecond() {
		return this.maxMessagesPerSecond;
	}

	public void setMaxMessagesPerSecond(double maxMessagesPerSecond) {
		this.maxMessagesPerSecond = maxMessagesPerSecond;
	}

	public Duration getStreamRefreshInterval() {
		return this.streamRefreshInterval;
	}

	public void setStreamRefreshInterval(Duration streamRefreshInterval) {
		this.streamRefreshInterval = streamRefreshInterval;
	}

	public boolean isResumePaused() {
		return this.resumePaused;
	}

	public void setResumePaused(boolean resumePaused) {
		this.resumePaused = resumePaused;
	}

	public Duration getShutdownTimeout() {
		return this.shutdownTimeout;
	}

	public void setShutdownTimeout(Duration shutdownTimeout) {
		this.shutdownTimeout = shutdownTimeout;
	}

	public Duration getLagInterval() {
		return this.lagInterval;
	}

	public void setLagInterval(Duration lagInterval) {
		this.lagInterval = lagInterval;
	}

	public Duration getInterruptionTolerance() {
		return this.interruptionTolerance;
	}

	public void setInterruptionTolerance(Duration interruptionTolerance) {
		this.interruptionTolerance = interruptionTolerance;
	}

	public Duration getMaxRecoveryPause() {
		return this.maxRecoveryPause;
	}

	public void setMaxRecoveryPause(Duration maxRecoveryPause) {
		this.maxRecoveryPause = maxRecoveryPause;
	}

	public int getAckCount() {
		return this.ackCount;
	}

	public void setAckCount(int ackCount) {
		this.ackCount = ackCount;
	}

	public Duration getAckInterval() {
		return this.ackInterval;
	}

	public void setAckInterval(Duration ackInterval) {
		this.ackInterval = ackInterval;
	}

	public int getMaxUnacknowledged() {
		return this.maxUnacknowledged;
	}

	public void setMaxUnacknowledged(int maxUnacknowledged) {
		this.maxUnacknowledged = maxUnacknowledged;
	}

	public boolean isObservationEnabled() {
		return this.observationEnabled;
	}

	public void setObservationEnabled(boolean observationEnabled) {
		this.observationEnabled = observationEnabled;
	}

	public RetryProperties getRetry() {
		return this.retry;
	}

	public RetryStreamProperties getRetryStream() {
		return this.retryStream;
	}

	public DeadLetterProperties getDeadLetter() {
		return this.deadLetter;
	}

}
