package io.liftbridge.test;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * Finds the {@code liftbridge} executable of this machine.
 */
final class ServerExecutable {

	static final String VARIABLE = "LIFTBRIDGE_SERVER";

	static final String NAME = "liftbridge";

	private ServerExecutable() {
	}

	static Optional<Path> find() {
		return find(System.getenv(VARIABLE), System.getenv("PATH"));
	}

	/**
	 * A variable that is set decides alone: a mistyped path must not silently be replaced
	 * by another server.
	 */
	static Optional<Path> find(@Nullable String named, @Nullable String path) {
		if (named != null && !named.isBlank()) {
			return Optional.of(Path.of(named.strip())).filter(ServerExecutable::isProgram).map(Path::toAbsolutePath);
		}
		if (path == null) {
			return Optional.empty();
		}
		return Arrays.stream(path.split(File.pathSeparator))
			.filter((directory) -> !directory.isBlank())
			.map((directory) -> Path.of(directory, NAME))
			.filter(ServerExecutable::isProgram)
			.map(Path::toAbsolutePath)
			.findFirst();
	}

	private static boolean isProgram(Path file) {
		return Files.isRegularFile(file) && Files.isExecutable(file);
	}

}
