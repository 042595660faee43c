package io.liftbridge.test.client;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Stands between a client and its broker, so that the client can vanish from the broker's
 * sight as if its process had been killed.
 */
final class Relay implements Closeable {

	private final ServerSocket entrance;

	private final int target;

	private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition thawed = this.lock.newCondition();

	private boolean frozen;

	private volatile boolean severed;

	private volatile boolean cut;

	Relay(String address) throws IOException {
		this.target = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
		this.entrance = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
		daemon(this::accept);
	}

	int port() {
		return this.entrance.getLocalPort();
	}

	void cut() {
		this.cut = true;
		close();
	}

	/** Breaks all connections and lets no new one through. */
	void sever() {
		this.severed = true;
		this.sockets.forEach(Relay::hangUp);
	}

	/** Swallows everything in silence, as a broken network does. */
	void freeze() {
		freeze(true);
	}

	/** Lets everything through again, what was held back first. */
	void heal() {
		this.severed = false;
		freeze(false);
	}

	private void freeze(boolean freeze) {
		this.lock.lock();
		try {
			this.frozen = freeze;
			this.thawed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	private void awaitThawed() {
		this.lock.lock();
		try {
			while (this.frozen) {
				this.thawed.awaitUninterruptibly();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void accept() {
		while (!this.cut) {
			Socket client = null;
			try {
				client = this.entrance.accept();
				if (this.severed) {
					hangUp(client);
					continue;
				}
				Socket broker = new Socket("127.0.0.1", this.target);
				this.sockets.add(client);
				this.sockets.add(broker);
				Socket connected = client;
				daemon(() -> pump(connected, broker));
				daemon(() -> pump(broker, connected));
			}
			catch (IOException ex) {
				// Closed, or the broker is away, which the client must not wait for.
				hangUp(client);
			}
		}
	}

	private static void hangUp(Socket client) {
		try {
			if (client != null) {
				client.close();
			}
		}
		catch (IOException ex) {
			// Gone already.
		}
	}

	private void pump(Socket from, Socket to) {
		try (from; to) {
			InputStream in = from.getInputStream();
			OutputStream out = to.getOutputStream();
			byte[] buffer = new byte[16_384];
			for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
				awaitThawed();
				out.write(buffer, 0, read);
			}
		}
		catch (IOException ex) {
			// One end has gone.
		}
	}

	private static void daemon(Runnable task) {
		Thread thread = new Thread(task, "relay");
		thread.setDaemon(true);
		thread.start();
	}

	@Override
	public void close() {
		this.cut = true;
		freeze(false);
		try {
			this.entrance.close();
			for (Socket socket : this.sockets) {
				socket.close();
			}
		}
		catch (IOException ex) {
			// Gone already.
		}
	}

}
