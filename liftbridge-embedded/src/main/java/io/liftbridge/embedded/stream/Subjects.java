package io.liftbridge.embedded.stream;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

import io.liftbridge.proto.Ack;
import org.jspecify.annotations.Nullable;

/**
 * Brings messages to the partitions that listen to their subject; what NATS does for a
 * real broker. Thread-safe.
 */
public final class Subjects {

	/**
	 * Above this the look-up table is thrown away: subjects can be made up by senders.
	 */
	private static final int MAX_KNOWN = 10_000;

	private static final Route NOBODY = new Route(List.of(), List.of());

	private final List<Partition> listeners = new CopyOnWriteArrayList<>();

	private volatile Map<String, Route> known = new ConcurrentHashMap<>();

	void listen(Partition partition) {
		this.listeners.add(partition);
		this.known = new ConcurrentHashMap<>();
	}

	void ignore(Partition partition) {
		this.listeners.remove(partition);
		this.known = new ConcurrentHashMap<>();
	}

	/**
	 * Sends a message to whoever listens, and returns when all of them have dealt with
	 * it.
	 * @param message the message
	 * @param acks gets what the partitions say of it, on the calling thread
	 * @throws RefusedException if a partition could not keep the message on disk
	 */
	public void publish(IncomingMessage message, Consumer<Ack> acks) {
		route(message.subject()).deliver(message, acks);
	}

	private Route route(String subject) {
		Map<String, Route> table = this.known;
		Route route = table.get(subject);
		if (route == null) {
			if (table.size() >= MAX_KNOWN) {
				table.clear();
			}
			route = find(subject);
			table.put(subject, route);
		}
		return route;
	}

	private Route find(String subject) {
		List<Partition> all = new ArrayList<>();
		Map<String, List<Partition>> queues = new LinkedHashMap<>();
		for (Partition listener : this.listeners) {
			if (!listener.listensTo(subject)) {
				continue;
			}
			if (listener.queueGroup().isEmpty()) {
				all.add(listener);
			}
			else {
				queues.computeIfAbsent(listener.queueGroup(), (name) -> new ArrayList<>()).add(listener);
			}
		}
		return (all.isEmpty() && queues.isEmpty()) ? NOBODY : new Route(all, List.copyOf(queues.values()));
	}

	/**
	 * Who gets the messages of a subject: each one of some, and of each queue group any
	 * one.
	 */
	private record Route(List<Partition> all, List<List<Partition>> queues) {

		void deliver(IncomingMessage message, Consumer<Ack> acks) {
			RefusedException failure = null;
			for (Partition partition : this.all) {
				failure = deliver(partition, message, acks, failure);
			}
			for (List<Partition> queue : this.queues) {
				Partition chosen = queue.get(ThreadLocalRandom.current().nextInt(queue.size()));
				failure = deliver(chosen, message, acks, failure);
			}
			if (failure != null) {
				throw failure;
			}
		}

		private static @Nullable RefusedException deliver(Partition partition, IncomingMessage message,
				Consumer<Ack> acks, @Nullable RefusedException failure) {
			try {
				partition.receive(message, acks);
				return failure;
			}
			catch (RefusedException ex) {
				return ex;
			}
		}

	}

}
