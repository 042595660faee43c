package io.liftbridge.client.cluster;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLException;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.nio.NioEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.liftbridge.client.message.InvalidRequestException;
import org.jspecify.annotations.Nullable;

/**
 * The threads and sockets of a client: one event loop on which all callbacks of gRPC run,
 * and one thread for timers.
 */
final class Transport implements AutoCloseable {

	private static final int FLOW_CONTROL_WINDOW = 8 << 20;

	private final ClusterOptions options;

	private final EventLoopGroup eventLoop;

	private final HostLookup lookup;

	private final boolean epoll;

	private final ScheduledThreadPoolExecutor timer;

	private final @Nullable SslContext ssl;

	Transport(ClusterOptions options, HostLookup lookup) {
		this.options = options;
		this.lookup = lookup;
		this.ssl = (options.tls() != null) ? sslContext(options.tls()) : null;
		this.epoll = Epoll.isAvailable();
		this.eventLoop = eventLoop(this.epoll, (task) -> daemon(task, options.clientId() + "-io"));
		this.timer = new ScheduledThreadPoolExecutor(1, (task) -> daemon(task, options.clientId() + "-timer"));
		this.timer.setRemoveOnCancelPolicy(true);
		this.timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
	}

	/**
	 * By the classes that both Netty 4.1 and 4.2 have: Spring Boot 4.1.0 manages a gRPC
	 * with the former, 4.1.1 one with the latter, where they are deprecated.
	 */
	@SuppressWarnings("deprecation")
	private static EventLoopGroup eventLoop(boolean epoll, ThreadFactory threads) {
		return epoll ? new EpollEventLoopGroup(1, threads) : new NioEventLoopGroup(1, threads);
	}

	static Thread daemon(Runnable task, String name) {
		Thread thread = new Thread(task, name);
		thread.setDaemon(true);
		return thread;
	}

	private static SslContext sslContext(TlsOptions tls) {
		try {
			SslContextBuilder builder = GrpcSslContexts.forClient();
			if (tls.trust() != null) {
				builder.trustManager(tls.trust());
			}
			if (tls.keys() != null) {
				builder.keyManager(tls.keys());
			}
			if (!tls.ciphers().isEmpty()) {
				builder.ciphers(tls.ciphers());
			}
			if (!tls.protocols().isEmpty()) {
				builder.protocols(tls.protocols());
			}
			return builder.build();
		}
		catch (SSLException | IllegalArgumentException ex) {
			throw new InvalidRequestException("TLS cannot be set up: " + ex.getMessage(), ex);
		}
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
			.channelFactory(() -> sockets.guard(this.epoll ? new EpollSocketChannel() : new NioSocketChannel()))
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

	Sockets sockets() {
		return new Sockets(this.options.connectTimeout(), this.ssl != null);
	}

	/**
	 * Runs tasks after what the event loop is doing now: after all messages that were
	 * read from the network in one go.
	 */
	Executor afterBurst() {
		return this.eventLoop;
	}

	void schedule(Runnable task, Duration delay) {
		if (!this.timer.isShutdown()) {
			this.timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
		}
	}

	@Override
	public void close() {
		this.timer.shutdownNow();
		this.eventLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
	}

}
