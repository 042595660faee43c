package io.liftbridge.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.google.protobuf.ByteString;
import io.liftbridge.proto.AckPolicy;
import io.liftbridge.proto.FetchConsumerGroupAssignmentsRequest;
import io.liftbridge.proto.FetchCursorRequest;
import io.liftbridge.proto.FetchMetadataRequest;
import io.liftbridge.proto.JoinConsumerGroupRequest;
import io.liftbridge.proto.Message;
import io.liftbridge.proto.NullableBool;
import io.liftbridge.proto.NullableInt32;
import io.liftbridge.proto.NullableInt64;
import io.liftbridge.proto.PartitionAssignment;
import io.liftbridge.proto.PublishResponse;
import io.liftbridge.proto.PublishToSubjectRequest;
import io.liftbridge.proto.SetCursorRequest;
import io.liftbridge.proto.StopPosition;
import io.liftbridge.proto.StreamMetadata;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

import static io.liftbridge.embedded.RawClient.fromEarliest;
import static io.liftbridge.embedded.RawClient.message;
import static io.liftbridge.embedded.RawClient.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class BrokerDirectoryTests {

	@TempDir
	Path temporary;

	private Path directory;

	private EmbeddedBroker broker;

	private RawClient client;

	@BeforeEach
	void start() {
		start(this.temporary.resolve("broker"));
	}

	private void start(Path where) {
		this.directory = where;
		this.broker = EmbeddedBroker.builder().directory(where).start();
		this.client = new RawClient(this.broker);
	}

	@AfterEach
	void stop() {
		this.client.close();
		this.broker.close();
	}

	private void restart() {
		stop();
		start(this.directory);
	}

	/** Goes on with what a broker that is killed now would leave behind. */
	private void crash() throws IOException {
		Path copy = this.temporary.resolve("copy");
		try (Stream<Path> all = Files.walk(this.directory)) {
			for (Path each : all.toList()) {
				Files.copy(each, copy.resolve(this.directory.relativize(each).toString()));
			}
		}
		stop();
		start(copy);
	}

	private List<String> stored(String stream) {
		Subscriber subscriber = this.client.subscribe(fromEarliest(stream).setStopPosition(StopPosition.STOP_LATEST));
		subscriber.awaitEnd();
		return subscriber.values();
	}

	private StreamMetadata describe(String stream) {
		return this.client.call()
			.fetchMetadata(FetchMetadataRequest.newBuilder().addStreams(stream).build())
			.getStreamMetadata(0);
	}

	private List<Path> segments(String name) throws IOException {
		try (Stream<Path> all = Files.walk(this.directory)) {
			return all.filter((file) -> file.toString().endsWith(name)).sorted().toList();
		}
	}

	private static NullableInt64 number(long value) {
		return NullableInt64.newBuilder().setValue(value).build();
	}

	@Test
	void messagesAreKeptAsTheyWere() {
		this.client.create("s", 2);
		this.client.publish(message("s", "a").setKey(ByteString.copyFromUtf8("key"))
			.putHeaders("header", ByteString.copyFromUtf8("value")));
		this.client.publish(message("s", "").setAckPolicy(AckPolicy.ALL));
		this.client.publish(message("s", "other").setPartition(1));
		List<Message> before = this.client.subscribe(fromEarliest("s")).awaitMessages(2);
		restart();
		assertThat(this.client.subscribe(fromEarliest("s")).awaitMessages(2)).isEqualTo(before);
		assertThat(this.client.subscribe(fromEarliest("s").setPartition(1)).awaitMessages(1)).singleElement()
			.satisfies((message) -> assertThat(message.getValue().toStringUtf8()).isEqualTo("other"));
		assertThat(this.client.publish("s", "c").getOffset()).isEqualTo(2);
	}

	@Test
	void streamsAreKeptWithTheirOptions() {
		this.client.create(stream("s/t").setSubject("a.*")
			.setGroup("queue")
			.setOptimisticConcurrencyControl(NullableBool.newBuilder().setValue(true)));
		this.client.create("empty", 3);
		StreamMetadata before = describe("s/t");
		restart();
		assertThat(describe("s/t").getSubject()).isEqualTo("a.*");
		assertThat(describe("s/t").getCreationTimestamp()).isEqualTo(before.getCreationTimestamp());
		assertThat(describe("empty").getPartitionsCount()).isEqualTo(3);
		assertThat(this.client.failure((api) -> api.publish(message("s/t", "v").setExpectedOffset(3).build())))
			.isEqualTo("UNKNOWN incorrect expected offset");
		assertThat(this.client.publish("empty", "v").getOffset()).isZero();
	}

	@Test
	void flagsAreKept() {
		this.client.create("paused", 2);
		this.client.publishAll("paused", "a");
		this.client.pause("paused", 0);
		this.client.create("readonly", 1);
		this.client.setReadonly("readonly", true);
		restart();
		assertThat(this.client.partition("paused", 0).getPaused()).isTrue();
		assertThat(this.client.partition("paused", 1).getPaused()).isFalse();
		assertThat(this.client.partition("paused", 0).getPauseTimestamps().getFirstTimestamp()).isPositive();
		Subscriber subscriber = this.client.subscribe(fromEarliest("paused"));
		assertThat(subscriber.awaitEnd().getDescription())
			.isEqualTo("Failed to create stream reader: segment has been closed");
		assertThat(this.client.failure((api) -> api.publish(message("readonly", "v").build())))
			.isEqualTo("FAILED_PRECONDITION readonly partition: 0");
		assertThat(this.client.publish("paused", "b").getOffset()).isEqualTo(1);
	}

	@Test
	void cursorsAreKept() {
		for (int offset : new int[] { 5, 7 }) {
			this.client.call()
				.setCursor(SetCursorRequest.newBuilder()
					.setStream("s")
					.setPartition(1)
					.setCursorId("c")
					.setOffset(offset)
					.build());
		}
		restart();
		assertThat(this.client.call()
			.fetchCursor(FetchCursorRequest.newBuilder().setStream("s").setPartition(1).setCursorId("c").build())
			.getOffset()).isEqualTo(7);
	}

	@Test
	void groupsAreKept() {
		this.client.create("s", 3);
		this.client.create("gone", 1);
		long epoch = 0;
		for (String consumer : List.of("a", "b")) {
			epoch = this.client.call()
				.joinConsumerGroup(JoinConsumerGroupRequest.newBuilder()
					.setGroupId("g")
					.setConsumerId(consumer)
					.addStreams("s")
					.addStreams("gone")
					.build())
				.getEpoch();
		}
		FetchConsumerGroupAssignmentsRequest request = FetchConsumerGroupAssignmentsRequest.newBuilder()
			.setGroupId("g")
			.setConsumerId("a")
			.setEpoch(epoch)
			.build();
		List<PartitionAssignment> before = this.client.call()
			.fetchConsumerGroupAssignments(request)
			.getAssignmentsList();
		restart();
		assertThat(this.client.call().fetchConsumerGroupAssignments(request).getAssignmentsList()).isNotEmpty()
			.isEqualTo(before);
		this.client.delete("gone");
		assertThat(this.client.call()
			.fetchMetadata(FetchMetadataRequest.newBuilder().addGroups("g").build())
			.getGroupMetadata(0)
			.getEpoch()).isGreaterThan(epoch);
	}

	@Test
	void whatIsNotCommittedStaysSo() {
		this.client.create(stream("s").setMinIsr(NullableInt32.newBuilder().setValue(2)));
		this.client.publish("s", "committed");
		this.client.withoutDeadline().publish(message("s", "not").setAckPolicy(AckPolicy.ALL).build());
		restart();
		assertThat(this.client.partition("s", 0).getHighWatermark()).isZero();
		assertThat(this.client.partition("s", 0).getNewestOffset()).isEqualTo(1);
	}

	@Test
	void aCrashKeepsAllThatWasAcknowledged() throws IOException {
		this.client.create(stream("s").setSegmentMaxBytes(number(200)));
		Pipe pipe = this.client.pipe();
		for (int i = 0; i < 500; i++) {
			pipe.send(message("s", "m" + i).setCorrelationId("" + i));
		}
		assertThat(pipe.awaitResponses(500)).allMatch(PublishResponse::hasAck);
		crash();
		assertThat(stored("s")).hasSize(500).startsWith("m0").endsWith("m499");
		assertThat(this.client.publish("s", "next").getOffset()).isEqualTo(500);
	}

	@Test
	void aDamagedTailIsDropped() throws IOException {
		this.client.create("s", 1);
		this.client.publishAll("s", "a", "b", "c");
		stop();
		Path file = segments("0.log").get(0);
		byte[] content = Files.readAllBytes(file);
		content[content.length - 1] ^= 1;
		Files.write(file, content);
		try (Warnings warnings = new Warnings()) {
			start(this.directory);
			assertThat(warnings.texts()).singleElement(InstanceOfAssertFactories.STRING)
				.contains(file.toString(), "from position");
		}
		assertThat(stored("s")).containsExactly("a", "b");
		assertThat(this.client.publish("s", "d").getOffset()).isEqualTo(2);
		restart();
		assertThat(stored("s")).containsExactly("a", "b", "d");
	}

	@Test
	void deletedStreamsLeaveNothing() throws IOException {
		this.client.create("s", 2);
		this.client.publish("s", "a");
		this.client.create("never-used", 1);
		List<Path> before = segments("stream");
		this.client.delete("s");
		this.client.delete("never-used");
		assertThat(segments("stream")).hasSize(before.size() - 2);
		this.client.create("s", 1);
		restart();
		assertThat(this.client.publish("s", "b").getOffset()).isZero();
		assertThat(stored("s")).containsExactly("b");
	}

	@Test
	void retentionRemovesFilesAndOffsetsGoOn() throws IOException {
		this.client.create(stream("s").setSegmentMaxBytes(number(1))
			.setRetentionMaxMessages(number(1))
			.setCleanerInterval(number(20)));
		this.client.publishAll("s", "m0", "m1", "m2", "m3");
		// A file may go while they are listed.
		Awaitility.await()
			.ignoreException(UncheckedIOException.class)
			.untilAsserted(() -> assertThat(segments(".log")).hasSizeLessThanOrEqualTo(2));
		restart();
		assertThat(this.client.publish("s", "m4").getOffset()).isEqualTo(4);
		assertThat(stored("s")).doesNotContain("m0", "m1", "m2");
	}

	@Test
	void compactionIsKept() {
		this.client.create(stream("s").setSegmentMaxBytes(number(1))
			.setCompactEnabled(NullableBool.newBuilder().setValue(true))
			.setCleanerInterval(number(20)));
		for (String value : List.of("1", "2", "3")) {
			this.client.publish(message("s", value).setKey(ByteString.copyFromUtf8("k")));
		}
		Awaitility.await().untilAsserted(() -> assertThat(stored("s")).containsExactly("3"));
		restart();
		assertThat(stored("s")).containsExactly("3");
		assertThat(this.client.publish("s", "4").getOffset()).isEqualTo(3);
	}

	@Test
	void isForOneBrokerOnly() {
		assertThatExceptionOfType(BrokerDirectoryException.class)
			.isThrownBy(() -> EmbeddedBroker.builder().directory(this.directory).start())
			.withMessageContaining(this.directory.resolve("lock").toString())
			.withMessageContaining("in use by another");
		stop();
		EmbeddedBroker.builder().directory(this.directory).start().close();
	}

	@Test
	void isLetGoIfThePortIsTaken() {
		Path other = this.temporary.resolve("other");
		assertThatExceptionOfType(IllegalStateException.class)
			.isThrownBy(() -> EmbeddedBroker.builder().directory(other).port(this.broker.port()).start());
		EmbeddedBroker.builder().directory(other).start().close();
	}

	@Test
	void cannotBeAFile() throws IOException {
		Path file = Files.createFile(this.temporary.resolve("file"));
		assertThatExceptionOfType(BrokerDirectoryException.class)
			.isThrownBy(() -> EmbeddedBroker.builder().directory(file).start())
			.withMessageContaining(file.toString());
	}

	@Test
	void aDamagedStateIsNotPassedOver() throws IOException {
		this.client.create("s", 1);
		stop();
		Path state = segments("stream").get(0);
		Files.write(state, new byte[] { 1, 2, 3 });
		assertThatExceptionOfType(BrokerDirectoryException.class)
			.isThrownBy(() -> EmbeddedBroker.builder().directory(this.directory).start())
			.withMessageContaining(state.toString());
	}

	@Test
	@EnabledOnOs(value = OS.LINUX, disabledReason = "needs a device that is always full")
	void aFullDiskIsToldAndNothingIsAcknowledged() throws IOException {
		this.client.create("s", 1);
		Path log = logDirectory();
		Files.createDirectories(log);
		Path full = Files.createSymbolicLink(log.resolve("0000000000000000000.log"), Path.of("/dev/full"));
		String refusal = "failed to store the message in stream 's', partition 0: Cannot open " + full;
		assertThat(this.client.failure((api) -> api.publish(message("s", "v").build())))
			.startsWith("INTERNAL " + refusal)
			.contains("No space left");
		assertThat(this.client
			.failure((api) -> api.publishToSubject(PublishToSubjectRequest.newBuilder().setSubject("s").build())))
			.startsWith("INTERNAL " + refusal);
		Pipe pipe = this.client.pipe();
		pipe.send(message("s", "v").setCorrelationId("1"));
		assertThat(pipe.awaitResponses(1).get(0).getAsyncError().getMessage()).startsWith(refusal);
		assertThat(this.client.partition("s", 0).getNewestOffset()).isEqualTo(-1);
		Files.delete(full);
		assertThat(this.client.publish("s", "v").getOffset()).isZero();
	}

	@Test
	@EnabledOnOs(value = OS.LINUX, disabledReason = "needs a device that is always full")
	void aPartitionOnAFullDiskDoesNotKeepOthersFromBeingCleaned() throws IOException {
		this.client.create(stream("s").setPartitions(2)
			.setSegmentMaxBytes(number(1))
			.setRetentionMaxMessages(number(1))
			.setCleanerInterval(number(20)));
		Path first = logDirectory();
		Files.createDirectories(first);
		Files.createSymbolicLink(first.resolve("0000000000000000001.log"), Path.of("/dev/full"));
		this.client.publish("s", "m0");
		for (int i = 0; i < 4; i++) {
			this.client.publish(message("s", "m" + i).setPartition(1));
		}
		Path second = first.resolveSibling("1");
		Awaitility.await().until(() -> !Files.exists(second.resolve("0000000000000000000.log")));
	}

	@Test
	void aStreamThatCannotBeKeptIsNotCreated() throws IOException {
		Path streams = this.directory.resolve("streams");
		Path away = Files.move(streams, this.temporary.resolve("away"));
		Files.createFile(streams);
		assertThat(this.client.failure((api) -> api.createStream(stream("s").build())))
			.startsWith("INTERNAL failed to keep stream 's': ");
		assertThat(describe("s").getError()).isEqualTo(StreamMetadata.Error.UNKNOWN_STREAM);
		Files.delete(streams);
		Files.move(away, streams);
		this.client.create("s", 1);
	}

	@Test
	void aMemberThatCannotBeKeptIsNone() throws IOException {
		this.client.create("s", 1);
		JoinConsumerGroupRequest join = JoinConsumerGroupRequest.newBuilder()
			.setGroupId("g")
			.setConsumerId("c")
			.addStreams("s")
			.build();
		// In the way of the file that is written first.
		Path obstacle = Files.createDirectories(this.directory.resolve("groups.tmp").resolve("x"));
		assertThat(this.client.failure((api) -> api.joinConsumerGroup(join)))
			.startsWith("INTERNAL failed to keep the consumer groups: ");
		Files.delete(obstacle);
		assertThat(this.client.call().joinConsumerGroup(join).getEpoch()).isZero();
	}

	private Path logDirectory() throws IOException {
		List<Path> states = segments("stream");
		return states.get(states.size() - 1).resolveSibling("0");
	}

	/** What is logged while files are read. */
	private static final class Warnings implements AutoCloseable {

		private final Logger logger = (Logger) LoggerFactory.getLogger("io.liftbridge.embedded.disk");

		private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

		Warnings() {
			this.appender.start();
			this.logger.addAppender(this.appender);
		}

		List<String> texts() {
			return this.appender.list.stream()
				.filter((event) -> event.getLevel() == Level.WARN)
				.map(ILoggingEvent::getFormattedMessage)
				.toList();
		}

		@Override
		public void close() {
			this.logger.detachAppender(this.appender);
		}

	}

}
