package io.liftbridge.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One run of the server executable. Signals go to this process only, and only while it
 * lives.
 */
final class ServerProcess {

	private static final int TAIL_LINES = 30;

	private static final Duration KILL_TIMEOUT = Duration.ofSeconds(5);

	private final Process process;

	private final Path log;

	private final long logStart;

	private ServerProcess(Process process, Path log, long logStart) {
		this.process = process;
		this.log = log;
		this.logStart = logStart;
	}

	static ServerProcess launch(Path executable, Path configuration, Path log, Map<String, String> environment) {
		ProcessBuilder builder = new ProcessBuilder(executable.toString(), "--config", configuration.toString());
		// Variables override the file, also the address to listen on and the telemetry
		// switch.
		builder.environment().keySet().removeIf(ServerProcess::overridesConfiguration);
		builder.environment().putAll(environment);
		builder.redirectErrorStream(true);
		builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
		try {
			long logStart = Files.exists(log) ? Files.size(log) : 0;
			ServerProcess process = new ServerProcess(builder.start(), log, logStart);
			Leftovers.add(process);
			return process;
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Cannot run " + executable, ex);
		}
	}

	static boolean overridesConfiguration(String variable) {
		return variable.startsWith("LIFTBRIDGE_") && !variable.equals("LIFTBRIDGE_ENCRYPTION_KEY");
	}

	boolean isAlive() {
		return this.process.isAlive();
	}

	long pid() {
		return this.process.pid();
	}

	int exitCode() {
		return this.process.exitValue();
	}

	void onEnd(Runnable action) {
		this.process.onExit().thenRun(action);
	}

	/**
	 * Waits for the process to end.
	 * @return whether it ended in time
	 */
	boolean endsWithin(Duration time) {
		try {
			return this.process.waitFor(time.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while waiting for the server", ex);
		}
	}

	/**
	 * Sends a signal, by the name that {@code kill} knows it by.
	 */
	void signal(String name) {
		if (!isAlive()) {
			return;
		}
		try {
			// The shell's own "kill", as minimal images lack the program.
			Process kill = new ProcessBuilder("/bin/sh", "-c", "kill -s " + name + " " + pid()).start();
			if (!kill.waitFor(5, TimeUnit.SECONDS) || (kill.exitValue() != 0 && isAlive())) {
				throw new IllegalStateException("Signal " + name + " could not be sent to process " + pid());
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while sending a signal", ex);
		}
	}

	/**
	 * Ends the process without giving it a chance to object.
	 */
	void kill() {
		this.process.destroyForcibly();
		endsWithin(KILL_TIMEOUT);
	}

	/**
	 * Whether this run said that one of its ports belongs to somebody else.
	 */
	boolean foundItsPortTaken() {
		return output().contains("address already in use");
	}

	String logTail() {
		List<String> lines = output().lines().toList();
		return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
	}

	private String output() {
		try {
			byte[] all = Files.readAllBytes(this.log);
			int start = (int) Math.min(this.logStart, all.length);
			return new String(all, start, all.length - start, StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			return "(no log: " + ex.getMessage() + ")";
		}
	}

}
