package io.liftbridge.test.conformance;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import com.google.protobuf.ByteString;
import io.grpc.Status.Code;
import io.liftbridge.proto.Ack;
import io.liftbridge.proto.AckPolicy;
import io.liftbridge.proto.Message;
import io.liftbridge.proto.PublishRequest;
import io.liftbridge.proto.PublishResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Publishing single messages.
 */
abstract class PublishScenarios extends Scenarios {

	@Test
	void offsetsStartAtZeroAndGrowByOne() {
		String stream = newStream();
		assertThat(publish(stream, "a").getOffset()).isZero();
		assertThat(publish(stream, "b").getOffset()).isEqualTo(1);
		assertThat(publish(stream, "c").getOffset()).isEqualTo(2);
	}

	@Test
	void eachPartitionCountsForItself() {
		String stream = newStream((request) -> request.setPartitions(2));
		assertThat(publish(stream, "a").getOffset()).isZero();
		assertThat(publish(stream, (request) -> request.setPartition(1)).getOffset()).isZero();
		assertThat(publish(stream, "b").getOffset()).isEqualTo(1);
	}

	@ParameterizedTest
	@EnumSource(value = AckPolicy.class, names = { "LEADER", "ALL" })
	void acknowledgementTellsWhereTheMessageWent(AckPolicy policy) {
		String subject = uniqueName("subject");
		String stream = newStream((request) -> request.setSubject(subject).setPartitions(3));
		long before = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis() - 1);
		PublishResponse response = api().publish(publishRequest(stream).setPartition(2)
			.setCorrelationId("c-1")
			.setAckPolicy(policy)
			.setValue(bytes("value"))
			.build());
		Ack ack = response.getAck();
		assertThat(ack.getStream()).isEqualTo(stream);
		assertThat(ack.getPartitionSubject()).isEqualTo(subject);
		assertThat(ack.getMsgSubject()).isEqualTo(subject + ".2");
		assertThat(ack.getOffset()).isZero();
		assertThat(ack.getAckInbox()).isNotEmpty();
		assertThat(ack.getCorrelationId()).isEqualTo("c-1");
		assertThat(ack.getAckPolicy()).isEqualTo(policy);
		assertThat(ack.getReceptionTimestamp()).isGreaterThanOrEqualTo(before);
		assertThat(ack.getCommitTimestamp()).isGreaterThanOrEqualTo(ack.getReceptionTimestamp());
		assertThat(ack.getAckError()).isEqualTo(Ack.Error.OK);
	}

	@Test
	void responseBesidesTheAcknowledgementIsEmpty() {
		String stream = newStream();
		PublishResponse response = api().publish(publishRequest(stream).setCorrelationId("c-1").build());
		assertThat(response.hasAck()).isTrue();
		assertThat(response.hasAsyncError()).isFalse();
		assertThat(response.getCorrelationId()).isEmpty();
	}

	@Test
	void correlationIdMayBeEmpty() {
		assertThat(publish(newStream(), "value").getCorrelationId()).isEmpty();
	}

	@Test
	void callersAckInboxIsKept() {
		String inbox = uniqueName("inbox");
		assertThat(publish(newStream(), (request) -> request.setAckInbox(inbox)).getAckInbox()).isEqualTo(inbox);
	}

	@Test
	void invalidAckInboxIsRefused() {
		String stream = newStream();
		assertRefused(Code.UNKNOWN, "failed to subscribe to ack inbox: nats: invalid subject",
				() -> publish(stream, (request) -> request.setAckInbox("a b")));
	}

	@Test
	void withoutPolicyNothingIsAcknowledged() {
		String stream = newStream();
		PublishResponse response = api()
			.publish(publishRequest(stream).setAckPolicy(AckPolicy.NONE).setValue(bytes("value")).build());
		assertThat(response).isEqualTo(PublishResponse.getDefaultInstance());
		assertThat(subscribeFromEarliest(stream).values(1)).containsExactly("value");
	}

	@Test
	void withoutDeadlineNothingIsAcknowledged() {
		String stream = newStream();
		PublishRequest request = publishRequest(stream).setValue(bytes("value")).build();
		assertThat(apiWithoutDeadline().publish(request)).isEqualTo(PublishResponse.getDefaultInstance());
		assertThat(subscribeFromEarliest(stream).values(1)).containsExactly("value");
	}

	@Test
	void unknownPolicyStoresTheMessageWithoutAcknowledgement() {
		String stream = newStream();
		PublishRequest request = publishRequest(stream).setAckPolicyValue(7).setValue(bytes("value")).build();
		assertThat(codeOf(() -> api(Duration.ofSeconds(2)).publish(request))).isEqualTo(Code.DEADLINE_EXCEEDED);
		assertThat(subscribeFromEarliest(stream).values(1)).containsExactly("value");
	}

	@Test
	void emptyStreamIsRefused() {
		assertRefused(Code.INVALID_ARGUMENT, "no stream provided", () -> publish("", "value"));
	}

	@Test
	void unknownStreamIsNotFound() {
		assertRefused(Code.NOT_FOUND, "no such stream: nope", () -> publish("nope", "value"));
	}

	@ParameterizedTest
	@ValueSource(ints = { 9, 1, -1 })
	void unknownPartitionIsNotFound(int partition) {
		String stream = newStream();
		assertRefused(Code.NOT_FOUND, "no such partition: " + partition,
				() -> publish(stream, (request) -> request.setPartition(partition)));
	}

	@Test
	void keyValueAndHeadersAreKept() {
		String stream = newStream();
		publish(stream,
				(request) -> request.setKey(bytes("key"))
					.setValue(bytes("value"))
					.putHeaders("color", bytes("red"))
					.putHeaders("empty", ByteString.EMPTY));
		Message message = subscribeFromEarliest(stream).next();
		assertThat(message.getKey()).isEqualTo(bytes("key"));
		assertThat(message.getValue()).isEqualTo(bytes("value"));
		assertThat(message.getHeadersMap()).containsEntry("color", bytes("red"))
			.containsEntry("empty", ByteString.EMPTY)
			.containsOnlyKeys("color", "empty", "subject", "reply");
	}

	@Test
	void keyAndValueMayBeEmpty() {
		String stream = newStream();
		publish(stream, "");
		Message message = subscribeFromEarliest(stream).next();
		assertThat(message.getKey()).isEmpty();
		assertThat(message.getValue()).isEmpty();
	}

	@Test
	void valueMayBeAnyBytes() {
		ByteString value = ByteString.copyFrom(new byte[] { 0, -1, 13, 10, (byte) 0xB9, 0x0E, 0x43, (byte) 0xB4 });
		String stream = newStream();
		publish(stream, (request) -> request.setValue(value).setKey(value));
		Message message = subscribeFromEarliest(stream).next();
		assertThat(message.getValue()).isEqualTo(value);
		assertThat(message.getKey()).isEqualTo(value);
	}

	@Test
	void subjectAndReplyHeadersAreOverwritten() {
		String stream = newStream();
		publish(stream, (request) -> request.putHeaders("subject", bytes("mine")).putHeaders("reply", bytes("mine")));
		Message message = subscribeFromEarliest(stream).next();
		assertThat(message.getHeadersMap()).containsEntry("subject", bytes(stream))
			.containsEntry("reply", ByteString.EMPTY);
	}

	@Test
	void cursorsStreamCanBePublishedTo() {
		assertThat(publish("__cursors", "value").getStream()).isEqualTo("__cursors");
	}

	@Test
	void subjectWithWildcardIsPublishedToLiterally() {
		String token = uniqueName("subject");
		String stream = newStream((request) -> request.setSubject(token + ".*"));
		assertThat(publish(stream, "value").getMsgSubject()).isEqualTo(token + ".*");
		assertThat(subscribeFromEarliest(stream).next().getSubject()).isEqualTo(token + ".*");
	}

	@Test
	void unmetExpectedOffsetIsIgnoredWithoutConcurrencyControl() {
		String stream = newStreamWith("a");
		assertThat(publish(stream, (request) -> request.setExpectedOffset(5)).getOffset()).isEqualTo(1);
		assertThat(publish(stream, (request) -> request.setExpectedOffset(0)).getOffset()).isEqualTo(2);
		assertThat(publish(stream, (request) -> request.setExpectedOffset(-2)).getOffset()).isEqualTo(3);
	}

	@Test
	void commitNeedsEnoughReplicas() {
		String stream = newStream((request) -> request.setMinIsr(int32(2)));
		PublishRequest.Builder request = publishRequest(stream).setValue(bytes("value"));
		assertThat(codeOf(() -> api(Duration.ofSeconds(2)).publish(request.setAckPolicy(AckPolicy.ALL).build())))
			.isEqualTo(Code.DEADLINE_EXCEEDED);
		assertThat(publish(stream, "leader").getOffset()).isEqualTo(1);
	}

}
