package io.liftbridge.test.client;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.cluster.TlsOptions;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.consumer.Subscription;
import io.liftbridge.client.group.ConsumerUpdateListener;
import io.liftbridge.client.group.GroupConsumer;
import io.liftbridge.client.group.GroupMember;
import io.liftbridge.client.group.GroupPartition;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.NotAuthorizedException;
import io.liftbridge.client.producer.Producer;
import io.liftbridge.client.stream.StreamSpec;
import io.liftbridge.proto.APIGrpc;
import io.liftbridge.proto.PublishAsyncError;
import io.liftbridge.proto.PublishRequest;
import io.liftbridge.proto.PublishResponse;
import io.liftbridge.test.LiftbridgeServer;
import io.liftbridge.test.ServerTls;
import io.liftbridge.test.client.Certificates.Identity;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * A real server that allows its clients no more than its policy lists. It has no status
 * code for that, so the client has to tell from its words.
 */
@EnabledIf(value = "io.liftbridge.test.LiftbridgeServer#isAvailable",
		disabledReason = "no liftbridge server: LIFTBRIDGE_SERVER names none, and there is none on the PATH")
class AccessControlIT {

	private static final Duration LONG = Duration.ofSeconds(30);

	private static final String[] ALL = { "CreateStream", "DeleteStream", "PauseStream", "SetStreamReadonly",
			"Subscribe", "FetchPartitionMetadata", "Publish", "PublishToSubject", "SetCursor", "FetchCursor" };

	@TempDir
	static Path directory;

	private static LiftbridgeServer server;

	/** May do anything. */
	private static LiftbridgeClient owner;

	/** May see what there is. */
	private static LiftbridgeClient guest;

	/** May do what it takes to use cursors of one stream. */
	private static LiftbridgeClient reader;

	/** May set cursors, but write none. */
	private static LiftbridgeClient unable;

	/** May do nothing. */
	private static LiftbridgeClient stranger;

	@BeforeAll
	static void start() throws Exception {
		Certificates certificates = new Certificates(directory);
		Identity broker = certificates.make("broker", "SAN=ip:127.0.0.1");
		Identity anna = certificates.make("anna", "BC=ca:false");
		Identity bert = certificates.make("bert", "BC=ca:false");
		Identity carl = certificates.make("carl", "BC=ca:false");
		Identity dora = certificates.make("dora", "BC=ca:false");
		Identity emil = certificates.make("emil", "BC=ca:false");
		server = LiftbridgeServer.builder()
			.tls(ServerTls.of(broker.certificate(), broker.key())
				.clients(certificates.together(anna, bert, carl, dora, emil), anna.certificate(), anna.key())
				.allow("anna", "*", ALL)
				.allow("bert", "*", "FetchMetadata")
				.allow("dora", "*", "FetchMetadata")
				.allow("dora", "orders", "SetCursor", "FetchCursor")
				.allow("dora", "__cursors", "Publish")
				.allow("emil", "*", "FetchMetadata")
				.allow("emil", "orders", "SetCursor"))
			.start();
		owner = client(broker, anna);
		guest = client(broker, bert);
		stranger = client(broker, carl);
		reader = client(broker, dora);
		unable = client(broker, emil);
		owner.streams().create(StreamSpec.named("orders"));
		send(owner, "first").get(LONG.toSeconds(), TimeUnit.SECONDS);
	}

	private static LiftbridgeClient client(Identity broker, Identity own) {
		return LiftbridgeClient.builder()
			.seeds(server.address())
			.requestTimeout(LONG)
			.tls(TlsOptions.files().trustPem(broker.certificate()).identityPem(own.certificate(), own.key()).build())
			.build();
	}

	@AfterAll
	static void close() {
		for (LiftbridgeClient client : new LiftbridgeClient[] { owner, guest, stranger, reader, unable }) {
			if (client != null) {
				client.close();
			}
		}
		if (server != null) {
			server.close();
		}
	}

	@Test
	void whatIsAllowedIsDone() {
		owner.streams().create(StreamSpec.named("invoices"));
		owner.streams().setReadonly("invoices", true);
		owner.streams().pause("invoices", false);
		owner.streams().delete("invoices");
		owner.cursors().set("reader", "orders", 0, 7);
		assertThat(owner.cursors().get("reader", "orders", 0)).isEqualTo(7);
		assertThat(owner.reader().read("orders", 0, StartPosition.earliest(), 1, LONG)).hasSize(1);
		assertThat(guest.streams().exists("orders")).isTrue();
	}

	@Test
	void metadataIsRefused() {
		refuses("FetchMetadata", () -> stranger.streams().list());
		refuses("FetchMetadata", () -> stranger.streams().describe("orders"));
	}

	@Test
	void administrationIsRefused() {
		refuses("CreateStream", () -> guest.streams().create(StreamSpec.named("mine")));
		refuses("CreateStream", () -> guest.streams().createIfAbsent(StreamSpec.named("mine")));
		refuses("DeleteStream", () -> guest.streams().delete("orders"));
		refuses("PauseStream", () -> guest.streams().pause("orders", false));
		refuses("SetStreamReadonly", () -> guest.streams().setReadonly("orders", true));
		refuses("FetchPartitionMetadata", () -> guest.streams().describePartition("orders", 0));
	}

	/** The server stores it although it says so, and then acknowledges it as well. */
	@Test
	void publishingIsRefusedAndTheSecondAnswerIgnored() {
		try (Producer producer = guest.producer("orders").build()) {
			for (int i = 0; i < 20; i++) {
				refuses("not authorized", producer.send(Message.of("k", "refused")));
			}
		}
		assertThat(send(owner, "accepted")).succeedsWithin(LONG);
	}

	/** What the client above has to cope with, as the server says it. */
	@Test
	void refusedMessageOfAPipeIsAnsweredTwiceAndStored() throws Exception {
		ManagedChannel channel = NettyChannelBuilder.forTarget(server.address())
			.sslContext(GrpcSslContexts.forClient()
				.trustManager(directory.resolve("broker.pem").toFile())
				.keyManager(directory.resolve("bert.pem").toFile(), directory.resolve("bert.key").toFile())
				.build())
			.build();
		try {
			owner.streams().create(StreamSpec.named("secret"));
			BlockingQueue<PublishResponse> answers = new LinkedBlockingQueue<>();
			APIGrpc.newStub(channel)
				.publishAsync(new Answers(answers))
				.onNext(PublishRequest.newBuilder().setStream("secret").setCorrelationId("c-1").build());
			PublishResponse refusal = answers.poll(LONG.toSeconds(), TimeUnit.SECONDS);
			assertThat(refusal.getCorrelationId()).isEqualTo("c-1");
			assertThat(refusal.getAsyncError().getCode()).isEqualTo(PublishAsyncError.Code.PERMISSION_DENIED);
			PublishResponse success = answers.poll(LONG.toSeconds(), TimeUnit.SECONDS);
			assertThat(success.getCorrelationId()).isEqualTo("c-1");
			assertThat(success.hasAsyncError()).isFalse();
			assertThat(owner.streams().describePartition("secret", 0).newestOffset()).isZero();
		}
		finally {
			channel.shutdownNow();
		}
	}

	@Test
	void publishingToSubjectIsRefused() {
		refuses("PublishToSubject", guest.publishToSubject("orders", Message.of("k", "refused"), LONG));
	}

	@Test
	void readingIsRefused() {
		try (Subscription subscription = guest.subscribe("orders").from(StartPosition.earliest()).handler((message) -> {
		}).start()) {
			refuses("Subscribe", subscription.started());
			refuses("Subscribe", subscription.ended());
		}
		refuses("FetchPartitionMetadata", () -> guest.reader().read("orders", 0, StartPosition.earliest(), 1, LONG));
	}

	@Test
	void cursorsAreRefused() {
		refuses("SetCursor", () -> guest.cursors().set("reader", "orders", 0, 1));
		refuses("FetchCursor", () -> guest.cursors().get("reader", "orders", 0));
		refuses("FetchCursor", guest.cursors().findAsync("reader", "orders", 0));
	}

	/** A client without permission to look at the stream of cursors does without. */
	@Test
	void cursorsNeedNoMoreThanTheServersManualSays() {
		await().atMost(LONG.dividedBy(3)).untilAsserted(() -> {
			reader.cursors().set("reader", "orders", 0, 3);
			assertThat(reader.cursors().get("reader", "orders", 0)).isEqualTo(3);
		});
		refuses("SetCursor", () -> reader.cursors().set("reader", "invoices", 0, 1));
	}

	@Test
	void cursorsThatCannotBeWrittenAreRefusedThoughTheServerCallsItInternal() {
		refuses("Publish on resource __cursors", () -> unable.cursors().set("reader", "orders", 0, 1));
	}

	/** The server lets everybody join; what a member needs beyond that is refused. */
	@Test
	void membersOfGroupsAreTold() {
		List<Throwable> told = new CopyOnWriteArrayList<>();
		try (GroupConsumer consumer = guest.group("billing")
			.streams("orders")
			.from(StartPosition.earliest())
			.listener(new ConsumerUpdateListener() {

				@Override
				public void onFailure(GroupMember member, GroupPartition partition, Throwable failure) {
					told.add(failure);
				}

			})
			.handler((message) -> {
			})
			.start()) {
			assertThat(consumer.started()).succeedsWithin(LONG);
			await().atMost(LONG).until(() -> !told.isEmpty());
			assertThat(told.get(0)).isInstanceOf(NotAuthorizedException.class).hasMessageContaining("FetchCursor");
			assertThat(consumer.ended()).isNotDone();
		}
	}

	private static Future<?> send(LiftbridgeClient client, String text) {
		Producer producer = client.producer("orders").build();
		return producer.send(Message.of("k", text)).whenComplete((ack, failure) -> producer.close());
	}

	private static void refuses(String call, ThrowingCallable request) {
		assertThatExceptionOfType(NotAuthorizedException.class).isThrownBy(request)
			.withMessageContaining(call)
			.withMessageContaining("policy");
	}

	private static void refuses(String call, CompletableFuture<?> answer) {
		refuses(call, () -> {
			try {
				answer.orTimeout(LONG.toSeconds(), TimeUnit.SECONDS).join();
			}
			catch (CompletionException ex) {
				throw ex.getCause();
			}
		});
	}

	private record Answers(BlockingQueue<PublishResponse> received) implements StreamObserver<PublishResponse> {

		@Override
		public void onNext(PublishResponse answer) {
			this.received.add(answer);
		}

		@Override
		public void onError(Throwable failure) {
			// The test misses an answer then.
		}

		@Override
		public void onCompleted() {
			// The test ends the call.
		}

	}

}
