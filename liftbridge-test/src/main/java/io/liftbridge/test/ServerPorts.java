package io.liftbridge.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * The ports of a server.
 *
 * @param grpc where clients connect to
 * @param nats where the server's own NATS listens
 * @param routes where that NATS takes connections of the NATS of other servers
 */
record ServerPorts(int grpc, int nats, int routes) {

	/**
	 * Ports that are free at this moment. Somebody else may take them before the server
	 * does.
	 */
	static ServerPorts free() {
		try (ServerSocket grpc = bind(); ServerSocket nats = bind(); ServerSocket routes = bind()) {
			return new ServerPorts(grpc.getLocalPort(), nats.getLocalPort(), routes.getLocalPort());
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
