package io.liftbridge.embedded.api;

import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;

import io.grpc.ServerServiceDefinition;
import io.liftbridge.embedded.log.LogException;
import io.liftbridge.embedded.log.LogReader;
import io.liftbridge.embedded.stream.GroupSubscribers;
import io.liftbridge.embedded.stream.Partition;
import io.liftbridge.embedded.stream.RefusedException;
import io.liftbridge.embedded.stream.Stream;
import io.liftbridge.embedded.stream.Streams;
import io.liftbridge.proto.APIGrpc;
import io.liftbridge.proto.Consumer;
import io.liftbridge.proto.SubscribeRequest;
import org.jspecify.annotations.Nullable;

/**
 * Opens subscriptions.
 */
final class SubscribeApi {

	private final Streams streams;

	private final Supplier<ScheduledExecutorService> currentLoop;

	SubscribeApi(Streams streams, Supplier<ScheduledExecutorService> currentLoop) {
		this.streams = streams;
		this.currentLoop = currentLoop;
	}

	void addTo(ServerServiceDefinition.Builder service) {
		service.addMethod(Calls.define(APIGrpc.getSubscribeMethod(), new StoredMessageMarshaller(),
				(call, headers) -> new SubscribeCall(call, this, this.currentLoop.get())));
	}

	/**
	 * Opens a subscription.
	 * @param request what is wanted
	 * @param displaced called when another member of the same group takes over
	 * @throws RefusedException if it cannot be had
	 */
	Subscription open(SubscribeRequest request, Runnable displaced) {
		Consumer consumer = request.getConsumer();
		if (!consumer.getGroupId().isEmpty() && consumer.getConsumerId().isEmpty()) {
			throw RefusedException.invalid("Consumer id cannot be empty when group id is provided");
		}
		Stream stream = this.streams.find(request.getStream());
		Partition partition = (stream != null) ? stream.partition(request.getPartition()) : null;
		if (stream == null || partition == null) {
			throw RefusedException.notFound("No such partition");
		}
		if (request.getResume()) {
			this.streams.resumeFor(stream, partition);
		}
		if (consumer.getGroupId().isEmpty()) {
			return read(request, partition, Range.of(request, partition.log()), null);
		}
		GroupSubscribers.Member member = new GroupSubscribers.Member(consumer.getGroupId(), consumer.getConsumerId(),
				consumer.getGroupEpoch(), displaced);
		return partition.groupSubscribers()
			.admit(member, () -> Range.of(request, partition.log()),
					(range) -> read(request, partition, range, member));
	}

	private static Subscription read(SubscribeRequest request, Partition partition, Range range,
			GroupSubscribers.@Nullable Member member) {
		try {
			LogReader reader = request.getReverse() ? partition.log().reverseReader(range.start())
					: partition.log().reader(range.start());
			return new Subscription(partition, reader, range.stop(), member);
		}
		catch (LogException ex) {
			throw RefusedException.internal("Failed to create stream reader: " + ex.getMessage());
		}
	}

}
