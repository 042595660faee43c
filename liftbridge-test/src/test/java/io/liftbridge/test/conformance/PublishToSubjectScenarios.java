package io.liftbridge.test.conformance;

import java.time.Duration;

import io.grpc.Status.Code;
import io.liftbridge.proto.Ack;
import io.liftbridge.proto.AckPolicy;
import io.liftbridge.proto.Message;
import io.liftbridge.proto.PublishToSubjectRequest;
import io.liftbridge.proto.PublishToSubjectResponse;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Publishing to a subject, whoever listens to it.
 */
abstract class PublishToSubjectScenarios extends Scenarios {

	@Test
	void streamOfTheSubjectStoresAndAcknowledges() {
		String subject = uniqueName("subject");
		String stream = newStream((request) -> request.setSubject(subject));
		Ack ack = api()
			.publishToSubject(to(subject).setKey(bytes("key"))
				.setValue(bytes("value"))
				.putHeaders("color", bytes("red"))
				.setCorrelationId("c-1")
				.build())
			.getAck();
		assertThat(ack.getStream()).isEqualTo(stream);
		assertThat(ack.getOffset()).isZero();
		assertThat(ack.getCorrelationId()).isEqualTo("c-1");
		Message message = subscribeFromEarliest(stream).next();
		assertThat(message.getKey()).isEqualTo(bytes("key"));
		assertThat(message.getValue()).isEqualTo(bytes("value"));
		assertThat(message.getSubject()).isEqualTo(subject);
		assertThat(message.getHeadersMap()).containsEntry("color", bytes("red"));
	}

	@Test
	void emptySubjectIsRefused() {
		assertRefused(Code.UNKNOWN, "failed to publish to NATS: nats: invalid subject",
				() -> api().publishToSubject(to("").build()));
	}

	@Test
	void withoutListenerNobodyAnswers() {
		PublishToSubjectRequest request = to(uniqueName("subject")).build();
		assertThat(codeOf(() -> api(Duration.ofMillis(500)).publishToSubject(request)))
			.isEqualTo(Code.DEADLINE_EXCEEDED);
	}

	@Test
	void withoutDeadlineNothingIsAcknowledged() {
		PublishToSubjectRequest request = to(uniqueName("subject")).build();
		assertThat(apiWithoutDeadline().publishToSubject(request))
			.isEqualTo(PublishToSubjectResponse.getDefaultInstance());
	}

	@Test
	void withoutPolicyNothingIsAcknowledged() {
		String stream = newStream();
		assertThat(api().publishToSubject(to(stream).setAckPolicy(AckPolicy.NONE).setValue(bytes("value")).build()))
			.isEqualTo(PublishToSubjectResponse.getDefaultInstance());
		assertThat(subscribeFromEarliest(stream).values(1)).containsExactly("value");
	}

	@Test
	void partitionIsAddressedByItsNumber() {
		String stream = newStream((request) -> request.setPartitions(2));
		Ack ack = api().publishToSubject(to(stream + ".1").build()).getAck();
		assertThat(ack.getStream()).isEqualTo(stream);
		assertThat(ack.getPartitionSubject()).isEqualTo(stream);
		assertThat(ack.getMsgSubject()).isEqualTo(stream + ".1");
		assertThat(describePartition(stream, 0).getNewestOffset()).isEqualTo(-1);
		assertThat(describePartition(stream, 1).getNewestOffset()).isZero();
	}

	@Test
	void partitionZeroHasNoNumber() {
		String stream = newStream((request) -> request.setPartitions(2));
		assertThat(codeOf(() -> api(Duration.ofMillis(500)).publishToSubject(to(stream + ".0").build())))
			.isEqualTo(Code.DEADLINE_EXCEEDED);
		assertThat(describePartition(stream, 0).getNewestOffset()).isEqualTo(-1);
	}

	@Test
	void wildcardOfSubjectIsNotExpanded() {
		String token = uniqueName("subject");
		String stream = newStream((request) -> request.setSubject(token + ".a"));
		assertThat(codeOf(() -> api(Duration.ofMillis(500)).publishToSubject(to(token + ".*").build())))
			.isEqualTo(Code.DEADLINE_EXCEEDED);
		assertThat(describePartition(stream, 0).getNewestOffset()).isEqualTo(-1);
	}

	@Test
	void streamWithStarStoresTheConcreteSubject() {
		String token = uniqueName("subject");
		String stream = newStream((request) -> request.setSubject(token + ".*.temperature"));
		Ack ack = api().publishToSubject(to(token + ".kitchen.temperature").build()).getAck();
		assertThat(ack.getPartitionSubject()).isEqualTo(token + ".*.temperature");
		assertThat(ack.getMsgSubject()).isEqualTo(token + ".kitchen.temperature");
		Message message = subscribeFromEarliest(stream).next();
		assertThat(message.getSubject()).isEqualTo(token + ".kitchen.temperature");
		assertThat(message.getHeadersMap()).containsEntry("subject", bytes(token + ".kitchen.temperature"));
	}

	@Test
	void starMatchesExactlyOneToken() {
		String token = uniqueName("subject");
		String stream = newStream((request) -> request.setSubject(token + ".*"));
		apiWithoutDeadline().publishToSubject(to(token).build());
		apiWithoutDeadline().publishToSubject(to(token + ".a.b").build());
		assertThat(api().publishToSubject(to(token + ".a").build()).getAck().getOffset()).isZero();
		assertThat(describePartition(stream, 0).getNewestOffset()).isZero();
	}

	@Test
	void greaterThanMatchesOneTokenOrMore() {
		String token = uniqueName("subject");
		newStream((request) -> request.setSubject(token + ".>"));
		apiWithoutDeadline().publishToSubject(to(token).build());
		assertThat(api().publishToSubject(to(token + ".a").build()).getAck().getOffset()).isZero();
		assertThat(api().publishToSubject(to(token + ".a.b.c").build()).getAck().getOffset()).isEqualTo(1);
	}

	@Test
	void leadersRefusalIsToldInTheAcknowledgement() {
		String stream = newStream((request) -> request.setOptimisticConcurrencyControl(enabled()));
		assertThat(api().publishToSubject(to(stream).build()).getAck().getOffset()).isZero();
		Ack ack = api().publishToSubject(to(stream).setCorrelationId("c-1").build()).getAck();
		assertThat(ack.getAckError()).isEqualTo(Ack.Error.INCORRECT_OFFSET);
		assertThat(ack.getCorrelationId()).isEqualTo("c-1");
		assertThat(ack.getStream()).isEqualTo(stream);
		assertThat(ack.getOffset()).isZero();
	}

	@Test
	void streamOfThePartitionsSubjectStoresToo() {
		String subject = uniqueName("subject");
		String partitioned = newStream((request) -> request.setSubject(subject).setPartitions(2));
		String literal = newStream((request) -> request.setSubject(subject + ".1"));
		publish(partitioned, (request) -> request.setPartition(1));
		awaitUntil(() -> describePartition(literal, 0).getNewestOffset() == 0);
		assertThat(api().publishToSubject(to(subject + ".1").build()).getAck().getOffset()).isEqualTo(1);
		awaitUntil(() -> describePartition(partitioned, 1).getNewestOffset() == 1);
		assertThat(describePartition(partitioned, 0).getNewestOffset()).isEqualTo(-1);
	}

	@Test
	void wildcardStreamsPartitionAddsItsNumberToTheWildcard() {
		String token = uniqueName("subject");
		String stream = newStream((request) -> request.setSubject(token + ".*").setPartitions(2));
		Ack ack = api().publishToSubject(to(token + ".a.1").build()).getAck();
		assertThat(ack.getStream()).isEqualTo(stream);
		assertThat(ack.getMsgSubject()).isEqualTo(token + ".a.1");
		assertThat(describePartition(stream, 0).getNewestOffset()).isEqualTo(-1);
		assertThat(describePartition(stream, 1).getNewestOffset()).isZero();
	}

	@Test
	void textBehindASpaceIsTheReplySubject() {
		String stream = newStream();
		apiWithoutDeadline().publishToSubject(to(stream + " answers").build());
		Message message = subscribeFromEarliest(stream).next();
		assertThat(message.getSubject()).isEqualTo(stream);
		assertThat(message.getReplySubject()).isEqualTo("answers");
		assertThat(message.getHeadersMap()).containsEntry("reply", bytes("answers"));
	}

	@Test
	void deletedStreamNoLongerListens() {
		String stream = newStream();
		delete(stream);
		assertThat(codeOf(() -> api(Duration.ofMillis(500)).publishToSubject(to(stream).build())))
			.isEqualTo(Code.DEADLINE_EXCEEDED);
	}

	private static PublishToSubjectRequest.Builder to(String subject) {
		return PublishToSubjectRequest.newBuilder().setSubject(subject);
	}

}
