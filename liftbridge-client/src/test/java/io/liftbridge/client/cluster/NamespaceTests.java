package io.liftbridge.client.cluster;

import java.util.ArrayList;
import java.util.List;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.fake.FakeCluster;
import io.liftbridge.client.fake.FakeClusterTest;
import io.liftbridge.client.fake.FakePartition;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.client.message.StreamExistsException;
import io.liftbridge.client.message.StreamNotFoundException;
import io.liftbridge.client.producer.Producer;
import io.liftbridge.client.stream.StreamInfo;
import io.liftbridge.client.stream.StreamSpec;
import io.liftbridge.proto.CreateStreamRequest;
import io.liftbridge.proto.CreateStreamResponse;
import io.liftbridge.proto.FetchConsumerGroupAssignmentsResponse;
import io.liftbridge.proto.JoinConsumerGroupRequest;
import io.liftbridge.proto.PartitionAssignment;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** Tests for clients with a prefix for the names of streams. */
class NamespaceTests extends FakeClusterTest {

	private LiftbridgeClient team;

	@BeforeEach
	void prefix() {
		client(builder().streamPrefix("team-a."));
		this.team = this.client;
	}

	@Test
	void namesHaveThePrefixOnTheServerOnly() {
		this.cluster.stream("team-a.bills");
		assertThat(this.team.streams().list()).extracting(StreamInfo::name).containsExactly("bills");
		assertThat(this.team.streams().exists("orders")).isFalse();
		assertThat(this.team.streams().describePartition("bills", 0).stream()).isEqualTo("bills");
		this.team.streams().delete("bills");
		assertThat(this.cluster.metadata().getStreamMetadataList()).extracting((stream) -> stream.getName())
			.containsExactly("orders");
	}

	@Test
	void messagesGoThereAndBack() {
		this.cluster.stream("team-a.orders");
		try (Producer producer = this.team.producer("orders").build()) {
			assertThat(producer.sendAndWait(Message.of("k", "v"), LONG).stream()).isEqualTo("orders");
		}
		List<ReceivedMessage<byte[]>> received = new ArrayList<>();
		try (var subscription = this.team.subscribe("orders")
			.from(StartPosition.earliest())
			.handler(received::add)
			.start()) {
			await().atMost(LONG).until(() -> !received.isEmpty());
		}
		assertThat(received.get(0).stream()).isEqualTo("orders");
		assertThat(this.orders.values()).as("the stream of the same name outside").isEmpty();
	}

	@Test
	void cursorsBelongToTheStreamOfTheNamespace() {
		this.cluster.stream("__cursors", 3);
		for (int i = 0; i < 10; i++) {
			this.team.cursors().set("reader-" + i, "orders", 0, i);
			assertThat(this.team.cursors().get("reader-" + i, "orders", 0)).isEqualTo(i);
		}
		try (LiftbridgeClient plain = builder().build()) {
			assertThat(plain.cursors().get("reader-7", "team-a.orders", 0)).isEqualTo(7);
			assertThat(plain.cursors().find("reader-7", "orders", 0)).isEmpty();
		}
	}

	@Test
	void subjectsAreTheNamesUnlessSet() {
		List<CreateStreamRequest> requests = new ArrayList<>();
		this.broker.<CreateStreamRequest, CreateStreamResponse>on("CreateStream", (request, observer, usual) -> {
			requests.add(request);
			this.cluster.stream(request.getName());
			observer.onNext(CreateStreamResponse.getDefaultInstance());
			observer.onCompleted();
		});
		this.team.streams().create(StreamSpec.named("a"));
		this.team.streams().create(StreamSpec.named("b").subject("sensors.*"));
		assertThat(requests).extracting((request) -> request.getName() + " " + request.getSubject())
			.containsExactly("team-a.a team-a.a", "team-a.b sensors.*");
	}

	@Test
	void failuresNameStreamsAsTheyAreKnownHere() {
		this.cluster.stream("team-a.bills");
		assertThatExceptionOfType(StreamNotFoundException.class).isThrownBy(() -> this.team.streams().describe("none"))
			.withMessageContaining("'none'")
			.withMessageContaining("Existing streams are: bills.");
		assertThatExceptionOfType(StreamExistsException.class)
			.isThrownBy(() -> this.team.streams().create(StreamSpec.named("bills")));
		assertThatExceptionOfType(LiftbridgeException.class).isThrownBy(() -> this.team.streams().delete("none"))
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("team-a"));
	}

	@Test
	void groupsReadStreamsOfTheNamespace() {
		Namespace namespace = new Namespace("a.");
		assertThat(namespace
			.outer((Object) JoinConsumerGroupRequest.newBuilder().setGroupId("billing").addStreams("orders").build()))
			.isEqualTo(JoinConsumerGroupRequest.newBuilder().setGroupId("billing").addStreams("a.orders").build());
		assertThat(namespace.inner((Object) assignment("a.orders"))).isEqualTo(assignment("orders"));
	}

	private static FetchConsumerGroupAssignmentsResponse assignment(String stream) {
		return FetchConsumerGroupAssignmentsResponse.newBuilder()
			.addAssignments(PartitionAssignment.newBuilder().setStream(stream).addPartitions(1))
			.build();
	}

	@Test
	void onlyMentionsOfThePrefixAreRemovedFromTexts() {
		Namespace namespace = new Namespace("a.");
		assertThat(namespace.innerText("no such stream: a.orders, but data.a.b"))
			.isEqualTo("no such stream: orders, but data.a.b");
	}

	/** The server's words decide what is done about an answer. */
	@Test
	void aPrefixThatOtherWordsBeginWithChangesNothing() {
		try (FakeCluster two = new FakeCluster(2)) {
			FakePartition orders = two.stream("partorders");
			orders.leader("b1");
			client(LiftbridgeClient.builder().seeds(two.seeds()).streamPrefix("part"));
			assertThat(this.client.streams().describePartition("orders", 0).leader()).isEqualTo("b1");
			orders.leader("b2");
			assertThat(this.client.streams().describePartition("orders", 0).leader()).isEqualTo("b2");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { " ", ".", "a b.", "a*", "__a", "a..", "a/" })
	void refusesPrefixesThatNamesCannotBeginWith(String prefix) {
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> LiftbridgeClient.builder().streamPrefix(prefix));
	}

}
