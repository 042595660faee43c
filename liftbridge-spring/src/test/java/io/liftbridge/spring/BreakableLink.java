package io.liftbridge.spring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A way to a broker that can be cut while the broker goes on.
 */
public final class BreakableLink implements AutoCloseable {

	private final ServerSocket server;

	private final int target;

	private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();

	private volatile boolean cut;

	public BreakableLink(int target) throws IOException {
		this.target = target;
		this.server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
		start(this::accept);
	}

	public String address() {
		return "127.0.0.1:" + this.server.getLocalPort();
	}

	/** Ends all connections, and refuses new ones. */
	public void cut() {
		this.cut = true;
		this.sockets.forEach(BreakableLink::closeQuietly);
		this.sockets.clear();
	}

	public void mend() {
		this.cut = false;
	}

	@Override
	public void close() throws IOException {
		this.server.close();
		cut();
	}

	private void accept() {
		while (!this.server.isClosed()) {
			try {
				Socket near = this.server.accept();
				if (this.cut) {
					near.close();
					continue;
				}
				Socket far = new Socket(InetAddress.getByName("127.0.0.1"), this.target);
				this.sockets.add(near);
				this.sockets.add(far);
				start(() -> pump(near, far));
				start(() -> pump(far, near));
			}
			catch (IOException ex) {
				// Closed, or the broker is not there: whoever connected will notice.
			}
		}
	}

	private static void pump(Socket from, Socket to) {
		try {
			from.getInputStream().transferTo(to.getOutputStream());
		}
		catch (IOException ex) {
			// Cut.
		}
		closeQuietly(from);
		closeQuietly(to);
	}

	private static void closeQuietly(Socket socket) {
		try {
			socket.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void start(Runnable work) {
		Thread thread = new Thread(work, "link");
		thread.setDaemon(true);
		thread.start();
	}

}
