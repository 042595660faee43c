package io.liftbridge.test.conformance;

import java.util.List;
import java.util.stream.Stream;

import io.liftbridge.proto.Ack;
import io.liftbridge.proto.AckPolicy;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Several streams that listen to the same subject.
 */
abstract class SharedSubjectScenarios extends Scenarios {

	private static final int MESSAGES = 20;

	@Test
	void allStreamsStoreEachMessage() {
		String subject = uniqueName("subject");
		String first = newStream((request) -> request.setSubject(subject));
		String second = newStream((request) -> request.setSubject(subject));
		Ack ack = publish(first, "value");
		assertThat(ack.getStream()).isIn(first, second);
		assertThat(subscribeFromEarliest(first).values(1)).containsExactly("value");
		assertThat(subscribeFromEarliest(second).values(1)).containsExactly("value");
	}

	@Test
	void partitionsWithTheSameNumberShareTheirSubject() {
		String subject = uniqueName("subject");
		String first = newStream((request) -> request.setSubject(subject).setPartitions(2));
		String second = newStream((request) -> request.setSubject(subject));
		publish(first, (request) -> request.setPartition(1));
		publish(second, "value");
		awaitNewest(0, first, second);
		assertThat(describePartition(first, 1).getNewestOffset()).isZero();
	}

	@Test
	void oneStreamOfAQueueGroupStoresEachMessage() {
		String subject = uniqueName("subject");
		List<String> streams = Stream
			.generate(() -> newStream((request) -> request.setSubject(subject).setGroup("queue")))
			.limit(2)
			.toList();
		for (int count = 0; count < MESSAGES; count++) {
			assertThat(publish(streams.get(0), (request) -> request.setAckPolicy(AckPolicy.ALL)).getStream())
				.isIn(streams);
		}
		assertThat(streams.stream().mapToLong(this::size).sum()).isEqualTo(MESSAGES);
		assertThat(streams).allSatisfy((stream) -> assertThat(size(stream)).isPositive());
	}

	@Test
	void queueGroupsDoNotTakeFromEachOther() {
		String subject = uniqueName("subject");
		String ungrouped = newStream((request) -> request.setSubject(subject));
		String first = newStream((request) -> request.setSubject(subject).setGroup("first"));
		String second = newStream((request) -> request.setSubject(subject).setGroup("second"));
		for (int count = 0; count < MESSAGES; count++) {
			publish(ungrouped, "value");
		}
		awaitNewest(MESSAGES - 1, ungrouped, first, second);
	}

	@Test
	void wildcardStreamOverlapsWithLiteralOne() {
		String token = uniqueName("subject");
		String wildcard = newStream((request) -> request.setSubject(token + ".*"));
		String literal = newStream((request) -> request.setSubject(token + ".a"));
		publish(literal, "value");
		awaitNewest(0, wildcard, literal);
	}

	@Test
	void deletedStreamNoLongerAnswers() {
		String subject = uniqueName("subject");
		String first = newStream((request) -> request.setSubject(subject));
		String second = newStream((request) -> request.setSubject(subject));
		delete(first);
		assertThat(publish(second, "value").getStream()).isEqualTo(second);
	}

	@Test
	void readonlyStreamLeavesTheMessageToTheOther() {
		String subject = uniqueName("subject");
		String first = newStream((request) -> request.setSubject(subject));
		String second = newStream((request) -> request.setSubject(subject));
		setReadonly(first, true);
		assertThat(publish(second, "value").getStream()).isEqualTo(second);
		assertThat(size(first)).isZero();
	}

	private long size(String stream) {
		return describePartition(stream, 0).getNewestOffset() + 1;
	}

	private void awaitNewest(long offset, String... streams) {
		for (String stream : streams) {
			awaitUntil(() -> describePartition(stream, 0).getNewestOffset() == offset);
		}
	}

}
