package io.liftbridge.embedded.group;

import java.util.List;

import io.liftbridge.embedded.log.StorageException;

/**
 * Where groups are kept beyond the life of the broker. Called by one thread at a time.
 */
public interface GroupStorage {

	/** Keeps nothing: groups are in memory only. */
	GroupStorage NONE = new GroupStorage() {

		@Override
		public GroupsState load() {
			return new GroupsState(0, List.of());
		}

		@Override
		public void save(GroupsState state) {
			// Memory is enough.
		}

	};

	/**
	 * What was kept.
	 * @return the groups
	 * @throws StorageException if they cannot be read
	 */
	GroupsState load();

	/**
	 * Keeps the groups.
	 * @param state all groups
	 * @throws StorageException if they cannot be kept; then the former state stays
	 */
	void save(GroupsState state);

}
