package io.liftbridge.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * The two ports of a server.
 *
 * @param grpc where clients connect to
 * @param nats where the server's own NATS listens
 */
record ServerPorts(int grpc, int nats) {

	/**
	 * Two ports that are free at this moment. Somebody else may take them before the
	 * server does.
	 */
	static ServerPorts free() {
		try (ServerSocket grpc = bind(); ServerSocket nats = bind()) {
			return new ServerPorts(grpc.getLocalPort(), nats.getLocalPort());
		}
		catch (IOException ex) {
			throw new UncheckedIOException("No free port on " + LiftbridgeServer.HOST, ex);
		}
	}

	private static ServerSocket bind() throws IOException {
		ServerSocket socket = new ServerSocket();
		socket.bind(new InetSocketAddress(InetAddress.getByName(LiftbridgeServer.HOST), 0));
		return socket;
	}

}
