package io.liftbridge.spring.core;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.stream.StreamInfo;
import io.liftbridge.client.stream.StreamSpec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Creates declared streams that are missing, at the start of the application, before
 * listeners start. Existing streams are left as they are; where they differ visibly from
 * their declaration a warning is logged, because Liftbridge cannot change them.
 * <p>
 * While no broker can be reached the work goes on in the background and the application
 * starts without waiting. With {@link #setFatal fatal} the application does not start
 * unless each stream is there.
 */
public class LiftbridgeAdmin implements SmartLifecycle {

	/** Starts before listener containers and stops after them. */
	public static final int PHASE = Integer.MIN_VALUE / 2;

	private static final Logger logger = LoggerFactory.getLogger(LiftbridgeAdmin.class);

	private static final long MAX_PAUSE_MILLIS = 10_000;

	private final LiftbridgeClient client;

	private final List<StreamSpec> streams;

	private final Map<String, String> pending = new ConcurrentHashMap<>();

	/** What each stream was last asked to be like. */
	private final Map<String, StreamSpec> wanted = new ConcurrentSkipListMap<>();

	private final Map<String, List<StreamDifference>> differences = new ConcurrentSkipListMap<>();

	private boolean fatal;

	private boolean fatalDifferences;

	private Duration startTimeout = Duration.ofSeconds(5);

	private volatile @Nullable Thread worker;

	/**
	 * Creates an admin.
	 * @param client the client, not closed by this admin
	 * @param streams what is to exist
	 * @throws IllegalArgumentException if two declarations have the same name
	 */
	public LiftbridgeAdmin(LiftbridgeClient client, Collection<StreamSpec> streams) {
		this.client = client;
		this.streams = List.copyOf(streams);
		for (StreamSpec stream : this.streams) {
			this.wanted.put(stream.name(), stream);
			if (this.pending.put(stream.name(), "not created yet") != null) {
				throw new IllegalArgumentException("Stream '" + stream.name() + "' is declared twice: "
						+ "remove one of its StreamSpec beans or its entry under liftbridge.streams.");
			}
		}
	}

	/**
	 * Sets whether the application must not start without its streams.
	 * @param fatal default {@code false}
	 */
	public void setFatal(boolean fatal) {
		this.fatal = fatal;
	}

	/**
	 * Sets whether the application must not start either where a stream differs from its
	 * declaration. Only together with {@link #setFatal fatal}: the start is refused
	 * without it.
	 * @param fatalDifferences default {@code false}
	 */
	public void setFatalDifferences(boolean fatalDifferences) {
		this.fatalDifferences = fatalDifferences;
	}

	/**
	 * Sets how long the start waits for streams to be created by a broker that answers.
	 * It does not wait for one that does not.
	 * @param startTimeout default 5 s
	 */
	public void setStartTimeout(Duration startTimeout) {
		this.startTimeout = startTimeout;
	}

	/**
	 * Tells which streams are not known to exist yet.
	 * @return the last problem by name of stream, empty when all is done
	 */
	public Map<String, String> pending() {
		return Map.copyOf(this.pending);
	}

	/**
	 * Tells how existing streams differ from their declarations, as far as a broker tells
	 * what they are like: subject, number of partitions and of replicas. Asks no broker.
	 * @return what was found at the last look, by name of stream; without streams that
	 * are as declared, or missing
	 */
	public Map<String, List<StreamDifference>> differences() {
		return Map.copyOf(this.differences);
	}

	/**
	 * Looks anew how existing streams differ from their declarations, and from what
	 * {@link #ensure ensure} was last asked for. Waits for brokers.
	 * @return as {@link #differences()}
	 * @throws LiftbridgeException if no broker can be asked
	 */
	public Map<String, List<StreamDifference>> compare() {
		Map<String, StreamInfo> existing = this.client.streams()
			.list()
			.stream()
			.collect(Collectors.toMap(StreamInfo::name, Function.identity(), (one, other) -> one));
		for (StreamSpec stream : this.wanted.values()) {
			StreamInfo info = existing.get(stream.name());
			note(stream.name(), (info != null) ? StreamDifference.between(stream, info) : List.of());
		}
		return differences();
	}

	private void note(String stream, List<StreamDifference> found) {
		if (found.isEmpty()) {
			this.differences.remove(stream);
		}
		else {
			this.differences.put(stream, found);
		}
	}

	/**
	 * Creates a stream if it is missing, and waits for it. If it is there, looks how it
	 * differs.
	 * @param spec what it is to be like
	 * @return whether it was created
	 * @throws LiftbridgeException if it could not be created
	 */
	public boolean ensure(StreamSpec spec) {
		boolean created = this.client.streams().createIfAbsent(spec);
		this.wanted.put(spec.name(), spec);
		if (created) {
			logger.info("Created stream '{}' with {} partition(s) on subject '{}'", spec.name(), spec.partitions(),
					spec.subject());
		}
		else {
			List<StreamDifference> found = StreamDifference.between(spec, this.client.streams().describe(spec.name()));
			note(spec.name(), found);
			if (!found.isEmpty()) {
				logger.warn("Stream '{}' exists and differs from its declaration: {}. It is left as it is; Liftbridge"
						+ " cannot change a stream", spec.name(), StreamDifference.describe(found));
			}
		}
		return created;
	}

	@Override
	public void start() {
		if (this.fatalDifferences && !this.fatal) {
			throw new IllegalStateException("fatalDifferences is set and fatal is not: differences are looked at before"
					+ " the application starts only if it must not start without its streams. Call setFatal(true), too"
					+ " (liftbridge.admin.fatal).");
		}
		if (isRunning() || this.streams.isEmpty()) {
			return;
		}
		CompletableFuture<Void> firstTry = new CompletableFuture<>();
		Thread thread = new Thread(() -> run(firstTry), "liftbridge-admin");
		thread.setDaemon(true);
		this.worker = thread;
		thread.start();
		if (this.fatal) {
			awaitAll(firstTry);
		}
		else {
			awaitBriefly(firstTry);
		}
	}

	private void awaitAll(CompletableFuture<Void> firstTry) {
		try {
			firstTry.get();
			if (this.fatalDifferences && !this.differences.isEmpty()) {
				stop();
				throw new StreamDifferenceException(this.differences);
			}
		}
		catch (ExecutionException ex) {
			stop();
			throw new StreamCreationException(this.pending, ex.getCause());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			stop();
		}
	}

	private void awaitBriefly(CompletableFuture<Void> firstTry) {
		try {
			firstTry.get(this.startTimeout.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (ExecutionException | TimeoutException ex) {
			logger.debug("Streams are created in the background", ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void run(CompletableFuture<Void> firstTry) {
		long pause = 250;
		try {
			while (this.worker == Thread.currentThread()) {
				Throwable failure = tryAll();
				if (failure == null) {
					firstTry.complete(null);
					return;
				}
				if (firstTry.completeExceptionally(failure) && !this.fatal) {
					logger.warn("Not all declared streams are there yet, trying again in the background: {}",
							this.pending);
				}
				TimeUnit.MILLISECONDS.sleep(pause);
				pause = Math.min(MAX_PAUSE_MILLIS, pause * 2);
			}
		}
		catch (InterruptedException ex) {
			// Stopped: nobody waits for this thread.
		}
		finally {
			firstTry.complete(null);
		}
	}

	/** Returns the first failure, {@code null} if there is none. */
	private @Nullable Throwable tryAll() throws InterruptedException {
		try {
			// Fails fast while nobody answers, so that the start need not wait.
			this.client.connect().get();
		}
		catch (ExecutionException ex) {
			this.streams.forEach((stream) -> this.pending.computeIfPresent(stream.name(),
					(name, last) -> String.valueOf(ex.getCause())));
			return ex.getCause();
		}
		Throwable first = null;
		for (StreamSpec stream : this.streams) {
			if (this.pending.containsKey(stream.name())) {
				try {
					ensure(stream);
					this.pending.remove(stream.name());
				}
				catch (RuntimeException ex) {
					report(stream.name(), ex);
					first = (first != null) ? first : ex;
				}
			}
		}
		return first;
	}

	private void report(String stream, RuntimeException failure) {
		String text = failure.toString();
		if (!text.equals(this.pending.put(stream, text)) && !this.fatal) {
			logger.warn("Cannot create stream '{}' yet: {}", stream, text);
		}
	}

	@Override
	public void stop() {
		Thread thread = this.worker;
		this.worker = null;
		if (thread != null) {
			thread.interrupt();
		}
	}

	@Override
	public boolean isRunning() {
		return this.worker != null;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}
