package io.liftbridge.test.conformance;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

import io.grpc.Status.Code;
import io.liftbridge.proto.CreateStreamRequest;
import io.liftbridge.proto.PartitionMetadata;
import io.liftbridge.proto.StreamMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Creating streams.
 */
abstract class CreateStreamScenarios extends Scenarios {

	@Test
	void partitionAndReplicaAreOneByDefault() {
		StreamMetadata stream = describe(newStream());
		assertThat(stream.getPartitionsMap()).containsOnlyKeys(0);
		PartitionMetadata partition = stream.getPartitionsOrThrow(0);
		assertThat(partition.getReplicasList()).hasSize(1);
		assertThat(partition.getIsrList()).isEqualTo(partition.getReplicasList());
		assertThat(partition.getLeader()).isEqualTo(partition.getReplicas(0));
	}

	@Test
	void newStreamIsEmptyAndKnowsWhenItWasCreated() {
		long before = nanos();
		StreamMetadata stream = describe(newStream());
		assertThat(stream.getCreationTimestamp()).isBetween(before, nanos());
		assertThat(stream.getPartitionsOrThrow(0).getHighWatermark()).isEqualTo(-1);
		assertThat(stream.getPartitionsOrThrow(0).getNewestOffset()).isEqualTo(-1);
	}

	private static long nanos() {
		Instant now = Instant.now();
		return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
	}

	@Test
	void partitionsAreNumberedFromZero() {
		StreamMetadata stream = describe(newStream((request) -> request.setPartitions(3)));
		assertThat(stream.getPartitionsMap()).containsOnlyKeys(0, 1, 2);
		assertThat(stream.getPartitionsMap().values()).allSatisfy((partition) -> {
			assertThat(partition.getLeader()).isNotEmpty();
			assertThat(stream.getPartitionsOrThrow(partition.getId())).isSameAs(partition);
		});
	}

	@Test
	void partitionsOfOneStreamHaveTheSameLeader() {
		StreamMetadata stream = describe(newStream((request) -> request.setPartitions(5)));
		assertThat(stream.getPartitionsMap().values()).extracting(PartitionMetadata::getLeader)
			.containsOnly(stream.getPartitionsOrThrow(0).getLeader());
	}

	@Test
	void subjectMayDifferFromName() {
		String subject = uniqueName("subject");
		StreamMetadata stream = describe(newStream((request) -> request.setSubject(subject)));
		assertThat(stream.getSubject()).isEqualTo(subject);
	}

	@Test
	void emptyNameIsRefused() {
		assertRefused(Code.INVALID_ARGUMENT, "Name cannot be empty", () -> create("", "subject"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "a b", "a\tb", "a\rb", "a\nb", " a", "a ", "a..b", ".a", "a." })
	void illegalSubjectIsRefused(String subject) {
		assertRefused(Code.INVALID_ARGUMENT, "Subject is invalid", () -> create(uniqueName("stream"), subject));
	}

	@Test
	void nameIsCheckedBeforeSubject() {
		assertRefused(Code.INVALID_ARGUMENT, "Name cannot be empty", () -> create("", ""));
	}

	@ParameterizedTest
	@ValueSource(strings = { "__cursors", "__activity" })
	void reservedNameIsRefused(String name) {
		assertRefused(Code.INVALID_ARGUMENT, "Stream is reserved", () -> create(name, uniqueName("subject")));
	}

	@ParameterizedTest
	@ValueSource(strings = { "__mine", "a.b", "a/b", "größe", "a*b" })
	void unusualNameIsAccepted(String prefix) {
		String name = prefix + uniqueName("");
		create(name, uniqueName("subject"));
		assertThat(describe(name).getError()).isEqualTo(StreamMetadata.Error.OK);
		assertThat(publish(name, "value").getStream()).isEqualTo(name);
	}

	@Test
	void subjectMayHaveWildcards() {
		String token = uniqueName("subject");
		create(uniqueName("stream"), token + ".*");
		create(uniqueName("stream"), token + ".a.>");
	}

	@Test
	void existingNameIsRefused() {
		String name = newStream();
		assertRefused(Code.ALREADY_EXISTS, "stream already exists", () -> create(name, name));
	}

	@Test
	void existingNameIsRefusedForAnotherSubjectToo() {
		String name = newStream();
		assertRefused(Code.ALREADY_EXISTS, "stream already exists", () -> create(name, uniqueName("subject")));
	}

	@Test
	void moreReplicasThanBrokersAreRefused() {
		assertRefused(Code.INVALID_ARGUMENT, tooManyReplicas(),
				() -> newStream((request) -> request.setReplicationFactor(broker().size() + 1)));
	}

	@Test
	void negativeReplicationFactorIsRefused() {
		assertRefused(Code.INVALID_ARGUMENT, "Invalid replicationFactor -2",
				() -> newStream((request) -> request.setReplicationFactor(-2)));
	}

	@Test
	void replicationFactorIsCheckedBeforeExistence() {
		String name = newStream();
		assertRefused(Code.INVALID_ARGUMENT, tooManyReplicas(),
				() -> newStream((request) -> request.setName(name).setReplicationFactor(broker().size() + 1)));
	}

	private String tooManyReplicas() {
		return "Invalid replicationFactor " + (broker().size() + 1) + ", cluster size " + broker().size();
	}

	@Test
	void replicationFactorMinusOneMeansAllBrokers() {
		StreamMetadata stream = describe(newStream((request) -> request.setReplicationFactor(-1)));
		assertThat(stream.getPartitionsOrThrow(0).getReplicasList()).hasSize(broker().size());
	}

	@Test
	void encryptionWithoutKeyIsRefused() {
		assertRefused(Code.FAILED_PRECONDITION,
				"Failed on preconditions for stream's encryption handler: "
						+ "kwp: invalid AES key size; want 16 or 32, got 0",
				() -> newStream((request) -> request.setEncryption(enabled())));
	}

	private void create(String name, String subject) {
		api().createStream(CreateStreamRequest.newBuilder().setName(name).setSubject(subject).build());
	}

}
