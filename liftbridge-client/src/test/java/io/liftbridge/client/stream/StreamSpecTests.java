package io.liftbridge.client.stream;

import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.proto.CreateStreamRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class StreamSpecTests {

	@Test
	void leavesTheRestToTheServer() {
		assertThat(StreamSpec.named("orders").request()).isEqualTo(CreateStreamRequest.newBuilder()
			.setName("orders")
			.setSubject("orders")
			.setPartitions(1)
			.setReplicationFactor(1)
			.build());
	}

	@Test
	void translatesEachOptionToTheServersUnits() {
		CreateStreamRequest request = StreamSpec.named("orders")
			.subject("in.*")
			.partitions(4)
			.replicationFactor(3)
			.loadBalanceGroup("lb")
			.retention(Duration.ofDays(7))
			.retentionBytes(5L << 30)
			.retentionMessages(3_000_000_000L)
			.cleanerInterval(Duration.ofMinutes(5))
			.segmentBytes(256L << 20)
			.segmentAge(Duration.ofMillis(1500))
			.compact(true)
			.compactParallelism(3)
			.autoPause(Duration.ofSeconds(30))
			.autoPauseDisableIfSubscribers(true)
			.minIsr(2)
			.optimisticConcurrency(true)
			.encryption(true)
			.request();
		assertThat(request.getSubject()).isEqualTo("in.*");
		assertThat(request.getPartitions()).isEqualTo(4);
		assertThat(request.getReplicationFactor()).isEqualTo(3);
		assertThat(request.getGroup()).isEqualTo("lb");
		assertThat(request.getRetentionMaxAge().getValue()).isEqualTo(604_800_000L);
		assertThat(request.getRetentionMaxBytes().getValue()).isEqualTo(5_368_709_120L);
		assertThat(request.getRetentionMaxMessages().getValue()).isEqualTo(3_000_000_000L);
		assertThat(request.getCleanerInterval().getValue()).isEqualTo(300_000L);
		assertThat(request.getSegmentMaxBytes().getValue()).isEqualTo(268_435_456L);
		assertThat(request.getSegmentMaxAge().getValue()).isEqualTo(1500L);
		assertThat(request.getCompactEnabled().getValue()).isTrue();
		assertThat(request.getCompactMaxGoroutines().getValue()).isEqualTo(3);
		assertThat(request.getAutoPauseTime().getValue()).isEqualTo(30_000L);
		assertThat(request.getAutoPauseDisableIfSubscribers().getValue()).isTrue();
		assertThat(request.getMinIsr().getValue()).isEqualTo(2);
		assertThat(request.getOptimisticConcurrencyControl().getValue()).isTrue();
		assertThat(request.getEncryption().getValue()).isTrue();
		assertThat(CreateStreamRequest.getDescriptor().getFields())
			.allSatisfy((field) -> assertThat(request.getAllFields()).as("each option can be set").containsKey(field));
	}

	@Test
	void sendsSwitchesThatAreOff() {
		CreateStreamRequest request = StreamSpec.named("s").compact(false).encryption(false).request();
		assertThat(request.hasCompactEnabled()).isTrue();
		assertThat(request.getCompactEnabled().getValue()).isFalse();
		assertThat(request.hasEncryption()).isTrue();
		assertThat(request.hasOptimisticConcurrencyControl()).isFalse();
	}

	@Test
	void sendsZeroAsNoLimit() {
		CreateStreamRequest request = StreamSpec.named("s")
			.retention(Duration.ZERO)
			.retentionBytes(0)
			.retentionMessages(0)
			.segmentAge(Duration.ZERO)
			.autoPause(Duration.ZERO)
			.request();
		assertThat(List.of(request.hasRetentionMaxAge(), request.hasRetentionMaxBytes(),
				request.hasRetentionMaxMessages(), request.hasSegmentMaxAge(), request.hasAutoPauseTime()))
			.as("said, so that the server's own limits do not apply")
			.containsOnly(true);
		assertThat(request.getRetentionMaxAge().getValue()).isZero();
	}

	@Test
	void asksForAReplicaOnEveryBroker() {
		assertThat(StreamSpec.named("s").replicationFactor(StreamSpec.MAX).request().getReplicationFactor())
			.isEqualTo(-1);
	}

	@Test
	void isImmutable() {
		StreamSpec one = StreamSpec.named("s");
		StreamSpec two = one.partitions(2);
		assertThat(one.partitions()).isEqualTo(1);
		assertThat(two.partitions()).isEqualTo(2);
		assertThat(two).isNotEqualTo(one).isEqualTo(StreamSpec.named("s").partitions(2));
		assertThat(two).hasSameHashCodeAs(StreamSpec.named("s").partitions(2));
	}

	@Test
	void checksTheSubjectAgainstThePartitionsInEitherOrder() {
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> StreamSpec.named("s").subject("a.>").partitions(2))
			.withMessageContaining("'a.>'");
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> StreamSpec.named("s").partitions(2).subject("a.>"))
			.withMessageContaining("'a.>'");
	}

	static Stream<UnaryOperator<StreamSpec>> refused() {
		return Stream.of((spec) -> spec.partitions(0), (spec) -> spec.partitions(-1),
				(spec) -> spec.replicationFactor(0), (spec) -> spec.replicationFactor(-2),
				(spec) -> spec.retention(Duration.ofNanos(999_999)), (spec) -> spec.retention(Duration.ofSeconds(-1)),
				(spec) -> spec.retentionBytes(-1), (spec) -> spec.retentionMessages(-1),
				(spec) -> spec.cleanerInterval(Duration.ZERO), (spec) -> spec.segmentBytes(0),
				(spec) -> spec.segmentAge(Duration.ofNanos(1)), (spec) -> spec.compactParallelism(0),
				(spec) -> spec.autoPause(Duration.ofMillis(-1)), (spec) -> spec.minIsr(0),
				(spec) -> spec.loadBalanceGroup("a b"), (spec) -> spec.loadBalanceGroup(""),
				(spec) -> spec.subject("a b"), (spec) -> spec.subject(""));
	}

	@Test
	void refusesDurationsThatTheServerCannotCount() {
		Duration forever = Duration.ofSeconds(Long.MAX_VALUE);
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> StreamSpec.named("s").retention(forever))
			.withMessageContaining("is 9223372036854775807 s")
			.withMessageContaining("36500 d");
	}

	@ParameterizedTest
	@MethodSource("refused")
	void refusesWhatTheServerCannotDo(UnaryOperator<StreamSpec> change) {
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> change.apply(StreamSpec.named("s")));
	}

}
