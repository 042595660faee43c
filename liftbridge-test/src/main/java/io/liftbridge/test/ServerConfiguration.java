package io.liftbridge.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * Writes the configuration files of one server.
 *
 * @param serverId the server's id in its cluster
 * @param ports where it listens
 * @param directory where the files and the data go
 * @param members the servers that found the cluster, by id; one that is not among them
 * joins it; empty for a server that is alone
 * @param tls how connections are encrypted, {@code null} for not at all
 * @param settings what is configured beyond that
 */
record ServerConfiguration(String serverId, ServerPorts ports, Path directory, Map<String, ServerPorts> members,
		@Nullable ServerTls tls, Map<String, String> settings) {

	/**
	 * Large enough that the server's own limits are met before those of NATS.
	 */
	private static final int NATS_MAX_PAYLOAD = 8 * 1024 * 1024;

	/**
	 * Where the server listens, where it writes, and that it does not phone home is not
	 * up to the caller.
	 */
	private static final Set<String> RESERVED = Set.of("listen", "host", "port", "data.dir", "telemetry.enabled",
			"nats.embedded", "nats.embedded.config", "nats.servers", "clustering.server.id",
			"clustering.raft.bootstrap.seed", "clustering.raft.bootstrap.peers");

	static void requireSettable(String key) {
		if (RESERVED.contains(key)) {
			throw new IllegalArgumentException("setting '" + key + "' is decided by LiftbridgeServer");
		}
		if (key.startsWith("tls.")) {
			throw new IllegalArgumentException("setting '" + key + "' is decided by LiftbridgeServer; use tls(...)");
		}
	}

	/**
	 * Writes the files.
	 * @return the server's configuration file
	 */
	Path write() {
		Path nats = this.directory.resolve("nats.conf");
		Path server = this.directory.resolve("liftbridge.yaml");
		try {
			Files.createDirectories(this.directory);
			Files.writeString(nats, """
					host: "%s"
					port: %d
					max_payload: %d
					%s""".formatted(LiftbridgeServer.HOST, this.ports.nats(), NATS_MAX_PAYLOAD, natsCluster()));
			Files.writeString(server, yaml(nats));
			return server;
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Cannot write the server's configuration to " + this.directory, ex);
		}
	}

	/**
	 * Each server has a NATS of its own, and these are one by routes among them: one that
	 * all share would die with the server it belongs to.
	 */
	private String natsCluster() {
		if (this.members.isEmpty()) {
			return "";
		}
		String routes = this.members.entrySet()
			.stream()
			.filter((member) -> !member.getKey().equals(this.serverId))
			.map((member) -> "\"nats://" + LiftbridgeServer.HOST + ":" + member.getValue().routes() + "\"")
			.collect(Collectors.joining(", "));
		return """
				server_name: "%s"
				cluster {
				  name: "liftbridge"
				  host: "%s"
				  port: %d
				  routes: [%s]
				}
				""".formatted(this.serverId, LiftbridgeServer.HOST, this.ports.routes(), routes);
	}

	private String yaml(Path nats) throws IOException {
		Map<String, String> all = new LinkedHashMap<>(this.settings);
		if (this.tls != null) {
			all.putAll(this.tls.settings(this.directory));
		}
		all.put("host", LiftbridgeServer.HOST);
		all.put("port", String.valueOf(this.ports.grpc()));
		all.put("data.dir", this.directory.resolve("data").toString());
		all.put("clustering.server.id", this.serverId);
		all.put("nats.embedded", "true");
		all.put("nats.embedded.config", nats.toString());
		all.put("nats.servers", "nats://" + LiftbridgeServer.HOST + ":" + this.ports.nats());
		all.put("telemetry.enabled", "false");
		if (this.members.isEmpty()) {
			all.put("clustering.raft.bootstrap.seed", "true");
		}
		else if (this.members.containsKey(this.serverId)) {
			all.put("clustering.raft.bootstrap.peers", String.join(" ", new TreeSet<>(this.members.keySet())));
		}
		return all.entrySet()
			.stream()
			.map((entry) -> entry.getKey() + ": " + quoted(entry.getValue()) + "\n")
			.collect(Collectors.joining());
	}

	private static String quoted(String value) {
		return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
	}

}
