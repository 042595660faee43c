package io.liftbridge.spring.core;

import java.util.concurrent.Flow;
import java.util.function.Function;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Publishes what becomes of what another publisher gives. Has a source of its own for
 * each subscriber.
 *
 * @param <S> type of what is given
 * @param <R> type of what is published
 */
final class ConvertingPublisher<S, R> implements Flow.Publisher<R> {

	private final Supplier<Flow.Publisher<S>> source;

	private final Function<S, @Nullable R> conversion;

	/**
	 * Creates it.
	 * @param conversion gives {@code null} for what is left out
	 */
	ConvertingPublisher(Supplier<Flow.Publisher<S>> source, Function<S, @Nullable R> conversion) {
		this.source = source;
		this.conversion = conversion;
	}

	@Override
	public void subscribe(Flow.Subscriber<? super R> subscriber) {
		Flow.Publisher<S> opened;
		try {
			opened = this.source.get();
		}
		catch (RuntimeException ex) {
			subscriber.onSubscribe(new Flow.Subscription() {

				@Override
				public void request(long count) {
				}

				@Override
				public void cancel() {
				}

			});
			subscriber.onError(ex);
			return;
		}
		opened.subscribe(new Converting<>(subscriber, this.conversion));
	}

	/** One subscriber's way. */
	private static final class Converting<S, R> implements Flow.Subscriber<S> {

		private final Flow.Subscriber<? super R> subscriber;

		private final Function<S, @Nullable R> conversion;

		private Flow.@Nullable Subscription subscription;

		private boolean failed;

		Converting(Flow.Subscriber<? super R> subscriber, Function<S, @Nullable R> conversion) {
			this.subscriber = subscriber;
			this.conversion = conversion;
		}

		@Override
		public void onSubscribe(Flow.Subscription subscription) {
			this.subscription = subscription;
			this.subscriber.onSubscribe(subscription);
		}

		@Override
		public void onNext(S item) {
			if (this.failed) {
				return;
			}
			R converted;
			try {
				converted = this.conversion.apply(item);
			}
			catch (RuntimeException ex) {
				this.failed = true;
				if (this.subscription != null) {
					this.subscription.cancel();
				}
				this.subscriber.onError(ex);
				return;
			}
			if (converted != null) {
				this.subscriber.onNext(converted);
			}
			else if (this.subscription != null) {
				// In place of the one that is left out.
				this.subscription.request(1);
			}
		}

		@Override
		public void onError(Throwable failure) {
			if (!this.failed) {
				this.subscriber.onError(failure);
			}
		}

		@Override
		public void onComplete() {
			if (!this.failed) {
				this.subscriber.onComplete();
			}
		}

	}

}
