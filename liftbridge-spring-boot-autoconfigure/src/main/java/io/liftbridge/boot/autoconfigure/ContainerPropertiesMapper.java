package io.liftbridge.boot.autoconfigure;

import java.time.Duration;

import io.liftbridge.spring.listener.ContainerProperties;
import io.liftbridge.spring.listener.StartPositions;
import io.liftbridge.spring.listener.delivery.DefaultErrorHandler;
import io.liftbridge.spring.listener.delivery.ErrorHandler;
import io.liftbridge.spring.listener.delivery.Recoverer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.util.backoff.BackOff;
import org.springframework.util.backoff.ExponentialBackOff;
import org.springframework.util.backoff.FixedBackOff;

/**
 * Makes the defaults of listeners of {@code liftbridge.listener} and
 * {@code liftbridge.consumer}.
 */
final class ContainerPropertiesMapper {

	private static final Logger logger = LoggerFactory.getLogger(ContainerPropertiesMapper.class);

	private static final Duration DEFAULT_PHASE_TIMEOUT = Duration.ofSeconds(30);

	private final LiftbridgeProperties properties;

	private final Environment environment;

	ContainerPropertiesMapper(LiftbridgeProperties properties, Environment environment) {
		this.properties = properties;
		this.environment = environment;
	}

	void map(ContainerProperties container) {
		ListenerProperties listener = this.properties.getListener();
		container.setAckMode(listener.getAckMode());
		container.setAckCount(listener.getAckCount());
		container.setAckInterval(listener.getAckInterval());
		container.setMaxUnacknowledged(listener.getMaxUnacknowledged());
		container.setConcurrency(listener.getConcurrency());
		container.setBatchSize(listener.getBatchSize());
		container.setStartPosition(StartPositions.parse(listener.getStartPosition()));
		container.setCursorConvention(listener.getCursorConvention());
		container.setCursorInterval(listener.getCursorInterval());
		container.setAutoStartup(listener.isAutoStartup());
		container.setStartupFailurePolicy(listener.getStartupFailurePolicy());
		container.setStartupTimeout(listener.getStartupTimeout());
		container.setIdleEventInterval(listener.getIdleEventInterval());
		container.setMaxMessagesPerSecond(listener.getMaxMessagesPerSecond());
		container.setStreamRefreshInterval(listener.getStreamRefreshInterval());
		container.setResumePaused(listener.isResumePaused());
		container.setLagInterval(listener.getLagInterval());
		container.setMaxRecoveryPause(listener.getMaxRecoveryPause());
		container.setShutdownTimeout(shutdownTimeout(listener.getShutdownTimeout()));
		ConsumerProperties consumer = this.properties.getConsumer();
		container.setPrefetch(consumer.getPrefetch());
		container.setPrefetchBytes(consumer.getPrefetchSize().toBytes());
		container.setEncodingHeader(consumer.getEncodingHeader());
		container.setMaxUncompressedBytes((int) consumer.getMaxUncompressedSize().toBytes());
		container.setMaxLargeMessageBytes((int) consumer.getMaxLargeMessageSize().toBytes());
		container.setLargeMessageTimeout(consumer.getLargeMessageTimeout());
		container.setUnknownEncoding(consumer.getUnknownEncoding());
	}

	/**
	 * Keeps a tenth of the phase for storing positions, because Spring goes on without
	 * those that are not done when it ends.
	 */
	private Duration shutdownTimeout(Duration wanted) {
		Duration phase = Binder.get(this.environment)
			.bind("spring.lifecycle.timeout-per-shutdown-phase", Duration.class)
			.orElse(DEFAULT_PHASE_TIMEOUT);
		Duration longest = phase.multipliedBy(9).dividedBy(10);
		if (longest.isNegative() || wanted.compareTo(longest) <= 0) {
			return wanted;
		}
		logger.info(
				"Listeners get {} ms to stop instead of the {} ms of liftbridge.listener.shutdown-timeout, because"
						+ " spring.lifecycle.timeout-per-shutdown-phase is {} ms",
				longest.toMillis(), wanted.toMillis(), phase.toMillis());
		return longest;
	}

	static ErrorHandler errorHandler(LiftbridgeProperties properties, Recoverer recoverer) {
		return new DefaultErrorHandler(backOff(properties.getListener().getRetry()), recoverer);
	}

	static BackOff backOff(RetryProperties retry) {
		int retries = retry.getMaxAttempts() - 1;
		if (retries == 0) {
			return new FixedBackOff(0, 0);
		}
		ExponentialBackOff backOff = new ExponentialBackOff(retry.getInitialInterval().toMillis(),
				retry.getMultiplier());
		backOff.setMaxInterval(retry.getMaxInterval().toMillis());
		backOff.setMaxAttempts(retries);
		return backOff;
	}

}
