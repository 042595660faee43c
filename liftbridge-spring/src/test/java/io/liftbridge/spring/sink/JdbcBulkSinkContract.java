package io.liftbridge.spring.sink;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import javax.sql.DataSource;

import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.entry.Compression;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.client.stream.StreamSpec;
import io.liftbridge.spring.EmbeddedBrokerTest;
import io.liftbridge.spring.TestApplication;
import io.liftbridge.spring.listener.PartitionState;
import io.liftbridge.spring.support.LiftbridgeHeaders;
import io.liftbridge.spring.support.PayloadConversionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.liftbridge.spring.TestApplication.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What holds on each database.
 */
abstract class JdbcBulkSinkContract extends EmbeddedBrokerTest {

	private final List<String> deadLetters = Collections.synchronizedList(new ArrayList<>());

	private final List<Throwable> causes = Collections.synchronizedList(new ArrayList<>());

	private final List<BulkSink> sinks = new ArrayList<>();

	private final SinkProperties properties = new SinkProperties();

	private StartPosition begin = StartPosition.earliest();

	private TestApplication application;

	abstract String url();

	private DataSource dataSource() {
		return SinkProcess.dataSource(url());
	}

	/** Makes the database end at once. */
	abstract void crash() throws IOException, InterruptedException, SQLException;

	abstract void restart() throws IOException, InterruptedException, SQLException;

	@BeforeEach
	void open() throws SQLException {
		this.application = application().start();
		this.properties.setWaitTime(Duration.ofMillis(50));
		this.properties.setMaxRecoveryPause(Duration.ofMillis(200));
		this.properties.setWorkers(4);
		execute("DROP TABLE IF EXISTS item");
		execute("DROP TABLE IF EXISTS elsewhere");
		execute("CREATE TABLE item (stream VARCHAR(100), part INT, pos BIGINT, idx INT,"
				+ " number INT NOT NULL CHECK (number <> 13), text VARCHAR(10))");
	}

	@AfterEach
	void close() {
		this.sinks.forEach(BulkSink::stop);
		this.application.close();
	}

	@Test
	void writesRowsAndPositionsTogether() throws SQLException {
		stream(2);
		sink("rows").start();
		for (int i = 0; i < 200; i++) {
			this.application.template().newMessage(item(i)).stream(this.stream).partition(i % 2).send();
		}
		eventually(() -> assertThat(count()).isEqualTo(200));
		assertThat(longs("SELECT DISTINCT number FROM item ORDER BY number"))
			.containsExactlyElementsOf(LongStream.range(100, 300).boxed().toList());
		assertThat(longs("SELECT last_offset FROM liftbridge_sink_offset WHERE sink_name = 'rows' AND stream_name = '"
				+ this.stream + "' ORDER BY partition_number"))
			.containsExactly(99L, 99L);
	}

	@Test
	void goesOnBehindTheStoredPosition() throws SQLException {
		stream(1);
		BulkSink first = sink("again");
		first.start();
		send(0, 50);
		eventually(() -> assertThat(count()).isEqualTo(50));
		first.stop();
		send(50, 80);
		sink("again").start();
		eventually(() -> assertThat(count()).isEqualTo(80));
		assertThat(longs("SELECT COUNT(DISTINCT number) FROM item")).containsExactly(80L);
	}

	@Test
	void newMessagesAreThoseSinceTheFirstStartAlsoIfNothingWasWrittenYet() throws SQLException {
		stream(1);
		send(0, 10);
		this.begin = StartPosition.newOnly();
		BulkSink first = sink("new");
		first.start();
		eventually(() -> assertThat(longs("SELECT last_offset FROM liftbridge_sink_offset WHERE sink_name = 'new'"
				+ " AND stream_name = '" + this.stream + "'"))
			.containsExactly(9L));
		first.stop();
		send(10, 15);
		sink("new").start();
		eventually(() -> assertThat(longs("SELECT number FROM item ORDER BY number")).containsExactly(110L, 111L, 112L,
				113L, 114L));
	}

	@Test
	void anAgeCountsFromTheFirstStartAlsoIfNothingWasWrittenYet() throws SQLException {
		stream(1);
		send(0, 10);
		ReceivedMessage<byte[]> sixth = this.application.template().receive(this.stream, 0, 5);
		this.begin = StartPosition.at(sixth.timestamp());
		this.properties.setWaitTime(Duration.ofMinutes(5));
		this.properties.setShutdownTimeout(Duration.ZERO);
		BulkSink first = sink("age");
		first.start();
		eventually(() -> assertThat(first.status().buffered()).isEqualTo(5));
		first.stop();
		// Some time has passed: the same age is about a later time now.
		this.begin = StartPosition.at(Instant.now());
		this.properties.setWaitTime(Duration.ofMillis(50));
		sink("age").start();
		eventually(() -> assertThat(longs("SELECT number FROM item ORDER BY number")).containsExactly(105L, 106L, 107L,
				108L, 109L));
	}

	/** Where it ends, and where a time is in it, is not known before it is resumed. */
	@Test
	void inAPausedPartitionAnAgeCountsFromTheFirstStart() throws SQLException {
		stream(1);
		send(0, 10);
		ReceivedMessage<byte[]> sixth = this.application.template().receive(this.stream, 0, 5);
		this.application.client().streams().pause(this.stream, false);
		this.begin = StartPosition.at(sixth.timestamp());
		this.properties.setWaitTime(Duration.ofMinutes(5));
		this.properties.setShutdownTimeout(Duration.ZERO);
		BulkSink first = sink("paused");
		first.start();
		eventually(() -> assertThat(first.status().buffered()).isEqualTo(5));
		first.stop();
		this.begin = StartPosition.at(Instant.now());
		this.properties.setWaitTime(Duration.ofMillis(50));
		sink("paused").start();
		eventually(() -> assertThat(longs("SELECT number FROM item ORDER BY number")).containsExactly(105L, 106L, 107L,
				108L, 109L));
	}

	@Test
	void inAPausedPartitionNewMessagesAreThoseSinceTheFirstStart() throws SQLException {
		stream(1);
		this.application.client().streams().pause(this.stream, false);
		this.begin = StartPosition.newOnly();
		this.properties.setWaitTime(Duration.ofMinutes(5));
		this.properties.setShutdownTimeout(Duration.ZERO);
		BulkSink first = sink("unresolved");
		first.start();
		eventually(() -> assertThat(first.container().partitions()).hasSize(1)
			.allMatch((status) -> status.state() == PartitionState.LIVE));
		first.stop();
		send(0, 3);
		this.properties.setWaitTime(Duration.ofMillis(50));
		sink("unresolved").start();
		eventually(
				() -> assertThat(longs("SELECT number FROM item ORDER BY number")).containsExactly(100L, 101L, 102L));
	}

	@Test
	void atATimeThatNoMessageHasYetItBeginsWithWhatComes() throws SQLException {
		stream(1);
		send(0, 10);
		this.begin = StartPosition.at(Instant.now().plusSeconds(3600));
		BulkSink first = sink("later");
		first.start();
		eventually(() -> assertThat(longs("SELECT last_offset FROM liftbridge_sink_offset WHERE sink_name = 'later'"
				+ " AND stream_name = '" + this.stream + "'"))
			.containsExactly(9L));
		first.stop();
		send(10, 12);
		sink("later").start();
		eventually(() -> assertThat(longs("SELECT number FROM item ORDER BY number")).containsExactly(110L, 111L));
	}

	@Test
	void whoWasStartedLastTakesOverAndTheOtherStops() throws SQLException {
		stream(1);
		BulkSink first = sink("fenced");
		first.start();
		send(0, 10);
		eventually(() -> assertThat(count()).isEqualTo(10));
		BulkSink second = sink("fenced");
		second.start();
		eventually(() -> assertThat(second.container().partitions()).hasSize(1)
			.allMatch((status) -> status.state() == PartitionState.LIVE));
		send(10, 60);
		eventually(() -> assertThat(first.failure()).isInstanceOf(SinkFencedException.class));
		eventually(() -> assertThat(first.isRunning()).isFalse());
		eventually(() -> assertThat(count()).isEqualTo(60));
		assertThat(longs("SELECT COUNT(DISTINCT number) FROM item")).containsExactly(60L);
		assertThat(first.failure()).hasMessageContaining(this.stream + "/0").hasMessageContaining("'fenced'");
		assertThat(second.failure()).isNull();
	}

	@Test
	void deadLettersWhatCanNeverBeWrittenAndWritesTheRest() throws SQLException {
		stream(1);
		this.application.template()
			.sendAll(this.stream,
					List.<Object>of(item(0), new Item(13, "check"), item(1), "not JSON", item(2),
							new Item(14, "much too long"), item(3)))
			.forEach((result) -> {
			});
		sink("poison").start();
		eventually(() -> assertThat(longs("SELECT number FROM item ORDER BY pos")).containsExactly(100L, 101L, 102L,
				103L));
		assertThat(this.deadLetters).hasSize(3);
		assertThat(this.deadLetters.get(0)).contains("check");
		assertThat(this.deadLetters.get(1)).isEqualTo("not JSON");
		assertThat(this.deadLetters.get(2)).contains("much too long");
		assertThat(this.causes.get(0)).isInstanceOf(RowRefusedException.class)
			.hasMessageContaining("SQL state 23")
			.hasMessageContaining(LiftbridgeHeaders.DLT_EXCEPTION_TRACE);
		assertThat(this.causes.get(1)).isInstanceOf(PayloadConversionException.class);
		assertThat(this.causes.get(2)).hasMessageContaining("SQL state 22").hasMessageNotContaining("much too long");
		eventually(() -> assertThat(longs("SELECT last_offset FROM liftbridge_sink_offset WHERE sink_name = 'poison'"
				+ " AND stream_name = '" + this.stream + "'"))
			.containsExactly(6L));
	}

	@Test
	void whatIsInMemoryWhenAPartitionIsOpenedAgainIsWrittenOnce() throws SQLException {
		stream(1);
		execute("ALTER TABLE item RENAME TO elsewhere");
		this.properties.setBatchSize(10);
		BulkSink sink = sink("reopened");
		sink.start();
		send(0, 35);
		eventually(() -> assertThat(sink.status().buffered()).isEqualTo(35));
		eventually(() -> assertThat(sink.status().lastError()).containsIgnoringCase("item"));
		sink.container().stop();
		sink.container().start();
		send(35, 50);
		execute("ALTER TABLE elsewhere RENAME TO item");
		eventually(() -> assertThat(longs("SELECT MAX(number) FROM item")).containsExactly(149L));
		eventually(() -> assertThat(sink.status().buffered()).isZero());
		assertThat(longs("SELECT number FROM item ORDER BY number"))
			.containsExactlyElementsOf(LongStream.range(100, 150).boxed().toList());
	}

	@Test
	void aTableThatIsMissingIsNoPoison() throws SQLException {
		stream(1);
		execute("DROP TABLE item");
		BulkSink sink = sink("missing");
		sink.start();
		send(0, 5);
		eventually(() -> assertThat(sink.status().lastError()).containsIgnoringCase("item"));
		execute("CREATE TABLE item (stream VARCHAR(100), part INT, pos BIGINT, idx INT, number INT, text VARCHAR(10))");
		eventually(() -> assertThat(count()).isEqualTo(5));
		assertThat(this.deadLetters).isEmpty();
	}

	@Test
	void recordsOfABatchEntryAreWrittenOnceWhereverItWasCut() throws SQLException {
		stream(1);
		this.properties.setBatchSize(3);
		this.properties.setWaitTime(Duration.ofMinutes(5));
		this.properties.setShutdownTimeout(Duration.ZERO);
		this.application.template()
			.sendBatchEntry(this.stream, IntStream.range(0, 8).mapToObj(JdbcBulkSinkContract::item).toList(),
					Compression.NONE)
			.join();
		BulkSink first = sink("entry");
		first.start();
		// Two batches are full, two records wait.
		eventually(() -> assertThat(count()).isEqualTo(6));
		first.stop();
		this.properties.setWaitTime(Duration.ofMillis(50));
		sink("entry").start();
		eventually(() -> assertThat(count()).isEqualTo(8));
		assertThat(longs("SELECT number FROM item ORDER BY number"))
			.containsExactlyElementsOf(LongStream.range(100, 108).boxed().toList());
	}

	@Test
	void aStreamThatWasCreatedAnewIsReadFromItsBeginning() throws SQLException {
		stream(1);
		BulkSink first = sink("anew");
		first.start();
		send(0, 20);
		eventually(() -> assertThat(count()).isEqualTo(20));
		first.stop();
		this.application.client().streams().delete(this.stream);
		this.application.client().streams().create(StreamSpec.named(this.stream));
		send(20, 23);
		sink("anew").start();
		eventually(() -> assertThat(count()).isEqualTo(23));
		this.sinks.get(1).stop();
		send(23, 25);
		sink("anew").start();
		eventually(() -> assertThat(count()).isEqualTo(25));
	}

	@Test
	void aDatabaseThatGoesAwayIsWaitedFor() throws Exception {
		stream(1);
		BulkSink sink = sink("away");
		sink.start();
		send(0, 100);
		eventually(() -> assertThat(count()).isEqualTo(100));
		crash();
		send(100, 200);
		eventually(() -> assertThat(sink.status().lastError()).isNotNull());
		restart();
		eventually(() -> assertThat(count()).isEqualTo(200));
		assertThat(longs("SELECT COUNT(DISTINCT number) FROM item")).containsExactly(200L);
		assertThat(this.deadLetters).isEmpty();
	}

	private BulkSink sink(String id) {
		BulkSink sink = JdbcBulkSink.builder(id, this.application.client(), this.application.factory(), dataSource())
			.as(Item.class)
			.streams(this.stream)
			.from(this.begin)
			.properties(this.properties)
			.row("INSERT INTO item (stream, part, pos, idx, number, text) VALUES (?, ?, ?, ?, ?, ?)",
					JdbcBulkSinkContract::bind)
			.recoverer((message, failure) -> {
				this.deadLetters.add(message.text());
				this.causes.add(failure.cause());
				return CompletableFuture.completedFuture(null);
			})
			.build();
		this.sinks.add(sink);
		return sink;
	}

	static void bind(PreparedStatement statement, ReceivedMessage<Item> message) throws SQLException {
		statement.setString(1, message.stream());
		statement.setInt(2, message.partition());
		statement.setLong(3, message.offset());
		statement.setInt(4, message.index());
		statement.setInt(5, message.value().number());
		statement.setString(6, message.value().text());
	}

	@Test
	void killedAtRandomPointsItNeitherLosesNorDoublesRows() throws Exception {
		stream(2);
		int kills = 4;
		int total = 4000;
		Random random = new Random();
		for (int i = 0; i <= kills; i++) {
			Process process = SinkProcess.start(broker.address(), this.stream, url());
			try {
				int from = i * total / (kills + 1);
				int to = (i + 1) * total / (kills + 1);
				send(from, to);
				long enough = (i < kills) ? from + random.nextInt(to - from) : total;
				await().atMost(Duration.ofMinutes(2)).pollInterval(Duration.ofMillis(5)).until(() -> count() >= enough);
			}
			finally {
				process.destroyForcibly().waitFor();
			}
		}
		assertThat(longs("SELECT COUNT(DISTINCT number) FROM item")).containsExactly((long) total);
		assertThat(count()).isEqualTo(total);
	}

	private void send(int from, int to) {
		this.application.template()
			.sendAll(this.stream, IntStream.range(from, to).mapToObj(JdbcBulkSinkContract::item))
			.forEach((result) -> assertThat(result.failure()).isNull());
	}

	private static Item item(int number) {
		return new Item(100 + number, "i" + number);
	}

	private long count() throws SQLException {
		return longs("SELECT COUNT(*) FROM item").get(0);
	}

	private List<Long> longs(String sql) throws SQLException {
		try (Connection connection = dataSource().getConnection();
				Statement statement = connection.createStatement();
				ResultSet result = statement.executeQuery(sql)) {
			List<Long> values = new ArrayList<>();
			while (result.next()) {
				values.add(result.getLong(1));
			}
			return values;
		}
	}

	private void execute(String sql) throws SQLException {
		try (Connection connection = dataSource().getConnection(); Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	record Item(int number, String text) {
	}

}
