package io.liftbridge.embedded.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.liftbridge.embedded.group.GroupStorage;
import io.liftbridge.embedded.log.StorageException;
import io.liftbridge.embedded.stream.StreamStorage;
import org.jspecify.annotations.Nullable;

/**
 * The directory that a broker keeps its data in, for this broker only. It holds a file
 * {@code lock}, a file {@code groups}, and in {@code streams} a directory for each stream
 * with its state and, for each partition, its segment files.
 */
public final class BrokerDirectory implements AutoCloseable {

	private static final String LOCK = "lock";

	/**
	 * What the brokers of this JVM use. Not even opened twice: on some systems, closing
	 * one channel of a lock file lets go of the locks that all others hold.
	 */
	private static final Set<Path> IN_USE = ConcurrentHashMap.newKeySet();

	private final Path directory;

	private final FileChannel lock;

	private final StreamStorage streams;

	private final GroupStorage groups;

	private BrokerDirectory(Path directory, FileChannel lock) {
		this.directory = directory;
		this.lock = lock;
		this.streams = new StreamFiles(directory.resolve("streams"));
		this.groups = new GroupFile(directory.resolve("groups"));
	}

	/**
	 * Opens a directory, which is created if it is not there.
	 * @param directory the directory
	 * @return the directory, locked until it is closed
	 * @throws StorageException if it cannot be created or written to, or if another
	 * broker uses it
	 */
	public static BrokerDirectory open(Path directory) {
		Disk.createDirectories(directory);
		Path real = Disk.realPath(directory);
		if (!IN_USE.add(real)) {
			throw inUse(real);
		}
		try {
			return new BrokerDirectory(real, lock(real));
		}
		catch (StorageException ex) {
			IN_USE.remove(real);
			throw ex;
		}
	}

	private static FileChannel lock(Path directory) {
		Path file = directory.resolve(LOCK);
		FileChannel channel = null;
		try {
			channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
			if (tryLock(channel) == null) {
				channel.close();
				throw inUse(directory);
			}
			return channel;
		}
		catch (IOException ex) {
			close(channel, ex);
			throw new StorageException("Cannot lock " + file, ex);
		}
	}

	private static StorageException inUse(Path directory) {
		return new StorageException(
				"Directory " + directory + " is in use by another embedded Liftbridge broker, which holds "
						+ directory.resolve(LOCK) + ". Stop that broker, or give this one a directory of its own");
	}

	private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
		try {
			return channel.tryLock();
		}
		catch (OverlappingFileLockException ex) {
			return null;
		}
	}

	private static void close(@Nullable FileChannel channel, IOException failure) {
		try {
			if (channel != null) {
				channel.close();
			}
		}
		catch (IOException ex) {
			failure.addSuppressed(ex);
		}
	}

	/**
	 * Where the streams are kept.
	 * @return the place
	 */
	public StreamStorage streams() {
		return this.streams;
	}

	/**
	 * Where the consumer groups are kept.
	 * @return the place
	 */
	public GroupStorage groups() {
		return this.groups;
	}

	/**
	 * Lets other brokers use the directory.
	 * @throws StorageException if the lock cannot be let go of
	 */
	@Override
	public void close() {
		try {
			this.lock.close();
		}
		catch (IOException ex) {
			throw new StorageException("Cannot let go of " + this.directory, ex);
		}
		finally {
			IN_USE.remove(this.directory);
		}
	}

}
