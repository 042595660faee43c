package io.liftbridge.spring.listener;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.stream.StreamInfo;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the streams whose names match a pattern, and looks for new and deleted ones from
 * time to time.
 */
final class PatternAssignment implements PartitionSource {

	private static final Logger logger = LoggerFactory.getLogger(PatternAssignment.class);

	private final ContainerContext context;

	private final ContainerContext later;

	private final ContainerSession session;

	private final Pattern pattern;

	private final ReentrantLock lock = new ReentrantLock();

	private final Map<String, StreamAssignment> streams = new ConcurrentSkipListMap<>();

	private volatile boolean looked;

	private volatile @Nullable String error;

	PatternAssignment(ContainerContext context, ContainerSession session) {
		this.context = context;
		this.session = session;
		this.pattern = Objects.requireNonNull(context.properties().getStreamPattern());
		ContainerProperties properties = new ContainerProperties(context.properties());
		// Nobody could know of a stream that comes later: nothing in it is skipped.
		properties.setStartPosition(StartPosition::earliest);
		this.later = context.with(properties);
	}

	@Override
	public void begin() {
		try {
			this.context.threads().control().execute(this::look);
		}
		catch (RejectedExecutionException ex) {
			logger.debug("Listener '{}' looks for no streams any more: the application ends", this.context.id());
		}
	}

	private void look() {
		if (this.session.isStopping()) {
			return;
		}
		try {
			update(this.context.client()
				.streams()
				.list()
				.stream()
				.map(StreamInfo::name)
				.filter((name) -> this.pattern.matcher(name).matches())
				.collect(Collectors.toCollection(TreeSet::new)));
			this.error = null;
		}
		catch (RuntimeException ex) {
			if (this.error == null && !this.session.isStopping()) {
				logger.warn("Listener '{}' cannot look for streams that match '{}', trying again: {}",
						this.context.id(), this.pattern, ex.toString());
			}
			this.error = ex.toString();
			this.session.startupFailed(ex);
		}
		catch (Error ex) {
			this.session.fail(ex);
			return;
		}
		try {
			this.context.threads()
				.timer()
				.schedule(this::begin, this.context.properties().getStreamRefreshInterval().toNanos(),
						TimeUnit.NANOSECONDS);
		}
		catch (RejectedExecutionException ex) {
			logger.debug("Listener '{}' looks for no streams any more: the application ends", this.context.id());
		}
	}

	private void update(Set<String> present) {
		this.lock.lock();
		try {
			if (this.session.isStopping()) {
				return;
			}
			// Whoever reads a stream does not mean to get what it has given up once more.
			present.removeAll(this.context.errorHandler().deadLetterStreams(List.copyOf(present)));
			List<String> retries = this.context.retryStreams(List.copyOf(present));
			Set<String> wanted = new TreeSet<>(present);
			wanted.addAll(retries);
			wanted
				.forEach((name) -> this.streams.computeIfAbsent(name, (added) -> add(added, retries.contains(added))));
			this.streams.keySet().stream().filter((name) -> !wanted.contains(name)).toList().forEach(this::drop);
			this.looked = true;
		}
		finally {
			this.lock.unlock();
		}
		this.session.check();
	}

	private StreamAssignment add(String stream, boolean retryStream) {
		if (!retryStream) {
			logger.info("Listener '{}' has found stream '{}', which matches '{}'", this.context.id(), stream,
					this.pattern);
		}
		StreamAssignment added = new StreamAssignment(this.looked ? this.later : this.context, this.session, stream,
				retryStream);
		added.begin();
		return added;
	}

	private void drop(String stream) {
		StreamAssignment gone = this.streams.remove(stream);
		if (gone != null) {
			logger.info("Listener '{}' does not read stream '{}' any more: it was deleted", this.context.id(), stream);
			gone.drop();
		}
	}

	@Override
	public boolean isAssigned() {
		return this.looked && this.streams.values().stream().allMatch(StreamAssignment::isAssigned);
	}

	@Override
	public Stream<? extends PartitionReader> readers() {
		return this.streams.values().stream().flatMap(StreamAssignment::readers);
	}

	@Override
	public List<PartitionStatus> status() {
		return this.streams.values().stream().flatMap((stream) -> stream.status().stream()).toList();
	}

	@Override
	public void recreated(String stream) {
		this.streams.values().forEach((assignment) -> assignment.recreated(stream));
	}

	@Override
	public CompletableFuture<Void> stop() {
		this.lock.lock();
		try {
			return CompletableFuture
				.allOf(this.streams.values().stream().map(StreamAssignment::stop).toArray(CompletableFuture[]::new));
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public void abandon() {
		this.streams.values().forEach(StreamAssignment::abandon);
	}

}
