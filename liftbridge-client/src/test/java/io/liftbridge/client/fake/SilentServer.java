package io.liftbridge.client.fake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/**
 * Accepts connections and never says anything. The system does the accepting.
 */
public final class SilentServer implements AutoCloseable {

	private final ServerSocket socket;

	/** Starts it. */
	public SilentServer() {
		try {
			this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Its port.
	 * @return the port
	 */
	public int port() {
		return this.socket.getLocalPort();
	}

	/**
	 * Its address.
	 * @return host:port
	 */
	public String address() {
		return "127.0.0.1:" + port();
	}

	/**
	 * An address where nobody listens.
	 * @return host:port
	 */
	public static String deadAddress() {
		try (SilentServer server = new SilentServer()) {
			return server.address();
		}
	}

	@Override
	public void close() {
		try {
			this.socket.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
