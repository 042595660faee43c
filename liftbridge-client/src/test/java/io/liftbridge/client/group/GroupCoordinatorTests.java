package io.liftbridge.client.group;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.cluster.RetryPolicy;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.cursor.OffsetTracking;
import io.liftbridge.client.fake.FakeCluster;
import io.liftbridge.client.fake.FakeGroups;
import io.liftbridge.client.fake.FakePartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a member does when its coordinator is another broker than before, or does not
 * answer.
 */
class GroupCoordinatorTests {

	private static final Duration LONG = Duration.ofSeconds(30);

	private final List<String> received = new CopyOnWriteArrayList<>();

	private FakeCluster cluster;

	private FakeGroups groups;

	private FakePartition orders;

	private LiftbridgeClient client;

	private GroupConsumer consumer;

	@BeforeEach
	void start() throws Exception {
		this.cluster = new FakeCluster(2);
		this.groups = this.cluster.groups();
		this.groups.coordinator("b2");
		this.cluster.stream("__cursors");
		this.orders = this.cluster.stream("orders");
		this.client = LiftbridgeClient.builder().seeds(this.cluster.seeds()).build();
		this.consumer = this.client.group("billing")
			.streams("orders")
			.consumerId("me")
			.from(StartPosition.earliest())
			.tracking(OffsetTracking.every(Duration.ofMillis(100)))
			.handler((message) -> this.received.add(message.text()))
			.start();
		this.consumer.started().get(LONG.toSeconds(), TimeUnit.SECONDS);
	}

	@AfterEach
	void stop() {
		this.client.close(Duration.ZERO);
		this.cluster.close();
	}

	@Test
	void followsTheCoordinatorToAnotherBroker() {
		int before = this.cluster.broker(1).count("FetchConsumerGroupAssignments");
		this.groups.coordinator("b1");
		await().atMost(LONG).until(() -> this.cluster.broker(1).count("FetchConsumerGroupAssignments") > before + 2);
		await().atMost(LONG).until(() -> this.consumer.member().coordinator().equals("b1"));
		this.orders.append("a");
		await().atMost(LONG).untilAsserted(() -> assertThat(this.received).containsExactly("a"));
		// A slow answer may have been reported meanwhile.
		assertThat(this.groups.log()).filteredOn((event) -> !event.startsWith("report")).containsExactly("join me");
	}

	@Test
	void reportsACoordinatorThatDiedAndGoesOnReadingMeanwhile() {
		this.cluster.broker(2).kill();
		this.orders.append("a");
		await().atMost(LONG).untilAsserted(() -> assertThat(this.received).containsExactly("a"));
		await().atMost(LONG).until(() -> this.groups.log().contains("report b2"));
		this.groups.coordinator("b1");
		await().atMost(LONG).until(() -> this.consumer.member().coordinator().equals("b1"));
		this.orders.append("b");
		await().atMost(LONG).untilAsserted(() -> assertThat(this.received).containsExactly("a", "b"));
	}

	@Test
	void reportsACoordinatorThatHangs() {
		this.cluster.broker(2).hang("FetchConsumerGroupAssignments");
		await().atMost(LONG).until(() -> this.groups.log().contains("report b2"));
		this.cluster.broker(2).behave("FetchConsumerGroupAssignments");
		int before = this.cluster.broker(2).count("FetchConsumerGroupAssignments");
		await().atMost(LONG).until(() -> this.cluster.broker(2).count("FetchConsumerGroupAssignments") > before + 3);
		assertThat(this.groups.log()).doesNotContain("leave me");
	}

	/**
	 * Whoever hangs does so for everybody: to ask it would cost the time until removal.
	 */
	@Test
	void reportsACoordinatorThatHangsToTheOthersOnly() {
		this.cluster.broker(2).hang("FetchConsumerGroupAssignments");
		await().atMost(LONG).until(() -> this.groups.log().stream().filter("report b2"::equals).count() >= 5);
		assertThat(this.cluster.broker(2).count("ReportConsumerGroupCoordinator")).isZero();
	}

	/** It reports at each heartbeat, for as long as all brokers may be away. */
	@Test
	void logsOnceThatACoordinatorCannotBeReached() {
		Logger log = (Logger) LoggerFactory.getLogger(Membership.class);
		Level level = log.getLevel();
		ListAppender<ILoggingEvent> appender = new ListAppender<>();
		appender.start();
		log.setLevel(Level.INFO);
		log.addAppender(appender);
		try {
			this.cluster.broker(2).kill();
			await().atMost(LONG).until(() -> this.groups.log().stream().filter("report b2"::equals).count() >= 3);
		}
		finally {
			log.detachAppender(appender);
			log.setLevel(level);
		}
		assertThat(appender.list).extracting(ILoggingEvent::getFormattedMessage)
			.filteredOn((line) -> line.contains("cannot reach coordinator b2"))
			.hasSize(1);
	}

	@Test
	void staysAMemberWhateverPausesTheClientWasTold() throws Exception {
		this.consumer.close();
		Duration pause = Duration.ofMinutes(10);
		try (LiftbridgeClient patient = LiftbridgeClient.builder()
			.seeds(this.cluster.seeds())
			.retryPolicy(new RetryPolicy(pause, 1, pause, 0))
			.build()) {
			patient.group("billing")
				.streams("orders")
				.handler((message) -> this.received.add(message.text()))
				.start()
				.started()
				.get(LONG.toSeconds(), TimeUnit.SECONDS);
			this.cluster.broker(2).hang("FetchConsumerGroupAssignments");
			int before = this.cluster.broker(2).count("FetchConsumerGroupAssignments");
			await().atMost(LONG)
				.until(() -> this.cluster.broker(2).count("FetchConsumerGroupAssignments") > before + 3);
			this.cluster.broker(2).behave("FetchConsumerGroupAssignments");
		}
	}

}
