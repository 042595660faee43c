package io.liftbridge.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

import io.liftbridge.embedded.EmbeddedBroker;

/**
 * The embedded broker in a JVM of its own, where its heap and its threads are nobody
 * else's.
 */
final class BrokerProcess {

	private static final long TIMEOUT_SECONDS = 20;

	private BrokerProcess() {
	}

	static Broker start() throws IOException {
		Process process = new ProcessBuilder(System.getProperty("java.home") + "/bin/java", "-cp",
				System.getProperty("java.class.path"), BrokerProcess.class.getName())
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
		BufferedReader output = new BufferedReader(
				new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
		String address = output.readLine();
		if (address == null) {
			throw new IOException("The process of the embedded broker has ended");
		}
		return new Broker(address, "the embedded one, in a process of its own", () -> stop(process));
	}

	private static void stop(Process process) {
		try {
			process.getOutputStream().close();
			if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
				process.destroyForcibly();
			}
		}
		catch (IOException ex) {
			process.destroyForcibly();
		}
		catch (InterruptedException ex) {
			process.destroyForcibly();
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Prints the broker's address and runs until standard input ends, at the latest with
	 * the process that has started this one.
	 * @param args none
	 * @throws IOException if input cannot be read
	 */
	public static void main(String[] args) throws IOException {
		try (EmbeddedBroker broker = EmbeddedBroker.start()) {
			System.out.append(broker.address()).append('\n').flush();
			System.in.transferTo(OutputStream.nullOutputStream());
		}
	}

}
