package io.liftbridge.test.conformance;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;

/**
 * The broker that scenarios talk to, over one shared connection.
 */
final class BrokerUnderTest implements AutoCloseable {

	/**
	 * Silent members of a group are removed after this time. All brokers under test are
	 * configured with it.
	 */
	static final Duration CONSUMER_TIMEOUT = Duration.ofSeconds(4);

	/**
	 * Partitions of the stream of cursors that all brokers under test are configured
	 * with.
	 */
	static final int CURSOR_PARTITIONS = 3;

	private final String host;

	private final int port;

	private final boolean crashable;

	private final ManagedChannel channel;

	private final AutoCloseable process;

	/**
	 * Wraps a running broker.
	 * @param host where it listens
	 * @param port where it listens
	 * @param crashable whether some requests kill this kind of broker
	 * @param process ends it
	 */
	BrokerUnderTest(String host, int port, boolean crashable, AutoCloseable process) {
		this.host = host;
		this.port = port;
		this.crashable = crashable;
		this.process = process;
		this.channel = NettyChannelBuilder.forAddress(host, port).usePlaintext().build();
	}

	String host() {
		return this.host;
	}

	int port() {
		return this.port;
	}

	boolean isCrashable() {
		return this.crashable;
	}

	ManagedChannel channel() {
		return this.channel;
	}

	@Override
	public void close() throws Exception {
		this.channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
		this.process.close();
	}

}
