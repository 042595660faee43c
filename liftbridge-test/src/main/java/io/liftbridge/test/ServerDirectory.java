package io.liftbridge.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Where a server keeps its data, configuration and log.
 *
 * @param path the directory
 * @param temporary whether it is deleted in the end
 */
record ServerDirectory(Path path, boolean temporary) {

	static ServerDirectory of(@Nullable Path given) {
		if (given != null) {
			return new ServerDirectory(given.toAbsolutePath(), false);
		}
		try {
			ServerDirectory directory = new ServerDirectory(Files.createTempDirectory("liftbridge-server-"), true);
			Leftovers.add(directory);
			return directory;
		}
		catch (IOException ex) {
			throw new UncheckedIOException("No temporary directory for the server's data", ex);
		}
	}

	Path log() {
		return this.path.resolve("server.log");
	}

	/**
	 * Deletes everything, if it is temporary.
	 */
	void delete() {
		if (!this.temporary) {
			return;
		}
		try (Stream<Path> files = Files.walk(this.path)) {
			for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
				Files.deleteIfExists(file);
			}
		}
		catch (IOException | UncheckedIOException ex) {
			LoggerFactory.getLogger(ServerDirectory.class).warn("Could not delete {}: {}", this.path, ex.toString());
		}
		Leftovers.remove(this);
	}

}
