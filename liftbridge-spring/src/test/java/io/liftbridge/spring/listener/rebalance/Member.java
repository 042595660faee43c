package io.liftbridge.spring.listener.rebalance;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A member of a group in a process of its own.
 *
 * @param id the member's id
 * @param process its process
 * @param path its journal
 * @param freezes when it hung
 */
record Member(String id, Process process, Path path, List<Freeze> freezes) {

	static Member start(String address, String stream, String id, Path directory) throws IOException {
		Path path = directory.resolve(id + ".journal");
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"),
				MemberProcess.class.getName(), address, stream, id, path.toString())
			.redirectErrorStream(true)
			.redirectOutput(directory.resolve(id + ".log").toFile())
			.start();
		return new Member(id, process, path, new ArrayList<>());
	}

	boolean isAlive() {
		return this.process.isAlive();
	}

	Journal journal() {
		return Journal.read(this.id, this.path);
	}

	/** In good order. */
	void leave() throws Exception {
		this.process.getOutputStream().write('l');
		this.process.getOutputStream().flush();
		assertThat(this.process.waitFor(30, TimeUnit.SECONDS)).as("%s has left", this.id).isTrue();
	}

	void kill() throws InterruptedException {
		// SIGKILL, which ends one that is frozen, too.
		this.process.destroyForcibly();
		assertThat(this.process.waitFor(30, TimeUnit.SECONDS)).isTrue();
	}

	void freeze() throws Exception {
		signal("-STOP");
		this.freezes.add(new Freeze(System.nanoTime(), Long.MAX_VALUE));
	}

	void thaw() throws Exception {
		Freeze last = this.freezes.remove(this.freezes.size() - 1);
		this.freezes.add(new Freeze(last.from, System.nanoTime()));
		signal("-CONT");
	}

	private void signal(String signal) throws Exception {
		Process kill = new ProcessBuilder("kill", signal, Long.toString(this.process.pid())).start();
		assertThat(kill.waitFor()).isZero();
	}

	/**
	 * When a member hung.
	 *
	 * @param from when it had stopped
	 * @param to when it was about to go on
	 */
	record Freeze(long from, long to) {
	}

}
