package io.liftbridge.embedded;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;

import io.liftbridge.embedded.api.BrokerApi;
import io.liftbridge.embedded.disk.BrokerDirectory;
import io.liftbridge.embedded.group.ConsumerGroups;
import io.liftbridge.embedded.group.GroupStorage;
import io.liftbridge.embedded.log.StorageException;
import io.liftbridge.embedded.stream.Activity;
import io.liftbridge.embedded.stream.Cluster;
import io.liftbridge.embedded.stream.MetadataLeader;
import io.liftbridge.embedded.stream.MetadataLog;
import io.liftbridge.embedded.stream.RefusedException;
import io.liftbridge.embedded.stream.StreamStorage;
import io.liftbridge.embedded.stream.Streams;
import io.liftbridge.embedded.stream.Subjects;
import org.jspecify.annotations.Nullable;

/**
 * What outlives a stop of the broker: streams and groups, and the directory they are kept
 * in if there is one.
 */
final class BrokerCore {

	private static final String NAMESPACE = "liftbridge-default";

	private final MetadataLeader leader = new MetadataLeader();

	private final @Nullable BrokerDirectory directory;

	private final Streams streams;

	private final ConsumerGroups groups;

	private final @Nullable Activity activity;

	private final BrokerApi api;

	/**
	 * Creates the core, with what the directory holds.
	 * @throws BrokerDirectoryException if the directory cannot be used
	 */
	BrokerCore(Settings settings) {
		try {
			this.directory = (settings.directory() != null) ? BrokerDirectory.open(settings.directory()) : null;
		}
		catch (StorageException ex) {
			throw new BrokerDirectoryException(ex);
		}
		try {
			Cluster cluster = new Cluster(settings.brokerId(), NAMESPACE, settings.maxMessageBytes());
			Subjects subjects = new Subjects();
			MetadataLog metadata = new MetadataLog();
			this.streams = new Streams(cluster, subjects, this.leader, metadata,
					(this.directory != null) ? this.directory.streams() : StreamStorage.NONE);
			this.groups = new ConsumerGroups(cluster, this.streams, this.leader, metadata,
					(this.directory != null) ? this.directory.groups() : GroupStorage.NONE, settings.consumerTimeout(),
					settings.coordinatorTimeout());
			this.activity = settings.activityStream() ? new Activity(this.streams, subjects, metadata) : null;
			if (settings.cursorPartitions() > 0) {
				this.streams.createReserved(Streams.CURSORS, "cursors", settings.cursorPartitions());
			}
			this.api = new BrokerApi(cluster, this.leader, subjects, this.streams, this.groups,
					settings.consumerTimeout(), settings.coordinatorTimeout());
		}
		catch (StorageException | RefusedException ex) {
			closeDirectory();
			throw new BrokerDirectoryException(ex);
		}
	}

	BrokerApi api() {
		return this.api;
	}

	Streams streams() {
		return this.streams;
	}

	void start(ScheduledExecutorService clock, Duration window) {
		this.leader.start(clock, window, () -> {
			this.streams.start(clock);
			this.groups.start(clock);
			if (this.activity != null) {
				this.activity.start(clock);
			}
		});
	}

	void stop() {
		this.streams.stop();
		this.groups.stop();
		if (this.activity != null) {
			this.activity.stop();
		}
	}

	/**
	 * Lets go of the directory. To be called when nobody calls the broker any more.
	 */
	void close() {
		if (this.activity != null) {
			this.activity.publishPending();
		}
		try {
			this.streams.release();
		}
		finally {
			closeDirectory();
		}
	}

	private void closeDirectory() {
		if (this.directory != null) {
			this.directory.close();
		}
	}

}
