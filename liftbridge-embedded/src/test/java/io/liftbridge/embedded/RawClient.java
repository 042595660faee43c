package io.liftbridge.embedded;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.liftbridge.proto.APIGrpc;
import io.liftbridge.proto.APIGrpc.APIBlockingStub;
import io.liftbridge.proto.Ack;
import io.liftbridge.proto.CreateStreamRequest;
import io.liftbridge.proto.DeleteStreamRequest;
import io.liftbridge.proto.FetchMetadataRequest;
import io.liftbridge.proto.PartitionMetadata;
import io.liftbridge.proto.PauseStreamRequest;
import io.liftbridge.proto.PublishRequest;
import io.liftbridge.proto.SetStreamReadonlyRequest;
import io.liftbridge.proto.StartPosition;
import io.liftbridge.proto.SubscribeRequest;

/**
 * The generated stubs with a few abbreviations.
 */
final class RawClient implements AutoCloseable {

	private final ManagedChannel channel;

	RawClient(EmbeddedBroker broker) {
		this.channel = NettyChannelBuilder.forAddress(broker.host(), broker.port())
			.usePlaintext()
			.maxInboundMessageSize(8 * 1024 * 1024)
			.build();
	}

	ManagedChannel channel() {
		return this.channel;
	}

	/**
	 * Calls with a deadline that is never reached.
	 */
	APIBlockingStub call() {
		return call(20_000);
	}

	APIBlockingStub call(long deadlineMillis) {
		return withoutDeadline().withDeadlineAfter(deadlineMillis, TimeUnit.MILLISECONDS);
	}

	APIBlockingStub withoutDeadline() {
		return APIGrpc.newBlockingStub(this.channel);
	}

	/**
	 * What a call that fails fails with, as code and text.
	 */
	String failure(Function<APIBlockingStub, ?> call) {
		return failureOf(() -> call.apply(call()));
	}

	static String failureOf(Runnable call) {
		try {
			call.run();
		}
		catch (StatusRuntimeException ex) {
			String text = ex.getStatus().getDescription();
			return ex.getStatus().getCode() + ((text != null) ? " " + text : "");
		}
		throw new AssertionError("The call did not fail");
	}

	void create(String name, int partitions) {
		create(stream(name).setPartitions(partitions));
	}

	void create(CreateStreamRequest.Builder stream) {
		call().createStream(stream.build());
	}

	static CreateStreamRequest.Builder stream(String name) {
		return CreateStreamRequest.newBuilder().setName(name).setSubject(name);
	}

	void delete(String name) {
		call().deleteStream(DeleteStreamRequest.newBuilder().setName(name).build());
	}

	void pause(String name, Integer... partitions) {
		call().pauseStream(PauseStreamRequest.newBuilder().setName(name).addAllPartitions(List.of(partitions)).build());
	}

	void setReadonly(String name, boolean readonly) {
		call().setStreamReadonly(SetStreamReadonlyRequest.newBuilder().setName(name).setReadonly(readonly).build());
	}

	static PublishRequest.Builder message(String stream, String value) {
		return PublishRequest.newBuilder()
			.setStream(stream)
			.setValue(ByteString.copyFromUtf8(value))
			.setExpectedOffset(-1);
	}

	Ack publish(PublishRequest.Builder message) {
		return call().publish(message.build()).getAck();
	}

	Ack publish(String stream, String value) {
		return publish(message(stream, value));
	}

	void publishAll(String stream, String... values) {
		for (String value : values) {
			publish(stream, value);
		}
	}

	PartitionMetadata partition(String stream, int partition) {
		return call().fetchMetadata(FetchMetadataRequest.newBuilder().addStreams(stream).build())
			.getStreamMetadata(0)
			.getPartitionsMap()
			.get(partition);
	}

	static SubscribeRequest.Builder from(String stream, StartPosition position) {
		return SubscribeRequest.newBuilder().setStream(stream).setStartPosition(position);
	}

	static SubscribeRequest.Builder fromOffset(String stream, long offset) {
		return from(stream, StartPosition.OFFSET).setStartOffset(offset);
	}

	static SubscribeRequest.Builder fromEarliest(String stream) {
		return from(stream, StartPosition.EARLIEST);
	}

	Subscriber subscribe(SubscribeRequest.Builder request) {
		return new Subscriber(this.channel, request.build(), 1_000_000);
	}

	Subscriber subscribeSlowly(SubscribeRequest.Builder request, int requested) {
		return new Subscriber(this.channel, request.build(), requested);
	}

	Pipe pipe() {
		return new Pipe(this.channel, 1_000_000);
	}

	@Override
	public void close() {
		this.channel.shutdownNow();
	}

}
