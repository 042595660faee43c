package io.liftbridge.client.producer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;

import com.google.protobuf.ByteString;
import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.BrokerUnavailableException;
import io.liftbridge.client.message.Headers;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.LiftbridgeException.Outcome;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.PublishingId;
import org.jspecify.annotations.Nullable;

/**
 * Numbers the messages of a producer. What it stored before it was started is found at
 * the end of each partition. Safe for use by many threads; {@link #admit} is called by
 * one at a time for each partition, in the order in which messages go out.
 */
final class PublishingIds {

	private final Cluster cluster;

	private final ProducerOptions options;

	private final ByteString name;

	private final ReentrantLock lock = new ReentrantLock();

	/** The number of the next message without one of its own. */
	private final AtomicLong next = new AtomicLong();

	/** Who numbers: the user or this producer. */
	private final AtomicReference<@Nullable Boolean> given = new AtomicReference<>();

	/** By partition; replaced as a whole. */
	private volatile Numbers[] partitions = {};

	private @Nullable CompletableFuture<Void> search;

	PublishingIds(Cluster cluster, ProducerOptions options) {
		this.cluster = cluster;
		this.options = options;
		this.name = ByteString.copyFromUtf8(options.name());
	}

	/** Whether it is known what was stored in so many partitions before the start. */
	boolean isKnown(int count) {
		return this.partitions.length >= count;
	}

	/** Makes sure that it is known, and waits for it. */
	void await(int count, long deadline) {
		try {
			while (!isKnown(count)) {
				// One that has begun may be for fewer partitions.
				search(count).get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
			}
		}
		catch (TimeoutException ex) {
			throw new BrokerUnavailableException("What producer '" + this.options.name() + "' has stored in stream '"
					+ this.options.stream() + "' could not be read in time. The message was not sent. Check that the"
					+ " leaders of all partitions can be reached, or raise enqueueTimeout"
					+ " (liftbridge.producer.enqueue-timeout).", ex, Outcome.NOT_SENT);
		}
		catch (ExecutionException ex) {
			throw Cluster.unwrap(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new LiftbridgeException(
					"Interrupted before the message to stream '" + this.options.stream() + "' was sent.", ex,
					Outcome.NOT_SENT);
		}
	}

	private CompletableFuture<Void> search(int count) {
		this.lock.lock();
		try {
			if (this.search == null || this.search.isDone()) {
				TailSearch tail = new TailSearch(this.cluster, this.options, this.name);
				List<CompletableFuture<Long>> found = new ArrayList<>();
				for (int partition = 0; partition < count; partition++) {
					found.add(tail.find(partition));
				}
				this.search = CompletableFuture.allOf(found.toArray(CompletableFuture[]::new))
					.thenRun(() -> found(found.stream().map(CompletableFuture::join).toList()));
			}
			return this.search;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void found(List<Long> stored) {
		this.lock.lock();
		try {
			Numbers[] all = Arrays.copyOf(this.partitions, Math.max(this.partitions.length, stored.size()));
			// What an earlier process has sent may yet arrive, and what is not committed
			// cannot be read: a clock leads beyond both.
			long first = TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis());
			for (int i = 0; i < all.length; i++) {
				if (all[i] == null) {
					all[i] = new Numbers(stored.get(i));
				}
				first = Math.max(first, stored.get(Math.min(i, stored.size() - 1)) + 1);
			}
			long start = first;
			this.next.updateAndGet((present) -> Math.max(present, start));
			this.partitions = all;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Refuses a message whose number does not fit to those of others. */
	void check(Message message) {
		boolean own = message.publishingId() != Message.NO_PUBLISHING_ID;
		Boolean others = this.given.get();
		if (others == null && !this.given.compareAndSet(null, own)) {
			others = this.given.get();
		}
		if (others != null && others != own) {
			throw new InvalidRequestException(
					"A message for stream '" + this.options.stream() + "' has "
							+ (own ? "publishingId " + message.publishingId() + ", but others have none"
									: "no publishingId (" + Message.NO_PUBLISHING_ID
											+ " stands for none), but others have one")
							+ ". Either all messages of producer '" + this.options.name() + "' have one, or none.",
					null);
		}
	}

	/** What is stored of a record, if it carries its number itself. */
	Message stamp(Message record) {
		Headers headers = record.headers().without(PublishingId.PRODUCER_HEADER).without(PublishingId.HEADER);
		if (record.publishingId() != Message.NO_PUBLISHING_ID) {
			headers = headers.with(PublishingId.HEADER, Long.toString(record.publishingId()));
		}
		return (headers != record.headers()) ? record.toBuilder().headers(headers).build() : record;
	}

	/** Whether two neighbours can share a batch entry. */
	boolean follow(RecordSending first, RecordSending second) {
		long before = first.message.publishingId();
		return before == Message.NO_PUBLISHING_ID
				|| (before < second.message.publishingId() && before > numbers(first.partition).before);
	}

	/** Whether it was stored before the start: it does not go out again. */
	boolean isStored(Sending sending) {
		long id = sending.message.publishingId();
		return id != Message.NO_PUBLISHING_ID && id <= numbers(sending.partition).before;
	}

	/**
	 * Numbers a message that is about to go out.
	 * @return whether it is to go out; if not, it has its outcome
	 */
	boolean admit(Pending pending) {
		long first = pending.message.publishingId();
		String header;
		if (first == Message.NO_PUBLISHING_ID) {
			first = this.next.getAndAdd(pending.count());
			pending.publishingId = first + pending.count() - 1;
			header = (pending.count() > 1) ? first + "+" : Long.toString(first);
		}
		else {
			Numbers numbers = numbers(pending.partition);
			if (first <= numbers.before) {
				pending.resolve(new Ack(this.options.stream(), pending.partition, -1, this.options.ackPolicy(), 0, 0,
						pending.message.correlationId(), 0, true));
				return false;
			}
			if (!numbers.mayCome(first)) {
				pending.resolve(unordered(pending, numbers));
				return false;
			}
			pending.publishingId = pending.lastGivenId();
			// On a batch entry it is for those who look for the last one.
			header = Long.toString(pending.publishingId);
		}
		numbers(pending.partition).sent(pending.publishingId);
		pending.request.putHeaders(PublishingId.PRODUCER_HEADER, this.name)
			.putHeaders(PublishingId.HEADER, ByteString.copyFromUtf8(header));
		return true;
	}

	private InvalidRequestException unordered(Pending pending, Numbers numbers) {
		return new InvalidRequestException("publish to stream '" + this.options.stream() + "' partition "
				+ pending.partition + ": publishingId " + pending.message.publishingId() + " does not rise: producer '"
				+ this.options.name() + "' has sent " + numbers.highest()
				+ " to this partition. Number messages in the order of sending; what failed can be sent again when"
				+ " nothing behind it is on its way or stored.", null);
	}

	/** These have their outcome. */
	void decided(List<? extends Sending> resolved) {
		for (Sending sending : resolved) {
			if (sending instanceof Pending pending && pending.publishingId != Message.NO_PUBLISHING_ID) {
				numbers(pending.partition).decided(pending.publishingId, pending.isStored());
			}
		}
	}

	/** The highest number that is known to be stored in a partition. */
	OptionalLong last(int partition) {
		return number((partition < this.partitions.length) ? this.partitions[partition].stored() : -1);
	}

	/** The highest number that is known to be stored. */
	OptionalLong last() {
		long last = -1;
		for (Numbers numbers : this.partitions) {
			last = Math.max(last, numbers.stored());
		}
		return number(last);
	}

	private static OptionalLong number(long last) {
		return (last >= 0) ? OptionalLong.of(last) : OptionalLong.empty();
	}

	private Numbers numbers(int partition) {
		Numbers[] present = this.partitions;
		return (partition < present.length) ? present[partition] : grow(partition);
	}

	/** A partition that came to be after the start. */
	private Numbers grow(int partition) {
		this.lock.lock();
		try {
			Numbers[] present = this.partitions;
			if (partition >= present.length) {
				Numbers[] larger = Arrays.copyOf(present, partition + 1);
				for (int i = present.length; i < larger.length; i++) {
					larger[i] = new Numbers(-1);
				}
				this.partitions = larger;
				present = larger;
			}
			return present[partition];
		}
		finally {
			this.lock.unlock();
		}
	}

	/** What is known of one partition. */
	private static final class Numbers {

		/** The last one from before the start, -1 if there is none. */
		private final long before;

		private final ReentrantLock lock = new ReentrantLock();

		private long sent;

		private long stored;

		private int open;

		Numbers(long before) {
			this.before = before;
			this.sent = before;
			this.stored = before;
		}

		/** Whether nothing behind it was stored or can be. */
		boolean mayCome(long number) {
			this.lock.lock();
			try {
				return number > this.stored && (number > this.sent || this.open == 0);
			}
			finally {
				this.lock.unlock();
			}
		}

		void sent(long number) {
			this.lock.lock();
			try {
				this.sent = number;
				this.open++;
			}
			finally {
				this.lock.unlock();
			}
		}

		void decided(long number, boolean acknowledged) {
			this.lock.lock();
			try {
				this.open--;
				if (acknowledged) {
					this.stored = Math.max(this.stored, number);
				}
			}
			finally {
				this.lock.unlock();
			}
		}

		long stored() {
			this.lock.lock();
			try {
				return this.stored;
			}
			finally {
				this.lock.unlock();
			}
		}

		long highest() {
			this.lock.lock();
			try {
				return Math.max(this.stored, this.sent);
			}
			finally {
				this.lock.unlock();
			}
		}

	}

}
