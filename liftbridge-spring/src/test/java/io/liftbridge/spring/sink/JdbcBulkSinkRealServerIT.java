package io.liftbridge.spring.sink;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

import javax.sql.DataSource;

import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.spring.TestApplication;
import io.liftbridge.spring.core.DefaultProducerFactory;
import io.liftbridge.spring.listener.ContainerProperties;
import io.liftbridge.spring.listener.delivery.DeadLetterPublisher;
import io.liftbridge.test.LiftbridgeServer;
import org.h2.tools.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static io.liftbridge.spring.TestApplication.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * A sink on a real server and a database of its own.
 */
class JdbcBulkSinkRealServerIT {

	private static final int KILLS = 5;

	private static final int EACH = 1000;

	@TempDir
	Path directory;

	private LiftbridgeServer server;

	private Server database;

	private DataSource dataSource;

	private String url;

	private TestApplication application;

	@BeforeEach
	void open() throws SQLException {
		assumeTrue(LiftbridgeServer.isAvailable(), LiftbridgeServer::unavailableReason);
		this.server = LiftbridgeServer.builder().cursorPartitions(1).start();
		this.database = Server.createTcpServer("-tcpPort", "0", "-baseDir", this.directory.toString(), "-ifNotExists")
			.start();
		this.url = "jdbc:h2:tcp://127.0.0.1:" + this.database.getPort() + "/./items;DB_CLOSE_DELAY=-1";
		this.dataSource = SinkProcess.dataSource(this.url);
		try (Connection connection = this.dataSource.getConnection();
				Statement statement = connection.createStatement()) {
			statement.execute("CREATE TABLE item (stream VARCHAR(100), part INT, pos BIGINT, idx INT,"
					+ " number INT NOT NULL, text VARCHAR(10))");
		}
		this.application = TestApplication.on(this.server.address()).start();
	}

	@AfterEach
	void close() {
		if (this.application != null) {
			this.application.close();
		}
		if (this.database != null) {
			this.database.stop();
		}
		if (this.server != null) {
			this.server.close();
		}
	}

	@Test
	void killedAtRandomPointsItNeitherLosesNorDoublesRows() throws Exception {
		this.application.createStream("items", 3);
		Random random = new Random();
		for (int i = 0; i <= KILLS; i++) {
			Process process = SinkProcess.start(this.server.address(), "items", this.url);
			try {
				send(i * EACH, (i + 1) * EACH);
				long enough = (i < KILLS) ? i * EACH + random.nextInt(EACH) : (KILLS + 1) * EACH;
				await().atMost(Duration.ofMinutes(3))
					.pollInterval(Duration.ofMillis(5))
					.until(() -> number("SELECT COUNT(*) FROM item") >= enough);
			}
			finally {
				process.destroyForcibly().waitFor();
			}
		}
		assertThat(number("SELECT COUNT(DISTINCT number) FROM item")).isEqualTo((KILLS + 1) * EACH);
		assertThat(number("SELECT COUNT(*) FROM item")).isEqualTo((KILLS + 1) * EACH);
	}

	@Test
	void survivesARestartOfTheServerAndDeadLettersPoison() throws SQLException {
		this.application.createStream("items", 1);
		BulkSink sink = sink("restart", StartPosition.earliest());
		sink.start();
		send(0, 100);
		eventually(() -> assertThat(number("SELECT COUNT(*) FROM item")).isEqualTo(100));
		this.server.stop();
		this.server.restart();
		send(100, 150);
		this.application.template().send("items", "no item").join();
		send(150, 200);
		await().atMost(Duration.ofMinutes(1))
			.untilAsserted(() -> assertThat(number("SELECT COUNT(*) FROM item")).isEqualTo(200));
		sink.stop();
		assertThat(number("SELECT COUNT(DISTINCT number) FROM item")).isEqualTo(200);
		assertThat(this.application.messages("items.dlt", 0)).singleElement()
			.satisfies((letter) -> assertThat(letter.text()).isEqualTo("no item"));
	}

	@Test
	void anAgeBecomesAnOffset() throws SQLException {
		this.application.createStream("items", 1);
		send(0, 10);
		Instant sixth = this.application.template().receive("items", 0, 5).timestamp();
		BulkSink some = sink("some", StartPosition.at(sixth));
		some.start();
		eventually(() -> assertThat(number("SELECT MIN(number) FROM item")).isEqualTo(5));
		some.stop();
		BulkSink none = sink("none", StartPosition.at(Instant.now()));
		none.start();
		eventually(() -> assertThat(number("SELECT last_offset FROM liftbridge_sink_offset WHERE sink_name = 'none'"))
			.isEqualTo(9));
		none.stop();
	}

	private BulkSink sink(String id, StartPosition start) {
		ContainerProperties listening = new ContainerProperties(this.application.factory().getContainerProperties());
		listening.setStreams(List.of("items"));
		listening.setStartPosition(() -> start);
		return JdbcBulkSink.builder(id, this.application.client(), this.application.factory(), this.dataSource)
			.as(JdbcBulkSinkContract.Item.class)
			.listening(listening)
			.row("INSERT INTO item (stream, part, pos, idx, number, text) VALUES (?, ?, ?, ?, ?, ?)",
					JdbcBulkSinkContract::bind)
			.recoverer(new DeadLetterPublisher(this.application.client(),
					this.application.bean(DefaultProducerFactory.class)))
			.build();
	}

	private void send(int from, int to) {
		this.application.template()
			.sendAll("items", IntStream.range(from, to).mapToObj((i) -> new JdbcBulkSinkContract.Item(i, "i" + i)))
			.forEach((result) -> assertThat(result.failure()).isNull());
	}

	private long number(String sql) throws SQLException {
		try (Connection connection = this.dataSource.getConnection();
				Statement statement = connection.createStatement();
				ResultSet result = statement.executeQuery(sql)) {
			return result.next() ? result.getLong(1) : -1;
		}
	}

}
