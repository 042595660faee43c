package io.liftbridge.client.fake;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import io.liftbridge.proto.Broker;
import io.liftbridge.proto.FetchMetadataResponse;
import io.liftbridge.proto.StreamMetadata;

/**
 * Scripted brokers that share streams, cursors and logs in memory, so that a broker can
 * be killed and started again. Says what a real server says, where no script says
 * something else.
 */
public final class FakeCluster implements AutoCloseable {

	private final List<FakeBroker> brokers = new CopyOnWriteArrayList<>();

	private final Map<String, List<FakePartition>> streams = new ConcurrentHashMap<>();

	private final Map<String, Long> created = new ConcurrentHashMap<>();

	private final Map<String, Long> cursors = new ConcurrentHashMap<>();

	private final FakeGroups groups = new FakeGroups(this);

	private final List<String> members = new CopyOnWriteArrayList<>();

	/**
	 * Starts brokers b1, b2 and so on.
	 * @param size how many
	 */
	public FakeCluster(int size) {
		this(size, new FakeTls[0]);
	}

	/**
	 * Starts brokers.
	 * @param size how many
	 * @param tls encryption, none or one
	 */
	public FakeCluster(int size, FakeTls... tls) {
		for (int i = 1; i <= size; i++) {
			this.brokers.add(new FakeBroker("b" + i, this, (tls.length > 0) ? tls[0] : null));
			this.members.add("b" + i);
		}
	}

	/**
	 * A broker.
	 * @param number counted from 1
	 * @return the broker
	 */
	public FakeBroker broker(int number) {
		return this.brokers.get(number - 1);
	}

	/**
	 * Adds a stream, all of whose partitions the first broker leads.
	 * @param name its name
	 * @param partitions how many
	 * @return its partitions
	 */
	public List<FakePartition> stream(String name, int partitions) {
		List<FakePartition> list = new ArrayList<>();
		for (int i = 0; i < partitions; i++) {
			list.add(new FakePartition(name, i, "b1"));
		}
		return (this.streams.putIfAbsent(name, list) == null) ? list : List.of();
	}

	/**
	 * Adds a stream with one partition, led by the first broker.
	 * @param name its name
	 * @return its partition
	 */
	public FakePartition stream(String name) {
		return stream(name, 1).get(0);
	}

	/**
	 * Removes a stream.
	 * @param name its name
	 * @return whether it was there
	 */
	public boolean remove(String name) {
		return this.streams.remove(name) != null;
	}

	/**
	 * Says when a stream was created. Otherwise nothing is told of that.
	 * @param name its name
	 * @param nanos Unix nanoseconds
	 */
	public void created(String name, long nanos) {
		this.created.put(name, nanos);
	}

	FakePartition partition(String stream, int partition) {
		List<FakePartition> partitions = this.streams.get(stream);
		return (partitions != null && partition >= 0 && partition < partitions.size()) ? partitions.get(partition)
				: null;
	}

	int partitions(String stream) {
		return this.streams.getOrDefault(stream, List.of()).size();
	}

	/**
	 * The consumer groups.
	 * @return the groups
	 */
	public FakeGroups groups() {
		return this.groups;
	}

	/**
	 * The cursors as they are stored.
	 * @return by "id,stream,partition"
	 */
	public Map<String, Long> cursors() {
		return this.cursors;
	}

	/**
	 * Takes a broker out of the list that the others tell; it goes on running.
	 * @param number counted from 1
	 */
	public void forget(int number) {
		this.members.remove("b" + number);
	}

	/**
	 * Adds a broker that was started with the others but forgotten.
	 * @param number counted from 1
	 */
	public void remember(int number) {
		this.members.add("b" + number);
	}

	/**
	 * Tells what the brokers say of the cluster.
	 * @return the metadata
	 */
	public FetchMetadataResponse metadata() {
		FetchMetadataResponse.Builder response = FetchMetadataResponse.newBuilder();
		for (FakeBroker broker : this.brokers) {
			if (this.members.contains(broker.id())) {
				response.addBrokers(
						Broker.newBuilder().setId(broker.id()).setHost("127.0.0.1").setPort(broker.port()).build());
			}
		}
		this.streams.forEach((name, partitions) -> {
			StreamMetadata.Builder stream = StreamMetadata.newBuilder()
				.setName(name)
				.setSubject(name)
				.setCreationTimestamp(this.created.getOrDefault(name, 0L));
			for (int i = 0; i < partitions.size(); i++) {
				stream.putPartitions(i, partitions.get(i).metadata());
			}
			response.addStreamMetadata(stream);
		});
		return response.build();
	}

	/**
	 * The addresses of all brokers.
	 * @return host:port
	 */
	public String[] seeds() {
		return this.brokers.stream().map(FakeBroker::address).toArray(String[]::new);
	}

	@Override
	public void close() {
		this.brokers.forEach(FakeBroker::kill);
	}

}
