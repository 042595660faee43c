package io.liftbridge.embedded;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import io.grpc.Codec;
import io.grpc.DecompressorRegistry;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import io.grpc.netty.shaded.io.netty.util.concurrent.EventExecutor;
import io.grpc.netty.shaded.io.netty.util.concurrent.Future;
import io.liftbridge.embedded.api.BrokerApi;
import io.liftbridge.embedded.api.HealthApi;
import io.liftbridge.embedded.api.NoCompression;
import io.liftbridge.embedded.api.UnknownMethods;
import io.liftbridge.proto.Broker;

/**
 * The broker's port, its connections and its threads. Lives from one start to one stop.
 */
final class BrokerServer {

	static final String HOST = "127.0.0.1";

	/**
	 * Far above what the broker accepts, so that it can refuse larger requests in its own
	 * words.
	 */
	private static final int MAX_READ_BYTES = 64 * 1024 * 1024;

	private static final int MAX_LOOPS = 4;

	private static final long STOP_SECONDS = 5;

	private final EventLoopGroup acceptor = threads(1, "acceptor");

	private final EventLoopGroup loops = threads(
			Math.min(MAX_LOOPS, Math.max(2, Runtime.getRuntime().availableProcessors())), "loop");

	private final Set<Channel> connections = ConcurrentHashMap.newKeySet();

	private final Server server;

	/**
	 * Creates a server that does not listen yet.
	 * @param api what it serves
	 * @param brokerId what it calls itself
	 * @param port where it will listen, 0 for any free port
	 */
	BrokerServer(BrokerApi api, String brokerId, int port) {
		this.server = NettyServerBuilder.forAddress(new InetSocketAddress(HOST, port))
			.bossEventLoopGroup(this.acceptor)
			.workerEventLoopGroup(this.loops)
			.channelFactory(Listener::new)
			.directExecutor()
			.maxInboundMessageSize(MAX_READ_BYTES)
			.decompressorRegistry(
					DecompressorRegistry.emptyInstance().with(Codec.Identity.NONE, true).with(new Codec.Gzip(), false))
			.intercept(new NoCompression())
			.fallbackHandlerRegistry(new UnknownMethods())
			.addService(api.service(() -> describe(brokerId), this::currentLoop))
			.addService(new HealthApi())
			.build();
	}

	/**
	 * By a class that both Netty 4.1 and 4.2 have, for each gRPC that a Boot 4.1 manages.
	 */
	@SuppressWarnings("deprecation")
	private static EventLoopGroup threads(int count, String name) {
		return new NioEventLoopGroup(count, new DefaultThreadFactory("liftbridge-embedded-" + name, true));
	}

	private Broker describe(String brokerId) {
		return Broker.newBuilder().setId(brokerId).setHost(HOST).setPort(port()).build();
	}

	private ScheduledExecutorService currentLoop() {
		for (EventExecutor loop : this.loops) {
			if (loop.inEventLoop()) {
				return loop;
			}
		}
		throw new IllegalStateException("Calls are served by event loops only");
	}

	/**
	 * Opens the port.
	 * @throws IOException if the port is in use
	 */
	void start() throws IOException {
		try {
			this.server.start();
		}
		catch (IOException ex) {
			stop();
			throw ex;
		}
	}

	int port() {
		return this.server.getPort();
	}

	/**
	 * Closes the port and cuts all connections, as if the process had died, and waits
	 * until the threads have ended.
	 */
	void stop() {
		this.server.shutdown();
		// On the thread that accepts: there, whatever was accepted has got its event
		// loop.
		Future<?> cut = this.acceptor.submit(() -> this.connections.forEach(BrokerServer::cut));
		try {
			cut.await(STOP_SECONDS, TimeUnit.SECONDS);
			for (Channel connection : this.connections) {
				connection.closeFuture().await(STOP_SECONDS, TimeUnit.SECONDS);
			}
			this.server.shutdownNow();
			this.server.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
			this.loops.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS).await(STOP_SECONDS, TimeUnit.SECONDS);
			this.acceptor.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS).await(STOP_SECONDS, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			this.server.shutdownNow();
			this.loops.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS);
			this.acceptor.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS);
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Closes a connection without a word, past the handlers that would end its calls as
	 * cancelled.
	 */
	private static void cut(Channel connection) {
		connection.eventLoop().execute(() -> connection.unsafe().close(connection.voidPromise()));
	}

	/**
	 * Listens, and knows its connections.
	 */
	private final class Listener extends NioServerSocketChannel {

		@Override
		protected int doReadMessages(List<Object> accepted) throws Exception {
			int known = accepted.size();
			int count = super.doReadMessages(accepted);
			for (Object each : accepted.subList(known, accepted.size())) {
				Channel connection = (Channel) each;
				BrokerServer.this.connections.add(connection);
				connection.closeFuture().addListener((closed) -> BrokerServer.this.connections.remove(connection));
			}
			return count;
		}

	}

}
