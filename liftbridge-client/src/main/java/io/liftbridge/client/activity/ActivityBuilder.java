package io.liftbridge.client.activity;

import java.util.concurrent.Executor;
import java.util.function.Function;

import io.liftbridge.client.cluster.ClusterMetadata;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.consumer.StopPosition;
import io.liftbridge.client.consumer.Subscription;
import io.liftbridge.client.consumer.SubscriptionBuilder;
import io.liftbridge.client.consumer.SubscriptionListener;
import io.liftbridge.client.message.InvalidRequestException;
import org.jspecify.annotations.Nullable;

/**
 * Collects what a subscription to the cluster's activity needs to know. Not safe for use
 * by several threads.
 */
public final class ActivityBuilder {

	private final SubscriptionBuilder subscription;

	private @Nullable ActivityHandler handler;

	/**
	 * For use inside the client.
	 * @param subscribe begins a subscription to a stream
	 */
	public ActivityBuilder(Function<String, SubscriptionBuilder> subscribe) {
		this.subscription = subscribe.apply(ClusterMetadata.ACTIVITY_STREAM);
	}

	/**
	 * Sets where reading begins.
	 * @param start default {@link StartPosition#newOnly()}
	 * @return this builder
	 */
	public ActivityBuilder from(StartPosition start) {
		this.subscription.from(start);
		return this;
	}

	/**
	 * Sets where reading ends.
	 * @param stop default {@link StopPosition#never()}
	 * @return this builder
	 */
	public ActivityBuilder until(StopPosition stop) {
		this.subscription.until(stop);
		return this;
	}

	/**
	 * Sets who runs the handler.
	 * @param executor see {@link SubscriptionBuilder#executor(Executor)}
	 * @return this builder
	 */
	public ActivityBuilder executor(Executor executor) {
		this.subscription.executor(executor);
		return this;
	}

	/**
	 * Receives events.
	 * @param handler the handler
	 * @return this builder
	 */
	public ActivityBuilder handler(ActivityHandler handler) {
		this.handler = handler;
		return this;
	}

	/**
	 * Is told how the subscription fares.
	 * @param listener the listener; should not block
	 * @return this builder
	 */
	public ActivityBuilder listener(SubscriptionListener listener) {
		this.subscription.listener(listener);
		return this;
	}

	/**
	 * Starts reading. Returns at once; {@link Subscription#started()} tells when a broker
	 * has accepted. The subscription fails with an
	 * {@link io.liftbridge.client.message.ActivityDisabledException} if the server
	 * reports no activity.
	 * @return the subscription, to be closed by the caller or with the client
	 * @throws InvalidRequestException if there is no handler, or nothing can lie between
	 * start and stop
	 */
	public Subscription start() {
		ActivityHandler receiver = this.handler;
		if (receiver == null) {
			throw new InvalidRequestException("A subscription to the activity needs a handler: call handler(...).",
					null);
		}
		return this.subscription.handler((message) -> receiver.onEvent(ActivityEvent.of(message))).start();
	}

}
