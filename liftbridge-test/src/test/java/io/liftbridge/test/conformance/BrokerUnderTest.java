package io.liftbridge.test.conformance;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;

/**
 * The broker that scenarios talk to, over one shared connection. It may be a cluster,
 * whose {@link ClusterChannel} finds the broker that answers a call.
 */
final class BrokerUnderTest implements AutoCloseable {

	/**
	 * Silent members of a group are removed after this time. All brokers under test are
	 * configured with it.
	 */
	static final Duration CONSUMER_TIMEOUT = Duration.ofSeconds(4);

	/**
	 * Partitions of the stream of cursors that all brokers under test are configured
	 * with, unless a scenario wants something else.
	 */
	static final int CURSOR_PARTITIONS = 3;

	private final Map<String, String> addresses;

	private final boolean crashable;

	private final Process process;

	private volatile ManagedChannel channel;

	/**
	 * Wraps a running broker, or the brokers of a cluster.
	 * @param addresses where they listen, by their ids
	 * @param crashable whether some requests kill this kind of broker
	 * @param process the broker's lifecycle
	 */
	BrokerUnderTest(Map<String, String> addresses, boolean crashable, Process process) {
		this.addresses = addresses;
		this.crashable = crashable;
		this.process = process;
		this.channel = connect();
	}

	private ManagedChannel connect() {
		if (isCluster()) {
			return new ClusterChannel(this.addresses);
		}
		return NettyChannelBuilder.forTarget(addresses().iterator().next()).usePlaintext().build();
	}

	Collection<String> addresses() {
		return this.addresses.values();
	}

	/**
	 * How many brokers there are.
	 */
	int size() {
		return this.addresses.size();
	}

	boolean isCluster() {
		return size() > 1;
	}

	boolean isCrashable() {
		return this.crashable;
	}

	ManagedChannel channel() {
		return this.channel;
	}

	/**
	 * The way to one broker of a cluster, whatever is asked.
	 * @param id the broker's id
	 */
	Channel channel(String id) {
		return ((ClusterChannel) this.channel).to(id);
	}

	Set<String> ids() {
		return this.addresses.keySet();
	}

	/**
	 * Restarts the broker with its data, and returns once it accepts writes again.
	 */
	void restart() {
		this.process.restart();
		// A connection of its own for what comes now, as the old one may still be busy
		// with finding out that it is over.
		ManagedChannel old = this.channel;
		this.channel = connect();
		old.shutdown();
	}

	@Override
	public void close() throws InterruptedException {
		this.channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
		this.process.close();
	}

	/**
	 * Begins and ends a broker's life.
	 */
	interface Process {

		void restart();

		void close();

	}

}
