package io.liftbridge.spring.listener;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What of a container is paused by its user, beyond stops and starts.
 */
final class PauseSwitch {

	private final Set<Place> places = ConcurrentHashMap.newKeySet();

	private volatile boolean all;

	/** Returns whether that is a change. */
	boolean all(boolean pause) {
		boolean changed = this.all != pause;
		this.all = pause;
		return changed;
	}

	/** Returns whether that is a change. */
	boolean partition(String stream, int partition, boolean pause) {
		Place place = new Place(stream, partition);
		return pause ? this.places.add(place) : this.places.remove(place);
	}

	boolean isPaused() {
		return this.all;
	}

	boolean isPaused(String stream, int partition) {
		return this.all || (!this.places.isEmpty() && this.places.contains(new Place(stream, partition)));
	}

	boolean isNonePaused() {
		return !this.all && this.places.isEmpty();
	}

	private record Place(String stream, int partition) {
	}

}
