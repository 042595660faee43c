package io.liftbridge.test.conformance;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.zip.CRC32;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.liftbridge.proto.APIGrpc;
import io.liftbridge.proto.ConsumerGroupMetadata;
import io.liftbridge.proto.CreateStreamRequest;
import io.liftbridge.proto.DeleteStreamRequest;
import io.liftbridge.proto.FetchConsumerGroupAssignmentsRequest;
import io.liftbridge.proto.FetchCursorRequest;
import io.liftbridge.proto.FetchMetadataRequest;
import io.liftbridge.proto.FetchMetadataResponse;
import io.liftbridge.proto.FetchPartitionMetadataRequest;
import io.liftbridge.proto.JoinConsumerGroupRequest;
import io.liftbridge.proto.LeaveConsumerGroupRequest;
import io.liftbridge.proto.PartitionMetadata;
import io.liftbridge.proto.PauseStreamRequest;
import io.liftbridge.proto.ReportConsumerGroupCoordinatorRequest;
import io.liftbridge.proto.SetCursorRequest;
import io.liftbridge.proto.SetStreamReadonlyRequest;
import io.liftbridge.proto.StreamMetadata;
import io.liftbridge.proto.SubscribeRequest;
import org.awaitility.Awaitility;

/**
 * Makes a cluster look like one broker: each call goes to the broker that alone answers
 * it, which the request tells, and what changes metadata returns once all brokers know
 * it. Calls that any broker answers go to the first.
 */
final class ClusterChannel extends ManagedChannel {

	private static final String BARRIER = "barrier-";

	private static final String CURSORS = "__cursors";

	private static final Duration PATIENCE = Duration.ofSeconds(40);

	private static final Duration CALL_TIMEOUT = Duration.ofSeconds(5);

	private static final Duration PAUSE = Duration.ofMillis(100);

	private final Map<String, ManagedChannel> brokers;

	private final ManagedChannel first;

	private final String barrierStream = BARRIER + UUID.randomUUID();

	/**
	 * Connects to all brokers.
	 * @param addresses their addresses by their ids
	 */
	ClusterChannel(Map<String, String> addresses) {
		this.brokers = addresses.entrySet()
			.stream()
			.collect(Collectors.toMap(Map.Entry::getKey,
					(broker) -> NettyChannelBuilder.forTarget(broker.getValue()).usePlaintext().build()));
		this.first = this.brokers.get(addresses.keySet().iterator().next());
		CreateStreamRequest stream = CreateStreamRequest.newBuilder()
			.setName(this.barrierStream)
			.setSubject(this.barrierStream)
			.build();
		patiently(() -> {
			try {
				api(this.first).createStream(stream);
				return true;
			}
			catch (StatusRuntimeException ex) {
				return ex.getStatus().getCode() == Status.Code.ALREADY_EXISTS;
			}
		});
		awaitAllKnow();
	}

	@Override
	public String authority() {
		return this.first.authority();
	}

	@Override
	public <Q, R> ClientCall<Q, R> newCall(MethodDescriptor<Q, R> method, CallOptions options) {
		return method.getType().clientSendsOneMessage() ? new RoutedCall<>(method, options)
				: this.first.newCall(method, options);
	}

	@Override
	public ManagedChannel shutdown() {
		this.brokers.values().forEach(ManagedChannel::shutdown);
		return this;
	}

	@Override
	public ManagedChannel shutdownNow() {
		this.brokers.values().forEach(ManagedChannel::shutdownNow);
		return this;
	}

	@Override
	public boolean isShutdown() {
		return this.brokers.values().stream().allMatch(ManagedChannel::isShutdown);
	}

	@Override
	public boolean isTerminated() {
		return this.brokers.values().stream().allMatch(ManagedChannel::isTerminated);
	}

	@Override
	public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
		long deadline = System.nanoTime() + unit.toNanos(timeout);
		for (ManagedChannel broker : this.brokers.values()) {
			if (!broker.awaitTermination(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Whether a group was founded only to wait until all brokers know of it.
	 */
	static boolean isBarrier(String group) {
		return group.startsWith(BARRIER);
	}

	ManagedChannel to(String id) {
		return this.brokers.get(id);
	}

	private ManagedChannel brokerFor(Object request) {
		String id = "";
		if (request instanceof SubscribeRequest subscribe) {
			id = leader(subscribe.getStream(), subscribe.getPartition());
		}
		else if (request instanceof FetchPartitionMetadataRequest fetch) {
			id = leader(fetch.getStream(), fetch.getPartition());
		}
		else if (request instanceof SetCursorRequest set) {
			id = cursorsLeader(set.getCursorId(), set.getStream(), set.getPartition());
		}
		else if (request instanceof FetchCursorRequest fetch) {
			id = cursorsLeader(fetch.getCursorId(), fetch.getStream(), fetch.getPartition());
		}
		else if (request instanceof FetchConsumerGroupAssignmentsRequest fetch) {
			id = coordinator(fetch.getGroupId());
		}
		else if (request instanceof FetchMetadataRequest fetch && fetch.getGroupsCount() > 0) {
			id = coordinator(fetch.getGroups(0));
		}
		else if (request instanceof FetchMetadataRequest fetch && fetch.getStreamsCount() == 1) {
			// Others do not know offsets and times. All partitions of a stream that is
			// created here have the same leader.
			id = leader(fetch.getStreams(0), 0);
		}
		return this.brokers.getOrDefault(id, this.first);
	}

	private String leader(String stream, int partition) {
		return describe(stream).getPartitionsOrDefault(partition, PartitionMetadata.getDefaultInstance()).getLeader();
	}

	private String cursorsLeader(String cursor, String stream, int partition) {
		StreamMetadata cursors = describe(CURSORS);
		int number = cursorsPartition(cursor, stream, partition, Math.max(1, cursors.getPartitionsCount()));
		return cursors.getPartitionsOrDefault(number, PartitionMetadata.getDefaultInstance()).getLeader();
	}

	/**
	 * Which partition of the stream of cursors keeps a cursor.
	 */
	static int cursorsPartition(String cursor, String stream, int partition, int count) {
		CRC32 hash = new CRC32();
		hash.update((cursor + "," + stream + "," + partition).getBytes(StandardCharsets.UTF_8));
		return (int) (hash.getValue() % count);
	}

	private StreamMetadata describe(String stream) {
		return metadata(this.first, FetchMetadataRequest.newBuilder().addStreams(stream).build(),
				(response) -> response.getStreamMetadata(0));
	}

	private String coordinator(String group) {
		return metadata(this.first, FetchMetadataRequest.newBuilder().addGroups(group).build(),
				(response) -> response.getGroupMetadata(0).getCoordinator());
	}

	private static <T> T metadata(ManagedChannel broker, FetchMetadataRequest request,
			Function<FetchMetadataResponse, T> part) {
		return part.apply(api(broker).fetchMetadata(request));
	}

	private static APIGrpc.APIBlockingStub api(ManagedChannel broker) {
		return APIGrpc.newBlockingStub(broker)
			.withWaitForReady()
			.withDeadlineAfter(CALL_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
	}

	private static boolean changesMetadata(Object request) {
		return request instanceof CreateStreamRequest || request instanceof DeleteStreamRequest
				|| request instanceof PauseStreamRequest || request instanceof SetStreamReadonlyRequest
				|| request instanceof JoinConsumerGroupRequest || request instanceof LeaveConsumerGroupRequest
				|| request instanceof ReportConsumerGroupCoordinatorRequest;
	}

	/**
	 * Changes reach each broker in the same order. So one that knows a group which is
	 * founded now knows all that was before. The group ends by itself.
	 */
	private void awaitAllKnow() {
		String group = BARRIER + UUID.randomUUID();
		JoinConsumerGroupRequest join = JoinConsumerGroupRequest.newBuilder()
			.setGroupId(group)
			.setConsumerId("barrier")
			.addAllStreams(List.of(this.barrierStream))
			.build();
		FetchMetadataRequest request = FetchMetadataRequest.newBuilder().addGroups(group).build();
		patiently(() -> {
			try {
				api(this.first).joinConsumerGroup(join);
				return true;
			}
			catch (StatusRuntimeException ex) {
				// An earlier attempt whose answer was lost.
				return ex.getStatus().getCode() == Status.Code.FAILED_PRECONDITION;
			}
		});
		patiently(() -> this.brokers.values()
			.stream()
			.allMatch((broker) -> metadata(broker, request,
					(response) -> response.getGroupMetadata(0).getError() == ConsumerGroupMetadata.Error.OK)));
	}

	private static void patiently(Callable<Boolean> condition) {
		Awaitility.await()
			.atMost(PATIENCE)
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(5))
			.ignoreExceptionsInstanceOf(StatusRuntimeException.class)
			.until(condition);
	}

	/**
	 * Whether a change was not even begun, as the brokers were about to elect a metadata
	 * leader. They do that also when their machine is too busy for them to hear of each
	 * other in time.
	 */
	private static boolean isElection(Status status) {
		String text = String.valueOf(status.getDescription());
		return status.getCode() == Status.Code.INTERNAL && (text.contains("no responders available")
				|| text.contains("no known metadata leader") || text.contains("not metadata leader"));
	}

	/**
	 * A call that begins once its request is there, and with it the broker.
	 */
	private final class RoutedCall<Q, R> extends ClientCall<Q, R> {

		private final MethodDescriptor<Q, R> method;

		private final CallOptions options;

		private Listener<R> listener;

		private Metadata headers;

		private int requested;

		private volatile ClientCall<Q, R> call;

		RoutedCall(MethodDescriptor<Q, R> method, CallOptions options) {
			this.method = method;
			this.options = options;
		}

		@Override
		public void start(Listener<R> listener, Metadata headers) {
			this.listener = listener;
			this.headers = headers;
		}

		@Override
		public void request(int count) {
			this.requested += count;
			if (this.call != null) {
				this.call.request(count);
			}
		}

		@Override
		public void sendMessage(Q request) {
			ClientCall<Q, R> call = brokerFor(request).newCall(this.method, this.options);
			call.start(changesMetadata(request) ? new ChangeListener(request) : this.listener, this.headers);
			this.call = call;
			if (this.requested > 0) {
				call.request(this.requested);
			}
			call.sendMessage(request);
		}

		@Override
		public void halfClose() {
			this.call.halfClose();
		}

		@Override
		public void cancel(String message, Throwable cause) {
			ClientCall<Q, R> call = this.call;
			if (call != null) {
				call.cancel(message, cause);
			}
			else if (this.listener != null) {
				this.listener.onClose(Status.CANCELLED.withDescription(message).withCause(cause), new Metadata());
			}
		}

		/**
		 * Tells of a change's success once all brokers know it.
		 */
		private final class ChangeListener extends SimpleForwardingClientCallListener<R> {

			private final Q request;

			ChangeListener(Q request) {
				super(RoutedCall.this.listener);
				this.request = request;
			}

			@Override
			public void onClose(Status status, Metadata trailers) {
				Status end = status;
				try {
					if (isElection(status)) {
						LockSupport.parkNanos(PAUSE.toNanos());
						sendMessage(this.request);
						RoutedCall.this.halfClose();
						return;
					}
					if (status.isOk()) {
						awaitAllKnow();
					}
				}
				catch (RuntimeException ex) {
					end = Status.ABORTED.withDescription("Not all brokers know of it").withCause(ex);
				}
				super.onClose(end, trailers);
			}

		}

	}

}
