package io.liftbridge.test.client;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Stands between a client and its broker, counts what passes frame by frame of HTTP/2,
 * and breaks all connections behind a certain one.
 */
final class FrameRelay implements Closeable {

	private static final int PREFACE = 24;

	private static final int HEADER = 9;

	private final ServerSocket entrance;

	private final int target;

	private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

	private final ReentrantLock lock = new ReentrantLock();

	private final int[] passed = new int[2];

	private Way way = Way.TO_BROKER;

	/** After how many frames that way, -1 for never. */
	private int cutAfter = -1;

	private Random random = new Random(0);

	private int cutsLeft;

	private int cuts;

	FrameRelay(String address) throws IOException {
		this.target = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
		this.entrance = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
		daemon(this::accept);
	}

	enum Way {

		TO_BROKER, TO_CLIENT

	}

	int port() {
		return this.entrance.getLocalPort();
	}

	/** Breaks the connections once, when so many frames have passed in one direction. */
	void cutAfter(Way direction, int frames) {
		this.lock.lock();
		try {
			this.way = direction;
			this.cutAfter = frames;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Breaks the connections so often, each time after some more frames. */
	void cutAtRandom(Random numbers, int times) {
		this.lock.lock();
		try {
			this.random = numbers;
			this.cutsLeft = times;
			next();
		}
		finally {
			this.lock.unlock();
		}
	}

	private void next() {
		this.cutAfter = -1;
		if (this.cutsLeft-- > 0) {
			this.way = this.random.nextBoolean() ? Way.TO_BROKER : Way.TO_CLIENT;
			this.cutAfter = this.passed[this.way.ordinal()] + 3 + this.random.nextInt(25);
		}
	}

	int passed(Way direction) {
		this.lock.lock();
		try {
			return this.passed[direction.ordinal()];
		}
		finally {
			this.lock.unlock();
		}
	}

	int cuts() {
		this.lock.lock();
		try {
			return this.cuts;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Whether this is the end. */
	private boolean count(Way direction, int frames) {
		this.lock.lock();
		try {
			this.passed[direction.ordinal()] += frames;
			if (direction != this.way || this.cutAfter < 0 || this.passed[direction.ordinal()] < this.cutAfter) {
				return false;
			}
			this.cuts++;
			next();
			return true;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void accept() {
		try {
			while (!this.entrance.isClosed()) {
				Socket client = this.entrance.accept();
				daemon(() -> connect(client));
			}
		}
		catch (IOException ex) {
			// Closed.
		}
	}

	private void connect(Socket client) {
		this.sockets.add(client);
		try {
			Socket broker = new Socket("127.0.0.1", this.target);
			this.sockets.add(broker);
			daemon(() -> pump(broker, client, Way.TO_CLIENT, 0));
			pump(client, broker, Way.TO_BROKER, PREFACE);
		}
		catch (IOException ex) {
			// The broker is away, which the client must not wait for.
			hangUp(client);
		}
	}

	private void pump(Socket from, Socket to, Way direction, int before) {
		try (from; to) {
			DataInputStream in = new DataInputStream(from.getInputStream());
			OutputStream out = to.getOutputStream();
			out.write(in.readNBytes(before));
			if (count(direction, 0)) {
				hangUp();
			}
			while (true) {
				out.write(frame(in));
				if (count(direction, 1)) {
					hangUp();
				}
			}
		}
		catch (IOException ex) {
			// One end has gone.
		}
	}

	private static byte[] frame(DataInputStream in) throws IOException {
		byte[] header = in.readNBytes(HEADER);
		if (header.length < HEADER) {
			throw new EOFException();
		}
		int length = (header[0] & 0xff) << 16 | (header[1] & 0xff) << 8 | (header[2] & 0xff);
		return ByteBuffer.allocate(HEADER + length).put(header).put(in.readNBytes(length)).array();
	}

	private void hangUp() {
		this.sockets.forEach(FrameRelay::hangUp);
		this.sockets.clear();
	}

	private static void hangUp(Socket socket) {
		try {
			socket.close();
		}
		catch (IOException ex) {
			// Gone already.
		}
	}

	private static void daemon(Runnable task) {
		Thread thread = new Thread(task, "frame-relay");
		thread.setDaemon(true);
		thread.start();
	}

	@Override
	public void close() throws IOException {
		this.entrance.close();
		hangUp();
	}

}
