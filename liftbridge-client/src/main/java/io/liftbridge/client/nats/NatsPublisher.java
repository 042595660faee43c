package io.liftbridge.client.nats;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

import io.liftbridge.client.cluster.Bounds;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.AckPolicy;
import io.liftbridge.client.message.AckTimeoutException;
import io.liftbridge.client.message.BrokerUnavailableException;
import io.liftbridge.client.message.ClientClosedException;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.LiftbridgeException.Outcome;
import io.liftbridge.client.message.MalformedEntryException;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.MessageTooLargeException;
import io.liftbridge.client.stream.StreamNames;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes to streams by NATS itself, past the brokers' gRPC interface: for applications
 * that are connected to Liftbridge's NATS anyway. Each message that is sent arrives once
 * or not at all: nothing is sent again. Needs {@code io.nats:jnats} on the class path.
 * Safe for use by many threads.
 *
 * <pre>{@code
 * try (Connection nats = Nats.connect("nats://localhost:4222"); NatsPublisher publisher = new NatsPublisher(nats)) {
 *     publisher.publish("orders", Message.of("k1", bytes), Duration.ofSeconds(5)).thenAccept(...);
 * }
 * }</pre>
 */
public final class NatsPublisher implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(NatsPublisher.class);

	private final Connection connection;

	/** Acknowledgements of all messages arrive below it. */
	private final String inbox;

	private final AtomicLong sequence = new AtomicLong();

	private final Map<String, CompletableFuture<io.liftbridge.proto.Ack>> waiting = new ConcurrentHashMap<>();

	private final ReentrantLock lock = new ReentrantLock();

	private @Nullable Dispatcher dispatcher;

	private volatile boolean closed;

	/**
	 * Publishes over a connection.
	 * @param connection the connection, which stays the caller's to close
	 */
	public NatsPublisher(Connection connection) {
		this.connection = connection;
		this.inbox = connection.createInbox();
	}

	/**
	 * Publishes a message in an envelope: every stream that listens to the subject stores
	 * it.
	 * @param subject the subject, without wildcards
	 * @param message the message; its partition n above 0 means {@code subject.n}, and
	 * its policy {@link AckPolicy#LEADER} if it has none
	 * @param timeout how long to wait for the first acknowledgement, not counted while
	 * the connection takes nothing
	 * @return completes, on a thread of the common pool, with the first acknowledgement.
	 * With policy {@code NONE}, and for a message with an {@code ackInbox} of its own, it
	 * completes once the connection has taken the message, and the offset is -1.
	 * Exceptionally: with an {@link AckTimeoutException}, among others if nobody listens;
	 * with the reason if the stream's leader refuses the message; with a
	 * {@link BrokerUnavailableException} if the connection is closed; with a
	 * {@link ClientClosedException} if this is closed before the acknowledgement
	 * @throws InvalidRequestException if the subject is not allowed
	 * @throws MessageTooLargeException if NATS would not take it
	 */
	public CompletableFuture<Ack> publish(String subject, Message message, Duration timeout) {
		int partition = Math.max(0, message.partition());
		String target = StreamNames.checkConcreteSubject((partition > 0) ? subject + "." + partition : subject);
		if (!message.ackInbox().isEmpty()) {
			StreamNames.checkConcreteSubject(message.ackInbox());
		}
		checkOpen(target);
		if (message.ackPolicy() == AckPolicy.NONE || !message.ackInbox().isEmpty()) {
			return sent(target, NatsEnvelope.encode(message),
					new Ack("", partition, -1, AckPolicy.NONE, 0, 0, message.correlationId()));
		}
		listen();
		String replyTo = this.inbox + "." + this.sequence.incrementAndGet();
		byte[] envelope = NatsEnvelope.encode(message, replyTo);
		checkSize(target, envelope);
		CompletableFuture<io.liftbridge.proto.Ack> answer = new CompletableFuture<>();
		this.waiting.put(replyTo, answer);
		try {
			send(target, envelope);
		}
		catch (LiftbridgeException ex) {
			answer.completeExceptionally(ex);
		}
		if (this.closed) {
			answer.completeExceptionally(closedFailure(target, Outcome.INDETERMINATE));
		}
		return answer.orTimeout(Bounds.nanos(timeout), TimeUnit.NANOSECONDS).handleAsync((wire, failure) -> {
			this.waiting.remove(replyTo);
			if (wire != null) {
				return WireMessages.ack(wire, partition);
			}
			throw failure(target, timeout, failure);
		});
	}

	/**
	 * Publishes bytes as they are: every stream that listens to the subject stores them
	 * as the value of a message without key, and nobody acknowledges it. A stream with
	 * optimistic concurrency control drops it, unless it is the first. Bytes that begin
	 * as an envelope does are taken for one.
	 * @param subject the subject, without wildcards
	 * @param value the bytes
	 * @throws InvalidRequestException if the subject is not allowed, or the bytes begin
	 * as an envelope but are none: that would stop a server
	 * @throws MessageTooLargeException if NATS would not take it
	 * @throws BrokerUnavailableException if the connection is closed
	 */
	public void publishRaw(String subject, byte[] value) {
		StreamNames.checkConcreteSubject(subject);
		checkOpen(subject);
		try {
			NatsEnvelope.decode(value);
		}
		catch (MalformedEntryException ex) {
			throw new InvalidRequestException("publish to subject '" + subject
					+ "': the bytes begin as an envelope of Liftbridge, which servers would fail to open.", ex);
		}
		checkSize(subject, value);
		send(subject, value);
	}

	private CompletableFuture<Ack> sent(String subject, byte[] envelope, Ack ack) {
		checkSize(subject, envelope);
		try {
			send(subject, envelope);
			return CompletableFuture.completedFuture(ack);
		}
		catch (LiftbridgeException ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	private void checkSize(String subject, byte[] data) {
		long limit = this.connection.getMaxPayload();
		if (limit > 0 && data.length > limit) {
			throw new MessageTooLargeException("A message for subject '" + subject + "' is " + data.length
					+ " bytes long with key and headers; the limit of NATS is " + limit
					+ ". Send smaller messages, or raise max_payload of NATS together with"
					+ " clustering.replication.max.bytes of Liftbridge.", null);
		}
	}

	private void send(String subject, byte[] data) {
		try {
			this.connection.publish(subject, data);
		}
		catch (IllegalStateException | IllegalArgumentException ex) {
			throw new BrokerUnavailableException(
					"publish to subject '" + subject + "': the connection to NATS did not take it: " + ex.getMessage(),
					ex, Outcome.NOT_SENT);
		}
	}

	/** Asks for acknowledgements, with the first message that wants one. */
	private void listen() {
		this.lock.lock();
		try {
			if (this.dispatcher == null && !this.closed) {
				Dispatcher created = this.connection.createDispatcher(this::acknowledged);
				created.subscribe(this.inbox + ".*");
				// Not before: the next message tries again if this has failed.
				this.dispatcher = created;
			}
		}
		catch (IllegalStateException ex) {
			throw new BrokerUnavailableException("The connection to NATS cannot be listened to: " + ex.getMessage(), ex,
					Outcome.NOT_SENT);
		}
		finally {
			this.lock.unlock();
		}
	}

	private void acknowledged(io.nats.client.Message message) {
		CompletableFuture<io.liftbridge.proto.Ack> answer = this.waiting.get(message.getSubject());
		if (answer == null) {
			logger.debug("Late or second acknowledgement at {}", message.getSubject());
			return;
		}
		try {
			NatsEnvelope envelope = NatsEnvelope.decode(message.getData())
				.orElseThrow(() -> new MalformedEntryException(
						"What was received instead of an acknowledgement is no" + " envelope of Liftbridge.", null));
			answer.complete(envelope.wireAck());
		}
		catch (MalformedEntryException ex) {
			answer.completeExceptionally(ex);
		}
	}

	private LiftbridgeException failure(String subject, Duration timeout, Throwable failure) {
		Throwable reason = (failure instanceof CompletionException && failure.getCause() != null) ? failure.getCause()
				: failure;
		if (reason instanceof LiftbridgeException known) {
			return known;
		}
		if (reason instanceof TimeoutException) {
			return new AckTimeoutException("publish to subject '" + subject + "': no acknowledgement within " + timeout
					+ ". No stream listens to it, or its leader is away, paused or read-only; the connection is "
					+ this.connection.getStatus() + ".", reason, Outcome.INDETERMINATE);
		}
		return new LiftbridgeException("publish to subject '" + subject + "': " + reason, reason,
				Outcome.INDETERMINATE);
	}

	private void checkOpen(String subject) {
		if (this.closed) {
			throw closedFailure(subject, Outcome.NOT_SENT);
		}
	}

	private static ClientClosedException closedFailure(String subject, Outcome outcome) {
		return new ClientClosedException("publish to subject '" + subject + "': the publisher was closed"
				+ ((outcome == Outcome.NOT_SENT) ? "." : " before the acknowledgement."), null, outcome);
	}

	/**
	 * Fails what has no acknowledgement yet. The connection stays open. The second call
	 * is free.
	 */
	@Override
	public void close() {
		this.lock.lock();
		try {
			this.closed = true;
			if (this.dispatcher != null) {
				this.connection.closeDispatcher(this.dispatcher);
				this.dispatcher = null;
			}
		}
		catch (IllegalStateException | IllegalArgumentException ex) {
			logger.debug("The connection was closed before", ex);
		}
		finally {
			this.lock.unlock();
		}
		this.waiting.values()
			.forEach((answer) -> answer.completeExceptionally(new ClientClosedException(
					"The publisher was closed before a message was acknowledged. It may be stored all the same.", null,
					Outcome.INDETERMINATE)));
	}

}
