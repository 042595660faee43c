package io.liftbridge.test.conformance;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.liftbridge.proto.APIGrpc;
import io.liftbridge.proto.Ack;
import io.liftbridge.proto.CreateStreamRequest;
import io.liftbridge.proto.DeleteStreamRequest;
import io.liftbridge.proto.FetchMetadataRequest;
import io.liftbridge.proto.FetchPartitionMetadataRequest;
import io.liftbridge.proto.NullableBool;
import io.liftbridge.proto.NullableInt32;
import io.liftbridge.proto.NullableInt64;
import io.liftbridge.proto.PartitionMetadata;
import io.liftbridge.proto.PauseStreamRequest;
import io.liftbridge.proto.PublishRequest;
import io.liftbridge.proto.PublishResponse;
import io.liftbridge.proto.SetStreamReadonlyRequest;
import io.liftbridge.proto.StartPosition;
import io.liftbridge.proto.StreamMetadata;
import io.liftbridge.proto.SubscribeRequest;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * What all families of scenarios share. The broker is shared by scenarios that run at the
 * same time, so each uses streams, groups and cursors of its own.
 */
@Execution(ExecutionMode.CONCURRENT)
@DisplayNameGeneration(SentenceNames.class)
abstract class Scenarios {

	private static final Duration DEADLINE = Duration.ofSeconds(10);

	private static final Duration PATIENCE = Duration.ofSeconds(15);

	private final Queue<Recording<?, ?>> recordings = new ConcurrentLinkedQueue<>();

	private BrokerUnderTest broker;

	@BeforeEach
	void attach(BrokerUnderTest broker) {
		this.broker = broker;
	}

	@AfterEach
	void cancelCalls() {
		this.recordings.forEach(Recording::cancel);
	}

	BrokerUnderTest broker() {
		return this.broker;
	}

	APIGrpc.APIBlockingStub api() {
		return api(DEADLINE);
	}

	APIGrpc.APIBlockingStub api(Duration deadline) {
		return APIGrpc.newBlockingStub(this.broker.channel())
			.withWaitForReady()
			.withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS);
	}

	APIGrpc.APIBlockingStub apiWithoutDeadline() {
		return APIGrpc.newBlockingStub(this.broker.channel());
	}

	static String uniqueName(String prefix) {
		return prefix + "-" + UUID.randomUUID();
	}

	static ByteString bytes(String text) {
		return ByteString.copyFromUtf8(text);
	}

	static NullableBool enabled() {
		return NullableBool.newBuilder().setValue(true).build();
	}

	static NullableInt32 int32(int value) {
		return NullableInt32.newBuilder().setValue(value).build();
	}

	static NullableInt64 int64(long value) {
		return NullableInt64.newBuilder().setValue(value).build();
	}

	/**
	 * Creates a stream with one partition; its subject is its name.
	 */
	String newStream() {
		return newStream((request) -> request);
	}

	String newStream(UnaryOperator<CreateStreamRequest.Builder> options) {
		String name = uniqueName("stream");
		api().createStream(options.apply(CreateStreamRequest.newBuilder().setName(name).setSubject(name)).build());
		return name;
	}

	String newStreamWith(String... values) {
		String stream = newStream();
		for (String value : values) {
			publish(stream, value);
		}
		return stream;
	}

	Ack publish(String stream, String value) {
		return publish(stream, (request) -> request.setValue(bytes(value)));
	}

	Ack publish(String stream, UnaryOperator<PublishRequest.Builder> options) {
		return api().publish(options.apply(publishRequest(stream)).build()).getAck();
	}

	static PublishRequest.Builder publishRequest(String stream) {
		return PublishRequest.newBuilder().setStream(stream).setExpectedOffset(-1);
	}

	void pause(String stream, Integer... partitions) {
		api()
			.pauseStream(PauseStreamRequest.newBuilder().setName(stream).addAllPartitions(List.of(partitions)).build());
	}

	void setReadonly(String stream, boolean readonly, Integer... partitions) {
		api().setStreamReadonly(SetStreamReadonlyRequest.newBuilder()
			.setName(stream)
			.addAllPartitions(List.of(partitions))
			.setReadonly(readonly)
			.build());
	}

	void delete(String stream) {
		api().deleteStream(DeleteStreamRequest.newBuilder().setName(stream).build());
	}

	StreamMetadata describe(String stream) {
		return api().fetchMetadata(FetchMetadataRequest.newBuilder().addStreams(stream).build()).getStreamMetadata(0);
	}

	PartitionMetadata describePartition(String stream, int partition) {
		return api()
			.fetchPartitionMetadata(
					FetchPartitionMetadataRequest.newBuilder().setStream(stream).setPartition(partition).build())
			.getMetadata();
	}

	/**
	 * Opens a subscription and does not wait for anything.
	 */
	Subscriber subscribe(String stream, UnaryOperator<SubscribeRequest.Builder> options) {
		return subscribe(options.apply(SubscribeRequest.newBuilder().setStream(stream)).build());
	}

	Subscriber subscribe(SubscribeRequest request) {
		return subscribe(APIGrpc.newStub(this.broker.channel()), request);
	}

	Subscriber subscribe(APIGrpc.APIStub api, SubscribeRequest request) {
		Subscriber subscriber = new Subscriber();
		this.recordings.add(subscriber);
		api.withWaitForReady().subscribe(request, subscriber);
		return subscriber;
	}

	Subscriber subscribeFromEarliest(String stream) {
		return subscribe(stream, (request) -> request.setStartPosition(StartPosition.EARLIEST)).live();
	}

	/**
	 * Opens a pipe of messages.
	 */
	Pipe openPipe() {
		Recording<PublishRequest, PublishResponse> responses = new Recording<>();
		this.recordings.add(responses);
		return new Pipe(APIGrpc.newStub(this.broker.channel()).withWaitForReady().publishAsync(responses), responses);
	}

	static void assertRefused(Status.Code code, String text, ThrowingCallable call) {
		StatusRuntimeException refusal = catchThrowableOfType(StatusRuntimeException.class, call);
		assertThat(refusal).as("refusal").isNotNull();
		assertStatus(refusal.getStatus(), code, text);
	}

	/**
	 * The code that a call fails with, for the statuses whose text is made on the
	 * client's side.
	 */
	static Status.Code codeOf(ThrowingCallable call) {
		StatusRuntimeException refusal = catchThrowableOfType(StatusRuntimeException.class, call);
		return (refusal != null) ? refusal.getStatus().getCode() : Status.Code.OK;
	}

	static void awaitUntil(Callable<Boolean> condition) {
		Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(condition);
	}

	static void assertStatus(Status status, Status.Code code, String text) {
		assertThat(status.getCode() + " " + status.getDescription()).isEqualTo(code + " " + text);
	}

	/**
	 * Both ends of a PublishAsync call.
	 */
	record Pipe(StreamObserver<PublishRequest> requests, Recording<PublishRequest, PublishResponse> responses) {

		Pipe send(PublishRequest.Builder request) {
			this.requests.onNext(request.build());
			return this;
		}

		PublishResponse next() {
			return this.responses.next();
		}

	}

}
