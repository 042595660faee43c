package io.liftbridge.embedded;

import io.liftbridge.proto.CreateStreamRequest;
import io.liftbridge.proto.DeleteStreamRequest;
import io.liftbridge.proto.NullableBool;
import io.liftbridge.proto.NullableInt64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.liftbridge.embedded.RawClient.stream;
import static org.assertj.core.api.Assertions.assertThat;

class StreamsTests extends BrokerTest {

	private String refusal(CreateStreamRequest.Builder request) {
		return this.client.failure((call) -> call.createStream(request.build()));
	}

	@Test
	void refusesAStreamWithoutName() {
		assertThat(refusal(stream("s").setName(""))).isEqualTo("INVALID_ARGUMENT Name cannot be empty");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "a b", "a\tb", "a\nb", "a\rb", "a..b", ".a", "a." })
	void refusesAnInvalidSubject(String subject) {
		assertThat(refusal(stream("s").setSubject(subject))).isEqualTo("INVALID_ARGUMENT Subject is invalid");
	}

	@ParameterizedTest
	@ValueSource(strings = { "__cursors", "__activity" })
	void refusesReservedNames(String name) {
		assertThat(refusal(stream(name))).isEqualTo("INVALID_ARGUMENT Stream is reserved");
	}

	@Test
	void allowsOtherNamesThatStartWithUnderscores() {
		this.client.create("__x", 1);
		assertThat(this.client.publish("__x", "v").getStream()).isEqualTo("__x");
	}

	@Test
	void checksNameBeforeSubjectBeforeReserved() {
		assertThat(refusal(CreateStreamRequest.newBuilder())).contains("Name cannot be empty");
		assertThat(refusal(CreateStreamRequest.newBuilder().setName("__cursors"))).contains("Subject is invalid");
	}

	@Test
	void hasNoEncryptionKey() {
		assertThat(refusal(stream("s").setEncryption(NullableBool.newBuilder().setValue(true))))
			.isEqualTo("FAILED_PRECONDITION Failed on preconditions for stream's encryption handler: "
					+ "kwp: invalid AES key size; want 16 or 32, got 0");
	}

	@Test
	void refusesMoreReplicasThanBrokersEvenIfTheStreamExists() {
		this.client.create("s", 1);
		assertThat(refusal(stream("s").setReplicationFactor(2)))
			.isEqualTo("INVALID_ARGUMENT Invalid replicationFactor 2, cluster size 1");
		assertThat(refusal(stream("s").setReplicationFactor(-2)))
			.isEqualTo("INVALID_ARGUMENT Invalid replicationFactor -2");
	}

	@Test
	void takesAllBrokersForReplicas() {
		this.client.create(stream("s").setReplicationFactor(-1));
		assertThat(this.client.partition("s", 0).getReplicasList()).containsExactly("embedded");
	}

	@Test
	void namesAreUniqueWhateverTheSubject() {
		this.client.create("s", 1);
		assertThat(refusal(stream("s").setSubject("other"))).isEqualTo("ALREADY_EXISTS stream already exists");
		this.client.create(stream("t").setSubject("s"));
	}

	@Test
	void refusesWhatWouldKillARealBroker() {
		assertThat(refusal(stream("s").setPartitions(-1))).startsWith("INVALID_ARGUMENT Number of partitions -1");
		for (String name : new String[] { "a b", "..", ".a", "a..b", "a.", ">", "a.>.b", "x".repeat(256) }) {
			assertThat(refusal(stream("s").setName(name))).startsWith("INVALID_ARGUMENT Name")
				.endsWith("a real broker would crash on it");
		}
		assertThat(refusal(stream("s").setGroup("a b"))).startsWith("INVALID_ARGUMENT Group 'a b'");
		assertThat(refusal(stream("s").setSubject("a.>.b"))).startsWith("INVALID_ARGUMENT Subject 'a.>.b'");
		assertThat(refusal(stream("s").setSubject("a.>").setPartitions(2))).startsWith("INVALID_ARGUMENT Subject");
		assertThat(refusal(stream("s").setCleanerInterval(NullableInt64.newBuilder().setValue(-1))))
			.startsWith("INVALID_ARGUMENT");
		this.client.create(stream("s").setPartitions(2));
	}

	@ParameterizedTest
	@ValueSource(strings = { "a/b", "a.b", "*", "日本語", "foo*bar" })
	void takesNamesThatWorkOnARealBroker(String name) {
		this.client.create(name, 2);
		assertThat(this.client.publish(name, "v").getStream()).isEqualTo(name);
	}

	@Test
	void deletesAStreamAndStartsAgainAtZero() {
		this.client.create("s", 1);
		this.client.publishAll("s", "a", "b");
		this.client.delete("s");
		assertThat(this.client.failure((call) -> call.publish(RawClient.message("s", "c").build())))
			.isEqualTo("NOT_FOUND no such stream: s");
		this.client.create("s", 1);
		assertThat(this.client.publish("s", "d").getOffset()).isZero();
	}

	@Test
	void refusesToDeleteWhatIsNotThereOrReserved() {
		assertThat(deletion("nope")).isEqualTo("NOT_FOUND stream does not exist");
		assertThat(deletion("")).isEqualTo("NOT_FOUND stream does not exist");
		assertThat(deletion("__cursors")).isEqualTo("INVALID_ARGUMENT Stream is reserved");
		assertThat(deletion("__activity")).isEqualTo("INVALID_ARGUMENT Stream is reserved");
	}

	private String deletion(String name) {
		return this.client.failure((call) -> call.deleteStream(DeleteStreamRequest.newBuilder().setName(name).build()));
	}

}
