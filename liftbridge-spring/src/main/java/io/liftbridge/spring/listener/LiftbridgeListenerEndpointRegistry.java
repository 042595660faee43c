package io.liftbridge.spring.listener;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

import io.liftbridge.spring.listener.delivery.AckMode;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * Knows all listener containers of the application, starts them with it and stops them
 * first. Safe for use by many threads.
 */
public class LiftbridgeListenerEndpointRegistry implements SmartLifecycle {

	private final Map<String, ListenerContainer> containers = new ConcurrentSkipListMap<>();

	private final ReentrantLock lock = new ReentrantLock();

	private volatile boolean running;

	/**
	 * Finds a container.
	 * @param id the listener's id
	 * @return the container, or {@code null} if there is none
	 */
	public @Nullable ListenerContainer container(String id) {
		return this.containers.get(id);
	}

	/**
	 * Lists the containers.
	 * @return all of them, by id
	 */
	public Collection<ListenerContainer> containers() {
		return List.copyOf(this.containers.values());
	}

	/**
	 * Adds a container. If the application has started already, and the container is to
	 * start with it, it is started.
	 * @param container the container
	 * @throws DuplicateListenerIdException if its id is taken
	 * @throws IllegalStateException if another one stores its positions under the same
	 * cursor id, of the same partitions
	 */
	public void register(ListenerContainer container) {
		this.lock.lock();
		try {
			ListenerContainer other = this.containers.get(container.id());
			if (other != null) {
				throw new DuplicateListenerIdException(container.id(),
						"A listener with id '" + container.id() + "' exists already, on "
								+ other.properties().getStreams() + ". Ids must be unique: give one of them another.");
			}
			this.containers.values().forEach((present) -> checkCursors(present, container));
			this.containers.put(container.id(), container);
		}
		finally {
			this.lock.unlock();
		}
		if (this.running && container.isAutoStartup()) {
			container.start();
		}
	}

	private static void checkCursors(ListenerContainer present, ListenerContainer added) {
		String cursorId = cursorId(added);
		if (cursorId == null || !cursorId.equals(cursorId(present))
				|| !overlap(present.properties().getPartitions(), added.properties().getPartitions())) {
			return;
		}
		for (String stream : added.properties().getStreams()) {
			if (present.properties().getStreams().contains(stream)) {
				throw new IllegalStateException("cursorId = '" + cursorId + "': the listeners '" + present.id()
						+ "' and '" + added.id() + "' would both store their positions in stream '" + stream
						+ "' under it, each over the other's. Set another 'cursorId' for one of them.");
			}
		}
	}

	private static @Nullable String cursorId(ListenerContainer container) {
		ContainerProperties properties = container.properties();
		if (properties.getAckMode() == AckMode.NONE || properties.getGroup() != null) {
			// The members of a group share its cursors.
			return null;
		}
		return (properties.getCursorId() != null) ? properties.getCursorId() : container.id();
	}

	private static boolean overlap(PartitionSelection one, PartitionSelection other) {
		return one.isAll() || other.isAll() || !Collections.disjoint(one.numbers(0), other.numbers(0));
	}

	/**
	 * Stops a container and forgets it.
	 * @param id the listener's id
	 * @return the container, or {@code null} if there was none
	 */
	public @Nullable ListenerContainer unregister(String id) {
		ListenerContainer container = this.containers.remove(id);
		if (container != null) {
			container.stop();
		}
		return container;
	}

	/**
	 * Starts all containers that are to start with the application.
	 */
	@Override
	public void start() {
		this.running = true;
		this.containers.values().stream().filter(ListenerContainer::isAutoStartup).forEach(ListenerContainer::start);
	}

	/**
	 * Stops all containers, all at the same time, and waits for them.
	 */
	@Override
	public void stop() {
		this.running = false;
		Collection<ListenerContainer> all = containers();
		all.forEach((container) -> container.stop(() -> {
		}));
		all.forEach(ListenerContainer::stop);
	}

	@Override
	public void stop(Runnable callback) {
		this.running = false;
		Collection<ListenerContainer> all = containers();
		AtomicInteger left = new AtomicInteger(all.size() + 1);
		Runnable one = () -> {
			if (left.decrementAndGet() == 0) {
				callback.run();
			}
		};
		all.forEach((container) -> container.stop(one));
		one.run();
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return ListenerContainer.PHASE;
	}

}
