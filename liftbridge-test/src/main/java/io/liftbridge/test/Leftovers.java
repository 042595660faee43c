package io.liftbridge.test;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Ends what is still there when the JVM ends: server processes would outlive it.
 */
final class Leftovers {

	private static final Set<ServerProcess> PROCESSES = ConcurrentHashMap.newKeySet();

	private static final Set<ServerDirectory> DIRECTORIES = ConcurrentHashMap.newKeySet();

	static {
		Runtime.getRuntime().addShutdownHook(new Thread(Leftovers::clear, "liftbridge-leftovers"));
	}

	private Leftovers() {
	}

	static void add(ServerProcess process) {
		PROCESSES.add(process);
		process.onEnd(() -> PROCESSES.remove(process));
	}

	static void add(ServerDirectory directory) {
		DIRECTORIES.add(directory);
	}

	static void remove(ServerDirectory directory) {
		DIRECTORIES.remove(directory);
	}

	private static void clear() {
		PROCESSES.forEach(ServerProcess::kill);
		DIRECTORIES.forEach(ServerDirectory::delete);
	}

}
