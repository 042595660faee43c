package io.liftbridge.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where the modules and their sources are.
 */
final class House {

	private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

	private House() {
	}

	private static List<Path> modules() {
		try (Stream<Path> all = Files.list(ROOT)) {
			return all.filter((folder) -> Files.exists(folder.resolve("pom.xml"))).toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static List<Path> classes(String kind) {
		return modules().stream()
			.map((module) -> module.resolve("target").resolve(kind))
			.filter(Files::exists)
			.toList();
	}

	static String text(String file) {
		return Source.read(ROOT.resolve(file)).code();
	}

	static List<Source> sources(String kind) {
		return modules().stream()
			.map((module) -> module.resolve("src").resolve(kind).resolve("java"))
			.filter(Files::exists)
			.flatMap(House::javaFiles)
			.toList();
	}

	private static Stream<Source> javaFiles(Path root) {
		try (Stream<Path> files = Files.walk(root)) {
			return files.filter((file) -> file.toString().endsWith(".java")).map(Source::read).toList().stream();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** A source file. */
	record Source(Path path, String code) {

		static Source read(Path path) {
			try {
				return new Source(path, Files.readString(path));
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		long lines() {
			return this.code.lines().count();
		}

	}

}
