package io.liftbridge.embedded.api;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;

import io.grpc.ServerServiceDefinition;
import io.liftbridge.embedded.cursor.Cursors;
import io.liftbridge.embedded.group.ConsumerGroups;
import io.liftbridge.embedded.stream.Cluster;
import io.liftbridge.embedded.stream.MetadataLeader;
import io.liftbridge.embedded.stream.Streams;
import io.liftbridge.embedded.stream.Subjects;
import io.liftbridge.proto.APIGrpc;
import io.liftbridge.proto.Broker;

/**
 * The service {@code proto.API}. What is not in here answers UNIMPLEMENTED.
 *
 * @param cluster the cluster
 * @param leader its metadata leader
 * @param subjects where messages are sent
 * @param streams the streams
 * @param groups the consumer groups
 * @param consumerTimeout what consumers are told
 * @param coordinatorTimeout what consumers are told
 */
public record BrokerApi(Cluster cluster, MetadataLeader leader, Subjects subjects, Streams streams,
		ConsumerGroups groups, Duration consumerTimeout, Duration coordinatorTimeout) {

	/**
	 * Builds the service.
	 * @param self the broker as it is reached by clients
	 * @param currentLoop the event loop of the calling thread
	 * @return the service
	 */
	public ServerServiceDefinition service(Supplier<Broker> self, Supplier<ScheduledExecutorService> currentLoop) {
		ServerServiceDefinition.Builder service = ServerServiceDefinition.builder(APIGrpc.SERVICE_NAME);
		new StreamApi(this.streams, this.leader).addTo(service);
		new MetadataApi(this.streams, this.groups, self).addTo(service);
		new PublishApi(new Publisher(this.cluster, this.streams, this.subjects), this.subjects, currentLoop)
			.addTo(service);
		new SubscribeApi(this.streams, currentLoop).addTo(service);
		new CursorApi(new Cursors(this.streams, this.subjects)).addTo(service);
		new GroupApi(this.groups, this.leader, this.cluster, this.consumerTimeout, this.coordinatorTimeout)
			.addTo(service);
		return service.build();
	}

}
