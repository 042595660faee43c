package io.liftbridge.client.cluster;

import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.nio.NioEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.socket.SocketChannel;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import org.jspecify.annotations.Nullable;

/**
 * The event loop of a client, and the channels on it.
 */
final class Network implements AutoCloseable {

	private static final int FLOW_CONTROL_WINDOW = 8 << 20;

	private final ClusterOptions options;

	private final HostLookup lookup;

	private final @Nullable SslContext ssl;

	private final boolean epoll;

	private final EventLoopGroup eventLoop;

	Network(ClusterOptions options, HostLookup lookup, @Nullable SslContext ssl) {
		this.options = options;
		this.lookup = lookup;
		this.ssl = ssl;
		this.epoll = Epoll.isAvailable();
		this.eventLoop = eventLoop(this.epoll, (task) -> Transport.daemon(task, options.clientId() + "-io"));
	}

	/**
	 * By the classes that both Netty 4.1 and 4.2 have: Spring Boot 4.1.0 manages a gRPC
	 * with the former, 4.1.1 one with the latter, where they are deprecated.
	 */
	@SuppressWarnings("deprecation")
	private static EventLoopGroup eventLoop(boolean epoll, ThreadFactory threads) {
		return epoll ? new EpollEventLoopGroup(1, threads) : new NioEventLoopGroup(1, threads);
	}

	Executor eventLoop() {
		return this.eventLoop;
	}

	/**
	 * The resolver is given in the one way that concerns this channel only; the other one
	 * is for the whole JVM.
	 */
	@SuppressWarnings("deprecation")
	ManagedChannel connect(Address address, Sockets sockets) {
		NettyChannelBuilder builder = NettyChannelBuilder.forAddress(address.host(), address.port())
			.nameResolverFactory(HostResolver.factory(address, sockets, this.lookup))
			.eventLoopGroup(this.eventLoop)
			.channelFactory(() -> sockets.guard(newSocket()))
			.directExecutor()
			// The sockets see to it themselves, up to the first answer.
			.withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0)
			.flowControlWindow(FLOW_CONTROL_WINDOW)
			.maxInboundMessageSize(this.options.maxInboundBytes())
			// The server takes more frequent pings for an attack.
			.keepAliveTime(5, TimeUnit.MINUTES)
			.keepAliveTimeout(20, TimeUnit.SECONDS)
			// Closing idle connections would look like an outage.
			.idleTimeout(365, TimeUnit.DAYS)
			.disableRetry()
			.disableServiceConfigLookUp()
			.userAgent("liftbridge-java/" + LiftbridgeVersion.text());
		if (!this.options.namespace().isNone()) {
			builder.intercept(new NamespaceInterceptor(this.options.namespace()));
		}
		if (this.ssl != null) {
			builder.sslContext(this.ssl);
		}
		else {
			builder.usePlaintext();
		}
		this.options.channels().customize(address, builder);
		return builder.build();
	}

	private SocketChannel newSocket() {
		return this.epoll ? new EpollSocketChannel() : new NioSocketChannel();
	}

	@Override
	public void close() {
		this.eventLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
	}

}
