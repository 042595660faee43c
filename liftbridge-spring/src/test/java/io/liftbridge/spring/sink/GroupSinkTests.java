package io.liftbridge.spring.sink;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import javax.sql.DataSource;

import io.liftbridge.client.message.Ack;
import io.liftbridge.spring.GroupBrokerTest;
import io.liftbridge.spring.TestApplication;
import io.liftbridge.spring.listener.ContainerProperties;
import io.liftbridge.spring.listener.PartitionStatus;
import io.liftbridge.spring.listener.delivery.LoggingRecoverer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.liftbridge.spring.TestApplication.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * Sinks that share partitions as members of a group.
 */
class GroupSinkTests extends GroupBrokerTest {

	private final DataSource dataSource = SinkProcess
		.dataSource("jdbc:h2:mem:" + this.stream + ";DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=10000");

	private final List<BulkSink> sinks = new ArrayList<>();

	private final SinkProperties properties = new SinkProperties();

	private int sent;

	@BeforeEach
	void createTable() throws SQLException {
		this.properties.setBatchSize(10);
		this.properties.setWaitTime(Duration.ofMillis(20));
		this.properties.setMaxRecoveryPause(Duration.ofMillis(500));
		this.properties.setWorkers(4);
		execute("CREATE TABLE item (part INT, pos BIGINT, text VARCHAR(20))");
	}

	@AfterEach
	void close() throws SQLException {
		this.sinks.forEach(BulkSink::stop);
		execute("SHUTDOWN");
	}

	@Test
	void eachRowIsWrittenOnceHoweverMembersComeAndGo() throws SQLException {
		broker.createStream(this.stream, 4);
		BulkSink first = jdbc(this.stream);
		BulkSink second = jdbc(this.stream);
		Random random = new Random(this.stream.hashCode());
		first.start();
		for (int i = 0; i < 5; i++) {
			second.start();
			send(40);
			long some = count() + random.nextInt(20);
			await().atMost(Duration.ofSeconds(20)).until(() -> count() >= Math.min(some, this.sent));
			if (random.nextBoolean()) {
				await().atMost(Duration.ofSeconds(20)).until(() -> !partitions(second).isEmpty());
			}
			send(40);
			second.stop();
		}
		second.start();
		send(40);
		first.stop();
		send(40);
		eventually(() -> assertThat(places()).isEqualTo(stored()));
		assertThat(count()).isEqualTo(stored());
		assertThat(first.failure()).isNull();
		assertThat(second.failure()).isNull();
		assertThat(second.isRunning()).isTrue();
	}

	@Test
	void whatIsBufferedOfAPartitionThatIsTakenAwayIsWrittenByTheNextMemberOnly() throws SQLException {
		broker.createStream(this.stream, 2);
		this.properties.setBatchSize(1000);
		this.properties.setWaitTime(Duration.ofMinutes(5));
		BulkSink first = jdbc(this.stream);
		first.start();
		send(20);
		eventually(() -> assertThat(first.status().buffered()).isEqualTo(20));
		this.properties.setWaitTime(Duration.ofMillis(20));
		BulkSink second = jdbc(this.stream);
		second.start();
		eventually(() -> assertThat(count()).isEqualTo(10));
		eventually(() -> assertThat(first.status().buffered()).isEqualTo(10));
		assertThat(partitions(first)).hasSize(1).doesNotContainAnyElementsOf(partitions(second));
		first.stop();
		eventually(() -> assertThat(count()).isEqualTo(20));
		assertThat(distinct()).isEqualTo(20);
		assertThat(first.failure()).isNull();
	}

	@Test
	void goesOnBehindWhatSomebodyElseHasWrittenIfThePartitionIsStillItsOwn() throws SQLException {
		broker.createStream(this.stream, 1);
		BulkSink member = jdbc(this.stream);
		member.start();
		send(20);
		eventually(() -> assertThat(count()).isEqualTo(20));
		// As if another member had taken over while this one hung.
		BulkSink other = jdbc(null);
		other.start();
		eventually(() -> assertThat(other.container().partitions()).hasSize(1));
		await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(100)).until(() -> {
			send(5);
			return !other.isRunning();
		});
		send(20);
		eventually(() -> assertThat(places()).isEqualTo(stored()));
		assertThat(count()).isEqualTo(stored());
		assertThat(other.failure()).isInstanceOf(SinkFencedException.class);
		assertThat(member.failure()).isNull();
		assertThat(member.isRunning()).isTrue();
		eventually(() -> assertThat(member.status().lastError()).isNull());
	}

	@Test
	void aWriterThatStoresNoPositionsIsNotGivenWhatIsSomebodyElses() {
		broker.createStream(this.stream, 2);
		this.properties.setBatchSize(1000);
		this.properties.setWaitTime(Duration.ofMinutes(5));
		RecordingWriter firstWriter = new RecordingWriter();
		BulkSink first = sink("first", this.stream, firstWriter);
		first.start();
		send(20);
		eventually(() -> assertThat(first.status().buffered()).isEqualTo(20));
		this.properties.setWaitTime(Duration.ofMillis(20));
		RecordingWriter secondWriter = new RecordingWriter();
		BulkSink second = sink("second", this.stream, secondWriter);
		second.start();
		eventually(() -> assertThat(secondWriter.written()).hasSize(10));
		eventually(() -> assertThat(first.status().buffered()).isEqualTo(10));
		second.stop();
		// It is taken again, behind what was written.
		eventually(() -> assertThat(partitions(first)).hasSize(2));
		send(2);
		eventually(() -> assertThat(first.status().buffered()).isEqualTo(12));
		first.stop();
		assertThat(Stream.of(firstWriter, secondWriter).flatMap((writer) -> writer.written().stream())).hasSize(22)
			.doesNotHaveDuplicates();
	}

	@Test
	void refusesByNameToBeToldWhereToBegin() {
		broker.createStream(this.stream, 1);
		TestApplication app = application();
		ContainerProperties listening = listening(app, this.stream);
		listening.setSeekAware((container, stream, partition, stored) -> null);
		assertThatIllegalArgumentException()
			.isThrownBy(() -> JdbcBulkSink.builder("rows", app.client(), app.factory(), this.dataSource)
				.listening(listening)
				.row("INSERT INTO item VALUES (?, ?, ?)", (row, message) -> {
				})
				.build())
			.withMessageContaining("'rows'")
			.withMessageContaining("seekAware");
	}

	private BulkSink jdbc(@Nullable String group) {
		TestApplication app = application();
		JdbcBulkSink.Builder<String> builder = JdbcBulkSink
			.builder("rows", app.client(), app.factory(), this.dataSource)
			.as(String.class)
			.streams(this.stream)
			.properties(this.properties)
			.row("INSERT INTO item (part, pos, text) VALUES (?, ?, ?)", (row, message) -> {
				row.setInt(1, message.partition());
				row.setLong(2, message.offset());
				row.setString(3, message.value());
			});
		if (group != null) {
			builder.group(group);
		}
		BulkSink sink = builder.build();
		this.sinks.add(sink);
		return sink;
	}

	private BulkSink sink(String id, String group, BulkWriter writer) {
		TestApplication app = application();
		BulkSink sink = new BulkSink(id, app.factory(), listening(app, group), this.properties, writer,
				new LoggingRecoverer());
		this.sinks.add(sink);
		return sink;
	}

	private TestApplication application() {
		TestApplication app = TestApplication.on(broker.address())
			.client((client) -> client.connectTimeout(Duration.ofSeconds(20)).requestTimeout(Duration.ofSeconds(20)))
			.start();
		this.applications.add(app);
		return app;
	}

	private ContainerProperties listening(TestApplication app, @Nullable String group) {
		ContainerProperties listening = new ContainerProperties(app.factory().getContainerProperties());
		listening.setStreams(List.of(this.stream));
		listening.setGroup(group);
		return listening;
	}

	private static List<Integer> partitions(BulkSink sink) {
		return sink.container().partitions().stream().map(PartitionStatus::partition).toList();
	}

	/** To all partitions in turn. */
	private void send(int count) {
		TestApplication app = this.applications.element();
		int partitions = app.client().streams().describe(this.stream).partitions().size();
		List<CompletableFuture<Ack>> acks = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			acks.add(app.template()
				.newMessage("m" + this.sent)
				.stream(this.stream)
				.partition(this.sent++ % partitions)
				.send());
		}
		acks.forEach(CompletableFuture::join);
	}

	private long count() {
		return number("SELECT COUNT(*) FROM item");
	}

	private long distinct() {
		return number("SELECT COUNT(DISTINCT text) FROM item");
	}

	private long places() {
		return number("SELECT COUNT(*) FROM (SELECT DISTINCT part, pos FROM item) AS place");
	}

	/** Under load a message may be sent twice, and is stored twice then. */
	private long stored() {
		TestApplication app = this.applications.element();
		return app.client()
			.streams()
			.describe(this.stream)
			.partitions()
			.stream()
			.mapToLong((partition) -> app.client()
				.streams()
				.describePartition(this.stream, partition.partition())
				.newestOffset() + 1)
			.sum();
	}

	private long number(String sql) {
		try (Connection connection = this.dataSource.getConnection();
				Statement statement = connection.createStatement();
				ResultSet result = statement.executeQuery(sql)) {
			result.next();
			return result.getLong(1);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void execute(String sql) throws SQLException {
		try (Connection connection = this.dataSource.getConnection();
				Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

}
