package io.liftbridge.client.fake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.zip.CRC32;

import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.liftbridge.proto.APIGrpc;
import io.liftbridge.proto.Ack;
import io.liftbridge.proto.CreateStreamRequest;
import io.liftbridge.proto.CreateStreamResponse;
import io.liftbridge.proto.DeleteStreamRequest;
import io.liftbridge.proto.DeleteStreamResponse;
import io.liftbridge.proto.FetchConsumerGroupAssignmentsRequest;
import io.liftbridge.proto.FetchConsumerGroupAssignmentsResponse;
import io.liftbridge.proto.FetchCursorRequest;
import io.liftbridge.proto.FetchCursorResponse;
import io.liftbridge.proto.FetchMetadataRequest;
import io.liftbridge.proto.FetchMetadataResponse;
import io.liftbridge.proto.FetchPartitionMetadataRequest;
import io.liftbridge.proto.FetchPartitionMetadataResponse;
import io.liftbridge.proto.JoinConsumerGroupRequest;
import io.liftbridge.proto.JoinConsumerGroupResponse;
import io.liftbridge.proto.LeaveConsumerGroupRequest;
import io.liftbridge.proto.LeaveConsumerGroupResponse;
import io.liftbridge.proto.Message;
import io.liftbridge.proto.PauseStreamRequest;
import io.liftbridge.proto.PauseStreamResponse;
import io.liftbridge.proto.PublishRequest;
import io.liftbridge.proto.PublishResponse;
import io.liftbridge.proto.PublishToSubjectRequest;
import io.liftbridge.proto.PublishToSubjectResponse;
import io.liftbridge.proto.ReportConsumerGroupCoordinatorRequest;
import io.liftbridge.proto.ReportConsumerGroupCoordinatorResponse;
import io.liftbridge.proto.SetCursorRequest;
import io.liftbridge.proto.SetCursorResponse;
import io.liftbridge.proto.SetStreamReadonlyRequest;
import io.liftbridge.proto.SetStreamReadonlyResponse;
import io.liftbridge.proto.SubscribeRequest;

/**
 * A scripted broker on 127.0.0.1. Without a script it says what a real server says.
 */
public final class FakeBroker extends APIGrpc.APIImplBase {

	/** Whoever kills brokers need not read of each broken connection. */
	private static final Logger GRPC_LOGGER = Logger.getLogger("io.grpc");

	static {
		GRPC_LOGGER.setLevel(Level.SEVERE);
	}

	private final String id;

	private final FakeCluster cluster;

	private final FakeTls tls;

	private final List<PublishCall> publishCalls = new CopyOnWriteArrayList<>();

	private final List<SubscriberCall> subscriberCalls = new CopyOnWriteArrayList<>();

	private final Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();

	private final Map<String, Unary<?, ?>> scripts = new ConcurrentHashMap<>();

	private volatile PublishCall.Script publishScript = (request, call) -> call.store(request);

	private volatile SubscriberCall.Script subscribeScript = SubscriberCall::serve;

	private volatile Server server;

	private volatile int port;

	FakeBroker(String id, FakeCluster cluster, FakeTls tls) {
		this.id = id;
		this.cluster = cluster;
		this.tls = tls;
		start();
	}

	/** Starts it, again on the same port. */
	public void start() {
		try {
			NettyServerBuilder builder = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", this.port))
				.addService(this);
			if (this.tls != null) {
				SslContextBuilder ssl = GrpcSslContexts.forServer(this.tls.certificate(), this.tls.key());
				if (this.tls.clientAuthority() != null) {
					ssl.trustManager(this.tls.clientAuthority()).clientAuth(ClientAuth.REQUIRE);
				}
				builder.sslContext(ssl.build());
			}
			this.server = builder.build().start();
			this.port = this.server.getPort();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Ends it at once; connections break. */
	public void kill() {
		Server running = this.server;
		running.shutdownNow();
		try {
			running.awaitTermination();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Its id.
	 * @return the id
	 */
	public String id() {
		return this.id;
	}

	/**
	 * Its port.
	 * @return the port
	 */
	public int port() {
		return this.port;
	}

	/**
	 * Its address.
	 * @return host:port
	 */
	public String address() {
		return "127.0.0.1:" + this.port;
	}

	FakeCluster cluster() {
		return this.cluster;
	}

	/**
	 * The PublishAsync calls so far.
	 * @return the calls in order
	 */
	public List<PublishCall> publishCalls() {
		return List.copyOf(this.publishCalls);
	}

	/**
	 * The Subscribe calls so far.
	 * @return the calls in order
	 */
	public List<SubscriberCall> subscriberCalls() {
		return List.copyOf(this.subscriberCalls);
	}

	/**
	 * Counts calls.
	 * @param method name of the call, as "FetchMetadata"
	 * @return how many there were
	 */
	public int count(String method) {
		return counter(method).get();
	}

	private AtomicInteger counter(String method) {
		return this.counts.computeIfAbsent(method, (key) -> new AtomicInteger());
	}

	/**
	 * Says something about each published message.
	 * @param script what
	 */
	public void onPublish(PublishCall.Script script) {
		this.publishScript = script;
	}

	/**
	 * Says something about each subscription.
	 * @param script what
	 */
	public void onSubscribe(SubscriberCall.Script script) {
		this.subscribeScript = script;
	}

	/**
	 * Answers a unary call.
	 * @param method name of the call, as "FetchMetadata"
	 * @param script the answer
	 * @param <Q> the request
	 * @param <R> the response
	 */
	public <Q, R> void on(String method, Unary<Q, R> script) {
		this.scripts.put(method, script);
	}

	/**
	 * Lets calls fail.
	 * @param method name of the call, as "FetchMetadata"
	 * @param status how they fail
	 */
	public void fail(String method, Status status) {
		on(method, (request, observer, usual) -> observer.onError(status.asRuntimeException()));
	}

	/**
	 * Lets calls go unanswered.
	 * @param method name of the call, as "FetchMetadata"
	 */
	public void hang(String method) {
		on(method, (request, observer, usual) -> {
		});
	}

	/**
	 * Answers as usual again.
	 * @param method name of the call, as "FetchMetadata"
	 */
	public void behave(String method) {
		this.scripts.remove(method);
	}

	@SuppressWarnings("unchecked")
	private <Q, R> void unary(String method, Q request, StreamObserver<R> observer, Runnable usual) {
		counter(method).incrementAndGet();
		Unary<Q, R> script = (Unary<Q, R>) this.scripts.get(method);
		if (script != null) {
			script.answer(request, observer, usual);
		}
		else {
			usual.run();
		}
	}

	private static <R> void answer(StreamObserver<R> observer, R response) {
		observer.onNext(response);
		observer.onCompleted();
	}

	private static void refuse(StreamObserver<?> observer, Status status, String text) {
		observer.onError(status.withDescription(text).asRuntimeException());
	}

	@Override
	public void fetchMetadata(FetchMetadataRequest request, StreamObserver<FetchMetadataResponse> observer) {
		unary("FetchMetadata", request, observer, () -> answer(observer,
				this.cluster.metadata()
					.toBuilder()
					.addAllGroupMetadata(request.getGroupsList().stream().map(this.cluster.groups()::metadata).toList())
					.build()));
	}

	@Override
	public void fetchPartitionMetadata(FetchPartitionMetadataRequest request,
			StreamObserver<FetchPartitionMetadataResponse> observer) {
		unary("FetchPartitionMetadata", request, observer, () -> {
			FakePartition partition = this.cluster.partition(request.getStream(), request.getPartition());
			if (partition == null) {
				refuse(observer, Status.NOT_FOUND, "partition not found");
			}
			else if (partition.paused || !partition.leader().equals(this.id)) {
				refuse(observer, Status.FAILED_PRECONDITION, "The request should be sent to partition leader");
			}
			else {
				answer(observer, FetchPartitionMetadataResponse.newBuilder().setMetadata(partition.metadata()).build());
			}
		});
	}

	@Override
	public void joinConsumerGroup(JoinConsumerGroupRequest request,
			StreamObserver<JoinConsumerGroupResponse> observer) {
		unary("JoinConsumerGroup", request, observer,
				() -> orRefuse(observer, () -> this.cluster.groups().join(request)));
	}

	@Override
	public void leaveConsumerGroup(LeaveConsumerGroupRequest request,
			StreamObserver<LeaveConsumerGroupResponse> observer) {
		unary("LeaveConsumerGroup", request, observer, () -> orRefuse(observer, () -> {
			this.cluster.groups().leave(request);
			return LeaveConsumerGroupResponse.getDefaultInstance();
		}));
	}

	@Override
	public void fetchConsumerGroupAssignments(FetchConsumerGroupAssignmentsRequest request,
			StreamObserver<FetchConsumerGroupAssignmentsResponse> observer) {
		unary("FetchConsumerGroupAssignments", request, observer,
				() -> orRefuse(observer, () -> this.cluster.groups().assignments(request, this.id)));
	}

	@Override
	public void reportConsumerGroupCoordinator(ReportConsumerGroupCoordinatorRequest request,
			StreamObserver<ReportConsumerGroupCoordinatorResponse> observer) {
		unary("ReportConsumerGroupCoordinator", request, observer, () -> orRefuse(observer, () -> {
			this.cluster.groups().report(request);
			return ReportConsumerGroupCoordinatorResponse.getDefaultInstance();
		}));
	}

	private static <R> void orRefuse(StreamObserver<R> observer, Supplier<R> response) {
		try {
			answer(observer, response.get());
		}
		catch (StatusRuntimeException ex) {
			observer.onError(ex);
		}
	}

	@Override
	public void createStream(CreateStreamRequest request, StreamObserver<CreateStreamResponse> observer) {
		unary("CreateStream", request, observer, () -> {
			if (this.cluster.stream(request.getName(), request.getPartitions()).isEmpty()) {
				refuse(observer, Status.ALREADY_EXISTS, "stream already exists");
			}
			else {
				answer(observer, CreateStreamResponse.getDefaultInstance());
			}
		});
	}

	@Override
	public void deleteStream(DeleteStreamRequest request, StreamObserver<DeleteStreamResponse> observer) {
		unary("DeleteStream", request, observer, () -> {
			if (this.cluster.remove(request.getName())) {
				answer(observer, DeleteStreamResponse.getDefaultInstance());
			}
			else {
				refuse(observer, Status.NOT_FOUND, "stream does not exist");
			}
		});
	}

	@Override
	public void pauseStream(PauseStreamRequest request, StreamObserver<PauseStreamResponse> observer) {
		unary("PauseStream", request, observer, () -> answer(observer, PauseStreamResponse.getDefaultInstance()));
	}

	@Override
	public void setStreamReadonly(SetStreamReadonlyRequest request,
			StreamObserver<SetStreamReadonlyResponse> observer) {
		unary("SetStreamReadonly", request, observer,
				() -> answer(observer, SetStreamReadonlyResponse.getDefaultInstance()));
	}

	@Override
	public void publish(PublishRequest request, StreamObserver<PublishResponse> observer) {
		unary("Publish", request, observer, () -> {
			FakePartition partition = this.cluster.partition(request.getStream(), request.getPartition());
			if (partition == null) {
				refuse(observer, Status.NOT_FOUND, "no such stream: " + request.getStream());
				return;
			}
			answer(observer,
					PublishResponse.newBuilder()
						.setAck(Ack.newBuilder()
							.setStream(request.getStream())
							.setOffset(partition.append(request))
							.setAckPolicy(request.getAckPolicy())
							.setAckInbox(request.getAckInbox())
							.setCorrelationId(request.getCorrelationId()))
						.build());
		});
	}

	@Override
	public void publishToSubject(PublishToSubjectRequest request, StreamObserver<PublishToSubjectResponse> observer) {
		unary("PublishToSubject", request, observer,
				() -> answer(observer,
						PublishToSubjectResponse.newBuilder()
							.setAck(Ack.newBuilder().setStream(request.getSubject()).setOffset(7))
							.build()));
	}

	@Override
	public void setCursor(SetCursorRequest request, StreamObserver<SetCursorResponse> observer) {
		unary("SetCursor", request, observer, () -> {
			String name = request.getCursorId() + "," + request.getStream() + "," + request.getPartition();
			if (isCursorLeader(name, observer)) {
				this.cluster.cursors().put(name, request.getOffset());
				answer(observer, SetCursorResponse.getDefaultInstance());
			}
		});
	}

	@Override
	public void fetchCursor(FetchCursorRequest request, StreamObserver<FetchCursorResponse> observer) {
		unary("FetchCursor", request, observer, () -> {
			String name = request.getCursorId() + "," + request.getStream() + "," + request.getPartition();
			if (isCursorLeader(name, observer)) {
				answer(observer,
						FetchCursorResponse.newBuilder()
							.setOffset(this.cluster.cursors().getOrDefault(name, -1L))
							.build());
			}
		});
	}

	private boolean isCursorLeader(String name, StreamObserver<?> observer) {
		int partitions = this.cluster.partitions("__cursors");
		if (partitions == 0) {
			refuse(observer, Status.INTERNAL, "Cursors stream does not exist");
			return false;
		}
		CRC32 crc = new CRC32();
		crc.update(name.getBytes(StandardCharsets.UTF_8));
		int partition = (int) (crc.getValue() % partitions);
		if (!this.cluster.partition("__cursors", partition).leader().equals(this.id)) {
			refuse(observer, Status.FAILED_PRECONDITION, "Server not leader for cursors partition " + partition);
			return false;
		}
		return true;
	}

	@Override
	public StreamObserver<PublishRequest> publishAsync(StreamObserver<PublishResponse> observer) {
		PublishCall call = new PublishCall(this, (ServerCallStreamObserver<PublishResponse>) observer);
		this.publishCalls.add(call);
		return new StreamObserver<>() {

			@Override
			public void onNext(PublishRequest request) {
				call.receive(request);
				FakeBroker.this.publishScript.message(request, call);
			}

			@Override
			public void onError(Throwable ex) {
				// The client hung up.
			}

			@Override
			public void onCompleted() {
				// The call stays open, as it often does on a real server for five
				// seconds.
				call.halfClosed();
			}

		};
	}

	@Override
	public void subscribe(SubscribeRequest request, StreamObserver<Message> observer) {
		SubscriberCall call = new SubscriberCall(this, request, (ServerCallStreamObserver<Message>) observer);
		this.subscriberCalls.add(call);
		this.subscribeScript.opened(call);
	}

	/**
	 * Answers a unary call.
	 *
	 * @param <Q> the request
	 * @param <R> the response
	 */
	@FunctionalInterface
	public interface Unary<Q, R> {

		/**
		 * A call arrived.
		 * @param request the request
		 * @param observer takes the answer
		 * @param usual answers as usual
		 */
		void answer(Q request, StreamObserver<R> observer, Runnable usual);

	}

}
