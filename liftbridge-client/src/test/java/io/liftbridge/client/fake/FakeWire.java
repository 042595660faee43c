package io.liftbridge.client.fake;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A line to a broker that reads along, frame by frame of HTTP/2, and can end connections
 * as a broker does that was asked too often.
 */
public final class FakeWire implements AutoCloseable {

	private static final int PREFACE = 24;

	private static final int HEADER = 9;

	private static final int PING = 6;

	private static final int GOAWAY = 7;

	private static final int ENHANCE_YOUR_CALM = 11;

	private static final int ACK = 1;

	private final ServerSocket server;

	private final int port;

	private final List<Line> lines = new CopyOnWriteArrayList<>();

	private final AtomicInteger pings = new AtomicInteger();

	/**
	 * Lays it.
	 * @param broker where it leads to
	 */
	public FakeWire(FakeBroker broker) {
		this.port = broker.port();
		try {
			this.server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		run(this::accept);
	}

	private static void run(Runnable task) {
		Thread thread = new Thread(task, "fake-wire");
		thread.setDaemon(true);
		thread.start();
	}

	private void accept() {
		try {
			while (!this.server.isClosed()) {
				Socket client = this.server.accept();
				Line line = new Line(client, new Socket("127.0.0.1", this.port));
				this.lines.add(line);
				run(line::fromClient);
				run(line::fromBroker);
			}
		}
		catch (IOException ex) {
			// Closed.
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
	 * Counts what clients sent only to hear an answer.
	 * @return how many pings there were
	 */
	public int pings() {
		return this.pings.get();
	}

	/**
	 * Counts the connections so far.
	 * @return how many
	 */
	public int connections() {
		return this.lines.size();
	}

	/** Tells all clients that they have sent too many pings, and hangs up. */
	public void complain() {
		this.lines.forEach(Line::complain);
	}

	@Override
	public void close() throws IOException {
		this.server.close();
		for (Line line : this.lines) {
			line.close();
		}
	}

	private final class Line {

		private final Socket client;

		private final Socket broker;

		/** So that nothing is written into the middle of a frame. */
		private final ReentrantLock writing = new ReentrantLock();

		Line(Socket client, Socket broker) {
			this.client = client;
			this.broker = broker;
		}

		void fromClient() {
			try {
				DataInputStream in = new DataInputStream(this.client.getInputStream());
				OutputStream out = this.broker.getOutputStream();
				out.write(in.readNBytes(PREFACE));
				while (true) {
					byte[] frame = next(in);
					if (frame[3] == PING && (frame[4] & ACK) == 0) {
						FakeWire.this.pings.incrementAndGet();
					}
					out.write(frame);
				}
			}
			catch (IOException ex) {
				close();
			}
		}

		void fromBroker() {
			try {
				DataInputStream in = new DataInputStream(this.broker.getInputStream());
				while (true) {
					write(next(in));
				}
			}
			catch (IOException ex) {
				close();
			}
		}

		private byte[] next(DataInputStream in) throws IOException {
			byte[] header = in.readNBytes(HEADER);
			if (header.length < HEADER) {
				throw new EOFException();
			}
			int length = (header[0] & 0xff) << 16 | (header[1] & 0xff) << 8 | (header[2] & 0xff);
			return ByteBuffer.allocate(HEADER + length).put(header).put(in.readNBytes(length)).array();
		}

		private void write(byte[] frame) throws IOException {
			this.writing.lock();
			try {
				this.client.getOutputStream().write(frame);
			}
			finally {
				this.writing.unlock();
			}
		}

		void complain() {
			byte[] why = "too_many_pings".getBytes(StandardCharsets.US_ASCII);
			byte[] frame = ByteBuffer.allocate(HEADER + 8 + why.length)
				.putInt((8 + why.length) << 8 | GOAWAY)
				.put((byte) 0)
				.putInt(0)
				.putInt(Integer.MAX_VALUE)
				.putInt(ENHANCE_YOUR_CALM)
				.put(why)
				.array();
			try {
				write(frame);
			}
			catch (IOException ex) {
				// It has hung up itself.
			}
			close();
		}

		void close() {
			try (Socket one = this.client; Socket other = this.broker) {
				one.shutdownOutput();
				other.shutdownOutput();
			}
			catch (IOException ex) {
				// Closed already.
			}
		}

	}

}
