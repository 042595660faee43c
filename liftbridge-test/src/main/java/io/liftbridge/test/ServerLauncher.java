package io.liftbridge.test;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Starts server processes and waits until they are ready.
 *
 * @param executable what is run
 * @param serverId the server's id in its cluster
 * @param members the servers that found the cluster, by id; empty for a server that is
 * alone
 * @param directory where data, configuration and log go
 * @param cursorPartitions partitions of the stream of cursors, 0 for none
 * @param tls how connections are encrypted, {@code null} for not at all
 * @param settings further settings
 * @param environment further environment variables
 * @param timeout how long a start may take
 */
record ServerLauncher(Path executable, String serverId, Map<String, ServerPorts> members, ServerDirectory directory,
		int cursorPartitions, @Nullable ServerTls tls, Map<String, String> settings, Map<String, String> environment,
		Duration timeout) {

	private static final Duration POLL_INTERVAL = Duration.ofMillis(20);

	private static final int PORT_ATTEMPTS = 5;

	/**
	 * Starts a server.
	 * @param ports where it must listen, {@code null} for anywhere
	 * @throws IllegalStateException if it ends or is not ready in time
	 */
	Started start(@Nullable ServerPorts ports) {
		long deadline = System.nanoTime() + this.timeout.toNanos();
		for (int attempt = 1;; attempt++) {
			ServerPorts chosen = (ports != null) ? ports : ServerPorts.free();
			ServerProcess process = ServerProcess.launch(this.executable, configuration(chosen).write(),
					this.directory.log(), this.environment);
			if (becomesReady(process, chosen, deadline)) {
				return new Started(process, chosen);
			}
			boolean again = (ports != null) ? System.nanoTime() < deadline : attempt < PORT_ATTEMPTS;
			if (!again || !process.foundItsPortTaken()) {
				throw new IllegalStateException("The Liftbridge server ended with exit code " + process.exitCode()
						+ " while starting. The end of its log:\n" + process.logTail());
			}
		}
	}

	private ServerConfiguration configuration(ServerPorts ports) {
		Map<String, String> all = new LinkedHashMap<>();
		all.put("cursors.stream.partitions", String.valueOf(this.cursorPartitions));
		all.put("cursors.stream.replication.factor", String.valueOf(Math.max(1, this.members.size())));
		all.putAll(this.settings);
		return new ServerConfiguration(this.serverId, ports, this.directory.path(), this.members, this.tls, all);
	}

	/**
	 * Waits until the server is ready.
	 * @return {@code false} if it ended instead
	 */
	private boolean becomesReady(ServerProcess process, ServerPorts ports, long deadline) {
		try (ServerReadiness readiness = new ServerReadiness(ports.grpc(), this.tls, this.cursorPartitions > 0)) {
			while (!process.endsWithin(POLL_INTERVAL)) {
				// Another process may answer at a port that this one did not get.
				if (readiness.isReady() && process.isAlive()) {
					return true;
				}
				if (System.nanoTime() > deadline) {
					process.kill();
					throw new IllegalStateException(notReady(readiness.lastRefusal(), process));
				}
			}
			return false;
		}
	}

	private String notReady(@Nullable Status refusal, ServerProcess process) {
		return "The Liftbridge server was not ready after " + this.timeout
				+ ((refusal != null) ? " (" + refusal + ")" : "") + ". The end of its log:\n" + process.logTail();
	}

	/**
	 * A server that is ready.
	 *
	 * @param process its process
	 * @param ports where it listens
	 */
	record Started(ServerProcess process, ServerPorts ports) {
	}

}
