package io.liftbridge.spring.core;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.stream.StreamSpec;
import io.liftbridge.embedded.EmbeddedBroker;
import io.liftbridge.spring.EmbeddedBrokerTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import static io.liftbridge.spring.TestApplication.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class LiftbridgeAdminTests extends EmbeddedBrokerTest {

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	private LiftbridgeClient client;

	@BeforeEach
	void open() {
		this.client = LiftbridgeClient.builder().seeds(broker.address()).requestTimeout(Duration.ofSeconds(5)).build();
		this.log.start();
		((Logger) LoggerFactory.getLogger(LiftbridgeAdmin.class)).addAppender(this.log);
	}

	@AfterEach
	void close() {
		((Logger) LoggerFactory.getLogger(LiftbridgeAdmin.class)).detachAppender(this.log);
		this.client.close();
	}

	@Test
	void createsWhatIsMissingBeforeTheStartReturns() {
		LiftbridgeAdmin admin = new LiftbridgeAdmin(this.client,
				List.of(StreamSpec.named(this.stream).partitions(3), StreamSpec.named(this.stream + "b")));
		admin.start();
		assertThat(this.client.streams().describe(this.stream).partitions()).hasSize(3);
		assertThat(admin.pending()).isEmpty();
		assertThat(lines(Level.INFO)).anyMatch((line) -> line.contains("'" + this.stream + "' with 3 partition(s)"));
		admin.stop();
	}

	@Test
	void leavesWhatExistsAndReportsDifferences() {
		this.client.streams().create(StreamSpec.named(this.stream).subject("other." + this.stream).partitions(2));
		LiftbridgeAdmin admin = new LiftbridgeAdmin(this.client, List.of(StreamSpec.named(this.stream).partitions(4)));
		admin.start();
		assertThat(admin.pending()).isEmpty();
		assertThat(this.client.streams().describe(this.stream).partitions()).hasSize(2);
		assertThat(lines(Level.WARN)).filteredOn((line) -> line.contains(this.stream))
			.singleElement()
			.asString()
			.contains("2 partition(s) instead of 4")
			.contains("subject 'other." + this.stream + "' instead of '" + this.stream + "'");
		admin.stop();
	}

	@Test
	void tellsDifferencesAndLooksAnewWhenAsked() {
		this.client.streams().create(StreamSpec.named(this.stream).partitions(2));
		LiftbridgeAdmin admin = new LiftbridgeAdmin(this.client, List.of(StreamSpec.named(this.stream).partitions(4),
				StreamSpec.named(this.stream + "c"), StreamSpec.named(this.stream + "d")));
		assertThat(admin.compare()).containsOnlyKeys(this.stream);
		admin.start();
		assertThat(admin.differences()).containsOnlyKeys(this.stream);
		assertThat(admin.differences().get(this.stream)).singleElement()
			.isEqualTo(new StreamDifference(StreamDifference.Property.PARTITIONS, "4", "2"));
		this.client.streams().delete(this.stream);
		this.client.streams().create(StreamSpec.named(this.stream).partitions(4));
		assertThat(admin.compare()).isEmpty();
		assertThat(admin.differences()).isEmpty();
		admin.stop();
	}

	@Test
	void failsTheStartForADifferenceIfItIsToldTo() {
		this.client.streams().create(StreamSpec.named(this.stream).partitions(2));
		LiftbridgeAdmin admin = new LiftbridgeAdmin(this.client, List.of(StreamSpec.named(this.stream).partitions(4)));
		admin.setFatal(true);
		admin.setFatalDifferences(true);
		assertThatThrownBy(admin::start)
			.isInstanceOfSatisfying(StreamDifferenceException.class,
					(ex) -> assertThat(ex.getDifferences()).containsOnlyKeys(this.stream))
			.hasMessageContaining("2 partition(s) instead of 4");
		assertThat(admin.isRunning()).isFalse();
	}

	@Test
	void refusesFatalDifferencesThatNobodyWouldLookAt() {
		LiftbridgeAdmin admin = new LiftbridgeAdmin(this.client, List.of(StreamSpec.named(this.stream)));
		admin.setFatalDifferences(true);
		assertThatIllegalStateException().isThrownBy(admin::start).withMessageContaining("setFatal(true)");
		assertThat(this.client.streams().exists(this.stream)).isFalse();
	}

	@Test
	void looksAnewAtWhatItWasAskedToEnsure() {
		LiftbridgeAdmin admin = new LiftbridgeAdmin(this.client, List.of(StreamSpec.named(this.stream)));
		admin.start();
		assertThat(admin.ensure(StreamSpec.named(this.stream).partitions(4))).isFalse();
		this.client.streams().create(StreamSpec.named(this.stream + "e").partitions(2));
		assertThat(admin.ensure(StreamSpec.named(this.stream + "e").partitions(4))).isFalse();
		assertThat(admin.differences()).containsOnlyKeys(this.stream, this.stream + "e");
		assertThat(admin.compare()).isEqualTo(admin.differences()).containsOnlyKeys(this.stream, this.stream + "e");
		this.client.streams().delete(this.stream + "e");
		assertThat(admin.compare()).containsOnlyKeys(this.stream);
		admin.stop();
	}

	@Test
	void saysNothingAboutAStreamThatIsAsDeclared() {
		this.client.streams().create(StreamSpec.named(this.stream).partitions(2));
		LiftbridgeAdmin admin = new LiftbridgeAdmin(this.client, List.of(StreamSpec.named(this.stream).partitions(2)));
		admin.start();
		assertThat(this.log.list).extracting(ILoggingEvent::getFormattedMessage)
			.noneMatch((line) -> line.contains(this.stream));
		admin.stop();
	}

	@Test
	void doesNotHoldUpTheStartWhileTheBrokerIsDownAndGoesOnLater() throws IOException {
		int port = freePort();
		try (LiftbridgeClient late = LiftbridgeClient.builder().seeds("127.0.0.1:" + port).build()) {
			LiftbridgeAdmin admin = new LiftbridgeAdmin(late, List.of(StreamSpec.named("later")));
			long start = System.nanoTime();
			admin.start();
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
			assertThat(admin.pending()).containsOnlyKeys("later");
			eventually(() -> assertThat(admin.pending().get("later")).contains("BrokerUnavailable"));
			try (EmbeddedBroker other = EmbeddedBroker.builder().port(port).build()) {
				other.open();
				eventually(() -> assertThat(admin.pending()).isEmpty());
				assertThat(late.streams().exists("later")).isTrue();
			}
			admin.stop();
		}
	}

	@Test
	void failsTheStartIfItIsToldTo() throws IOException {
		try (LiftbridgeClient nobody = LiftbridgeClient.builder().seeds("127.0.0.1:" + freePort()).build()) {
			LiftbridgeAdmin admin = new LiftbridgeAdmin(nobody, List.of(StreamSpec.named("never")));
			admin.setFatal(true);
			assertThatThrownBy(admin::start)
				.isInstanceOfSatisfying(StreamCreationException.class,
						(ex) -> assertThat(ex.getProblems()).containsOnlyKeys("never"))
				.hasMessageContaining("setFatal(false)");
			assertThat(admin.isRunning()).isFalse();
			// The application ends: nothing is tried again.
			assertThat(lines(Level.WARN)).isEmpty();
		}
	}

	@Test
	void refusesTwoDeclarationsOfOneName() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new LiftbridgeAdmin(this.client,
					List.of(StreamSpec.named("twice"), StreamSpec.named("twice").partitions(2))))
			.withMessageContaining("'twice'");
	}

	private List<String> lines(Level level) {
		return this.log.list.stream()
			.filter((event) -> event.getLevel() == level)
			.map(ILoggingEvent::getFormattedMessage)
			.toList();
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
			return socket.getLocalPort();
		}
	}

}
