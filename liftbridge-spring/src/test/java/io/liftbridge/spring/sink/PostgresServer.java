package io.liftbridge.spring.sink;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A PostgreSQL of the system's packages, in a directory and on a port of its own. Refuses
 * to run as root, so that root runs it as {@code postgres}.
 */
final class PostgresServer implements AutoCloseable {

	private static final String USER = "postgres";

	private final Path programs;

	private final Path directory;

	private int port;

	private PostgresServer(Path programs, Path directory) {
		this.programs = programs;
		this.directory = directory;
	}

	/** Where its programs are, if they are here at all and may be run. */
	static Optional<Path> programs() {
		List<Path> candidates = new ArrayList<>();
		Path packaged = Path.of("/usr/lib/postgresql");
		if (Files.isDirectory(packaged)) {
			try (Stream<Path> versions = Files.list(packaged)) {
				versions.sorted(Comparator.reverseOrder()).forEach((version) -> candidates.add(version.resolve("bin")));
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
		Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":")).map(Path::of).forEach(candidates::add);
		return candidates.stream()
			.filter((path) -> Files.isExecutable(path.resolve("initdb")) && Files.isExecutable(path.resolve("pg_ctl")))
			.findFirst()
			.filter((path) -> !isRoot() || Files.isExecutable(Path.of("/usr/sbin/runuser")));
	}

	private static boolean isRoot() {
		return System.getProperty("user.name").equals("root");
	}

	static PostgresServer start() throws IOException, InterruptedException {
		Path directory = Files.createTempDirectory("liftbridge-postgres",
				PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
		if (isRoot()) {
			Files.setOwner(directory,
					directory.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(USER));
		}
		PostgresServer server = new PostgresServer(programs().orElseThrow(), directory);
		server.run("initdb", "-D", server.data(), "-U", USER, "-A", "trust", "-E", "UTF8", "--no-sync");
		server.open();
		return server;
	}

	/** Starts, also again, on the same port. */
	void open() throws IOException, InterruptedException {
		if (this.port == 0) {
			try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
				this.port = socket.getLocalPort();
			}
		}
		run("pg_ctl", "start", "-w", "-t", "60", "-D", data(), "-l", this.directory.resolve("log").toString(), "-o",
				"-p " + this.port + " -k " + this.directory + " -c listen_addresses=127.0.0.1 -c fsync=off");
	}

	/** Ends at once, as a crash does. */
	void crash() throws IOException, InterruptedException {
		run("pg_ctl", "stop", "-w", "-m", "immediate", "-D", data());
	}

	String url() {
		return "jdbc:postgresql://127.0.0.1:" + this.port + "/postgres?user=" + USER + "&connectTimeout=5";
	}

	private String data() {
		return this.directory.resolve("data").toString();
	}

	private void run(String program, String... arguments) throws IOException, InterruptedException {
		List<String> command = new ArrayList<>();
		if (isRoot()) {
			command.addAll(List.of("/usr/sbin/runuser", "-u", USER, "--"));
		}
		command.add(this.programs.resolve(program).toString());
		command.addAll(List.of(arguments));
		Path output = Files.createTempFile("liftbridge-postgres", ".out");
		try {
			Process process = new ProcessBuilder(command).directory(Path.of("/").toFile())
				.redirectErrorStream(true)
				.redirectOutput(output.toFile())
				.start();
			if (!process.waitFor(120, TimeUnit.SECONDS) || process.exitValue() != 0) {
				process.destroyForcibly();
				throw new IllegalStateException(command + " failed: " + Files.readString(output));
			}
		}
		finally {
			Files.delete(output);
		}
	}

	@Override
	public void close() {
		try {
			try {
				crash();
			}
			finally {
				try (Stream<Path> files = Files.walk(this.directory)) {
					files.sorted(Comparator.reverseOrder()).forEach((file) -> file.toFile().delete());
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
