package io.liftbridge.client.cluster;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelDuplexHandler;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelPromise;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2ConnectionHandler;
import org.jspecify.annotations.Nullable;

/**
 * The sockets of one broker's connection: gives up those that do not come about in time,
 * be it that nobody accepts them, that nobody answers, or that TLS is not agreed upon.
 * gRPC would wait for an answer without end.
 */
final class Sockets {

	/** A handshake over a slow line needs this long. */
	private static final Duration SHORTEST = Duration.ofSeconds(1);

	private static final byte TLS_ALERT = 21;

	private static final String ENCRYPTS = "it speaks TLS, and this client does not: set"
			+ " liftbridge.ssl.enabled=true or liftbridge.ssl.bundle (TlsOptions)";

	private static final String WANTS_TLS = "if it speaks TLS, set liftbridge.ssl.enabled=true or"
			+ " liftbridge.ssl.bundle (TlsOptions)";

	private static final String WANTS_PLAIN = "if it does not speak TLS, remove liftbridge.ssl"
			+ " (TlsOptions); if it wants a certificate of this client, give one";

	private final Duration connectTimeout;

	private final boolean encrypted;

	private final Set<ChannelHandlerContext> open = ConcurrentHashMap.newKeySet();

	private volatile int addresses = 1;

	private volatile String problem = "its address is not known";

	private volatile long readNanos = System.nanoTime();

	Sockets(Duration connectTimeout, boolean encrypted) {
		this.connectTimeout = connectTimeout;
		this.encrypted = encrypted;
	}

	/** How many addresses will be tried one after the other. */
	void found(int count) {
		this.addresses = count;
	}

	/** Says why there is no address to try. */
	void notFound(String why) {
		this.problem = why;
	}

	<C extends Channel> C guard(C channel) {
		channel.pipeline().addFirst(new Guard());
		return channel;
	}

	/** Whether anything has arrived since a moment. */
	boolean hasReadSince(long nanoTime) {
		return this.readNanos - nanoTime > 0;
	}

	/** Ends connections over which nothing comes any more. */
	void cut(String why) {
		this.open.forEach((ctx) -> ctx.executor().execute(() -> end(ctx, new IOException(why))));
	}

	/** The exception first, as what is said first is what is told. */
	private static void end(ChannelHandlerContext ctx, IOException why) {
		ctx.fireExceptionCaught(why);
		ctx.close();
	}

	/** The first one must leave time for the others. */
	private Duration patience() {
		Duration share = this.connectTimeout.dividedBy(this.addresses);
		Duration least = (this.connectTimeout.compareTo(SHORTEST) < 0) ? this.connectTimeout : SHORTEST;
		return (share.compareTo(least) < 0) ? least : share;
	}

	/** Watches one socket, on its event loop. */
	private final class Guard extends ChannelDuplexHandler {

		private boolean read;

		@Override
		public void handlerAdded(ChannelHandlerContext ctx) {
			Sockets.this.open.add(ctx);
			ctx.channel().closeFuture().addListener((closed) -> Sockets.this.open.remove(ctx));
		}

		@Override
		public void connect(ChannelHandlerContext ctx, SocketAddress remote, SocketAddress local,
				ChannelPromise promise) {
			if (remote instanceof InetSocketAddress inet && inet.isUnresolved()) {
				promise.setFailure(new UnknownHostException(Sockets.this.problem));
				// gRPC leaves alone what was never connected.
				ctx.close();
				return;
			}
			Duration patience = patience();
			Future<?> check = ctx.executor()
				.schedule(() -> check(ctx, remote, patience), patience.toNanos(), TimeUnit.NANOSECONDS);
			ctx.channel().closeFuture().addListener((closed) -> check.cancel(false));
			ctx.connect(remote, local, promise);
		}

		private void check(ChannelHandlerContext ctx, SocketAddress remote, Duration patience) {
			if (!ctx.channel().isOpen() || isAnswered(ctx)) {
				return;
			}
			String within = " within " + patience.toMillis() + " ms";
			end(ctx, ctx.channel().isActive()
					? new IOException(remote + " accepts connections, but does not answer" + within)
					: new ConnectException("no connection to " + remote + within));
		}

		private boolean isAnswered(ChannelHandlerContext ctx) {
			Http2ConnectionHandler http = ctx.pipeline().get(Http2ConnectionHandler.class);
			return http != null && http.decoder().prefaceReceived();
		}

		/** A TLS server answers plain text with an alert, or with nothing at all. */
		@Override
		public void channelRead(ChannelHandlerContext ctx, Object message) {
			Sockets.this.readNanos = System.nanoTime();
			if (!this.read && !Sockets.this.encrypted && message instanceof ByteBuf bytes && bytes.isReadable()
					&& bytes.getByte(bytes.readerIndex()) == TLS_ALERT) {
				bytes.release();
				end(ctx, new IOException(ENCRYPTS));
				return;
			}
			this.read = true;
			ctx.fireChannelRead(message);
		}

		@Override
		public void channelInactive(ChannelHandlerContext ctx) {
			if (!this.read) {
				ctx.fireExceptionCaught(closed(null));
			}
			ctx.fireChannelInactive();
		}

		@Override
		public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
			ctx.fireExceptionCaught((!this.read && ctx.channel().isActive()) ? closed(cause) : cause);
		}

		private IOException closed(@Nullable Throwable cause) {
			String how = (cause != null) ? " (" + cause.getMessage() + ")" : "";
			IOException why = new IOException("it closed the connection without an answer" + how + "; "
					+ (Sockets.this.encrypted ? WANTS_PLAIN : WANTS_TLS));
			if (cause != null) {
				// Not as its cause, as the innermost one is told.
				why.addSuppressed(cause);
			}
			return why;
		}

	}

}
