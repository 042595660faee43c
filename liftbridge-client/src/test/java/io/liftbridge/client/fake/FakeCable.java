package io.liftbridge.client.fake;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Leads to a broker until it is cut: then nothing comes through any more, and nobody is
 * told. Connections that are made later work. Can also be an HTTP proxy.
 */
public final class FakeCable implements AutoCloseable {

	private final ServerSocket server;

	private final int port;

	private final boolean proxy;

	private final List<Socket> sockets = new CopyOnWriteArrayList<>();

	private final List<String> requests = new CopyOnWriteArrayList<>();

	private volatile AtomicBoolean cut = new AtomicBoolean();

	private volatile boolean mute;

	private final AtomicInteger ignored = new AtomicInteger();

	/**
	 * Lays it.
	 * @param broker where it leads to
	 * @param proxy whether those who come say first where they want to go
	 */
	public FakeCable(FakeBroker broker, boolean proxy) {
		this.port = broker.port();
		this.proxy = proxy;
		try {
			this.server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		run(this::accept);
	}

	private static void run(Runnable task) {
		Thread thread = new Thread(task, "fake-cable");
		thread.setDaemon(true);
		thread.start();
	}

	private void accept() {
		try {
			while (!this.server.isClosed()) {
				Socket client = this.server.accept();
				this.sockets.add(client);
				run(() -> serve(client));
			}
		}
		catch (IOException ex) {
			// Closed.
		}
	}

	private void serve(Socket client) {
		if (this.mute) {
			this.ignored.incrementAndGet();
			return;
		}
		try {
			if (this.proxy) {
				this.requests.add(head(client.getInputStream()));
				client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
			}
			Socket broker = new Socket("127.0.0.1", this.port);
			this.sockets.add(broker);
			AtomicBoolean mine = this.cut;
			run(() -> copy(client, broker, mine));
			copy(broker, client, mine);
		}
		catch (IOException ex) {
			// Closed.
		}
	}

	/** The first line, having read up to the empty one. */
	private static String head(InputStream in) throws IOException {
		StringBuilder text = new StringBuilder();
		while (text.indexOf("\r\n\r\n") < 0) {
			int next = in.read();
			if (next < 0) {
				throw new IOException("no request");
			}
			text.append((char) next);
		}
		return text.substring(0, text.indexOf("\r\n"));
	}

	private static void copy(Socket from, Socket to, AtomicBoolean cut) {
		byte[] buffer = new byte[8192];
		try {
			InputStream in = from.getInputStream();
			OutputStream out = to.getOutputStream();
			for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
				if (!cut.get()) {
					out.write(buffer, 0, length);
					out.flush();
				}
			}
			if (!cut.get()) {
				to.close();
			}
		}
		catch (IOException ex) {
			// The other side has closed.
		}
	}

	/** Swallows what comes over the connections that exist now. */
	public void cut() {
		this.cut.set(true);
		this.cut = new AtomicBoolean();
	}

	/**
	 * Breaks the connections that exist now, and answers no new ones, although it accepts
	 * them.
	 * @throws IOException if they cannot be closed
	 */
	public void mute() throws IOException {
		this.mute = true;
		for (Socket socket : this.sockets) {
			socket.close();
		}
	}

	/** Answers new connections again. */
	public void unmute() {
		this.mute = false;
	}

	/**
	 * Counts connections without an answer.
	 * @return how many there were
	 */
	public int ignored() {
		return this.ignored.get();
	}

	/**
	 * Its port.
	 * @return the port
	 */
	public int port() {
		return this.server.getLocalPort();
	}

	/**
	 * Where those who came to the proxy wanted to go.
	 * @return the first lines of their requests
	 */
	public List<String> requests() {
		return this.requests;
	}

	@Override
	public void close() throws IOException {
		this.server.close();
		for (Socket socket : this.sockets) {
			socket.close();
		}
	}

}
