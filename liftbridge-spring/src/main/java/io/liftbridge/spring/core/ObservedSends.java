package io.liftbridge.spring.core;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.producer.ProducerListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an observer accompanies at the moment. The end is taken from what producers tell
 * their listener: a stage on the future would count as somebody who looks at it, and
 * failures that nobody looks at would not be logged any more.
 */
final class ObservedSends implements ProducerListener {

	private static final Logger logger = LoggerFactory.getLogger(ObservedSends.class);

	private final SendObserver observer;

	/** By identity: messages have no other equality. */
	private final ConcurrentMap<Message, OnTheWay> open = new ConcurrentHashMap<>();

	ObservedSends(SendObserver observer) {
		this.observer = observer;
	}

	/** Sends with a producer that has this as a listener. */
	<T> CompletableFuture<T> send(String stream, List<Message> messages,
			Function<List<Message>, CompletableFuture<T>> sending) {
		OnTheWay begun = begin(() -> this.observer.begin(stream, messages), messages.size());
		if (begun == null) {
			return sending.apply(messages);
		}
		begun.messages.forEach((message) -> this.open.put(message, begun));
		CompletableFuture<T> sent;
		try {
			sent = sending.apply(begun.messages);
		}
		catch (RuntimeException | Error ex) {
			refused(begun, ex);
			throw ex;
		}
		if (sent instanceof RefusedSend<T> refused) {
			// No producer has heard of it. The caller is still to look at it.
			refused(begun, refused.reason());
		}
		return sent;
	}

	/** Publishes with something that tells its end by the future only. */
	CompletableFuture<Ack> publish(String subject, Message message,
			Function<Message, CompletableFuture<Ack>> publishing) {
		OnTheWay begun = begin(() -> this.observer.beginToSubject(subject, message), 1);
		if (begun == null) {
			return publishing.apply(message);
		}
		CompletableFuture<Ack> published;
		try {
			published = publishing.apply(begun.messages.get(0));
		}
		catch (RuntimeException | Error ex) {
			begun.failed(ex);
			throw ex;
		}
		return published.whenComplete((ack, failure) -> {
			if (failure == null) {
				begun.acked(ack);
			}
			else {
				begun.failed((failure instanceof CompletionException && failure.getCause() != null) ? failure.getCause()
						: failure);
			}
		});
	}

	@Override
	public void onAck(Message message, Ack ack, long nanos) {
		OnTheWay ended = this.open.remove(message);
		if (ended != null) {
			ended.acked(ack);
		}
	}

	@Override
	public void onFailure(Message message, LiftbridgeException failure) {
		OnTheWay ended = this.open.remove(message);
		if (ended != null) {
			ended.failed(failure);
		}
	}

	/** How many messages are on their way. */
	int size() {
		return this.open.size();
	}

	private void refused(OnTheWay begun, Throwable reason) {
		begun.messages.forEach(this.open::remove);
		begun.failed(reason);
	}

	private static @Nullable OnTheWay begin(Beginning beginning, int count) {
		try {
			SendObserver.Observed observed = beginning.begin();
			return (observed != null) ? new OnTheWay(observed, observed.messages(), new AtomicInteger(count)) : null;
		}
		catch (RuntimeException ex) {
			logger.warn("A send observer failed; the message is sent without it", ex);
			return null;
		}
	}

	/** Asks the observer. */
	@FunctionalInterface
	private interface Beginning {

		SendObserver.@Nullable Observed begin();

	}

	/**
	 * What was begun together.
	 *
	 * @param observed is told the end
	 * @param messages what is sent
	 * @param left how many have no outcome; 0 once the end was told
	 */
	private record OnTheWay(SendObserver.Observed observed, List<Message> messages, AtomicInteger left) {

		void acked(Ack ack) {
			if (this.left.getAndUpdate((count) -> Math.max(0, count - 1)) == 1) {
				guarded(() -> this.observed.acked(ack));
			}
		}

		void failed(Throwable cause) {
			if (this.left.getAndSet(0) > 0) {
				guarded(() -> this.observed.failed(cause));
			}
		}

		/** What is sent is sent: others must still hear of it. */
		private static void guarded(Runnable told) {
			try {
				told.run();
			}
			catch (RuntimeException ex) {
				logger.warn("A send observer failed at the end of a send", ex);
			}
		}

	}

}
