package io.liftbridge.client.fake;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Leads each new connection to the next broker.
 */
public final class FakeLoadBalancer implements AutoCloseable {

	private final ServerSocket server;

	private final List<Integer> ports;

	private final List<Socket> sockets = new CopyOnWriteArrayList<>();

	private final AtomicInteger connections = new AtomicInteger();

	/**
	 * Starts it.
	 * @param brokers where connections lead to
	 */
	public FakeLoadBalancer(FakeBroker... brokers) {
		this.ports = List.of(brokers).stream().map(FakeBroker::port).toList();
		try {
			this.server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		run(this::accept);
	}

	private static void run(Runnable task) {
		Thread thread = new Thread(task, "fake-load-balancer");
		thread.setDaemon(true);
		thread.start();
	}

	private void accept() {
		try {
			while (!this.server.isClosed()) {
				Socket client = this.server.accept();
				int number = this.connections.getAndIncrement();
				Socket broker = new Socket("127.0.0.1", this.ports.get(number % this.ports.size()));
				this.sockets.add(client);
				this.sockets.add(broker);
				run(() -> copy(client, broker));
				run(() -> copy(broker, client));
			}
		}
		catch (IOException ex) {
			// Closed.
		}
	}

	private static void copy(Socket from, Socket to) {
		try (from; to) {
			InputStream in = from.getInputStream();
			OutputStream out = to.getOutputStream();
			in.transferTo(out);
		}
		catch (IOException ex) {
			// The other side has closed.
		}
	}

	/**
	 * Where clients connect to.
	 * @return host:port
	 */
	public String address() {
		return "127.0.0.1:" + this.server.getLocalPort();
	}

	/**
	 * Counts the connections so far.
	 * @return how many
	 */
	public int connections() {
		return this.connections.get();
	}

	@Override
	public void close() throws IOException {
		this.server.close();
		for (Socket socket : this.sockets) {
			socket.close();
		}
	}

}
