package io.liftbridge.boot.autoconfigure.actuate;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import javax.management.MBeanOperationInfo;
import javax.management.MBeanServer;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;

import io.liftbridge.boot.autoconfigure.LiftbridgeAutoConfiguration;
import io.liftbridge.boot.autoconfigure.embedded.EmbeddedBrokerAutoConfiguration;
import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.spring.annotation.LiftbridgeListener;
import io.liftbridge.spring.core.LiftbridgeTemplate;
import io.liftbridge.spring.listener.ContainerState;
import io.liftbridge.spring.listener.LiftbridgeListenerEndpointRegistry;
import io.liftbridge.spring.listener.ListenerContainer;
import io.liftbridge.test.LiftbridgeTestUtils;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.jackson.JacksonEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.jmx.JmxEndpointAutoConfiguration;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.jmx.JmxAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What operators do with listeners through the actuator.
 */
class ListenerControlEndpointTests {

	private static final MBeanServer SERVER = ManagementFactory.getPlatformMBeanServer();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(EmbeddedBrokerAutoConfiguration.class, LiftbridgeAutoConfiguration.class,
						LiftbridgeEndpointAutoConfiguration.class, EndpointAutoConfiguration.class,
						JacksonAutoConfiguration.class, JacksonEndpointAutoConfiguration.class))
		.withPropertyValues("liftbridge.embedded.enabled=true", "liftbridge.streams[0].name=orders",
				"liftbridge.streams[0].partitions=2", "liftbridge.listener.start-position=earliest",
				"liftbridge.listener.retry.max-attempts=1", "management.endpoints.web.exposure.include=liftbridge")
		.withBean(Billing.class);

	@Test
	void pausesAndResumesAListener() {
		this.runner.run((context) -> {
			ListenerContainer billing = running(context);
			assertThat(control(context, "pause", null, null, null).getStatus()).isEqualTo(200);
			assertThat(billing.isPaused()).isTrue();
			assertThat(endpoint(context).listener("billing").paused()).isTrue();
			send(context, "later");
			assertThat(control(context, "resume", null, null, null).getStatus()).isEqualTo(200);
			assertThat(billing.isPaused()).isFalse();
			awaitReceived(context, "later");
		});
	}

	@Test
	void pausesAPartition() {
		this.runner.run((context) -> {
			ListenerContainer billing = running(context);
			assertThat(control(context, "pause", "orders", "1", null).getStatus()).isEqualTo(200);
			assertThat(billing.isPaused()).isFalse();
			assertThat(billing.isPaused("orders", 1)).isTrue();
			assertThat(control(context, "resume", null, "1", null).getStatus()).isEqualTo(200);
			assertThat(billing.isPaused("orders", 1)).isFalse();
		});
	}

	@Test
	void aPartitionIsThatOfTheStreamAndNotOfItsRetryStream() {
		this.runner.withPropertyValues("liftbridge.listener.retry-stream.enabled=true").run((context) -> {
			ListenerContainer billing = context.getBean(LiftbridgeListenerEndpointRegistry.class).container("billing");
			LiftbridgeTestUtils.awaitAssignment(billing);
			assertThat(control(context, "pause", null, "1", null).getStatus()).isEqualTo(200);
			assertThat(billing.isPaused("orders", 1)).isTrue();
			assertThat(billing.isPaused("orders.retry", 1)).isFalse();
			assertThat(control(context, "pause", "orders.retry", "1", null).getStatus()).isEqualTo(200);
			assertThat(billing.isPaused("orders.retry", 1)).isTrue();
		});
	}

	@Test
	void readsFromTheBeginningAgain() {
		this.runner.run((context) -> {
			running(context);
			send(context, "first");
			awaitReceived(context, "first");
			assertThat(control(context, "seek", null, null, "earliest").getStatus()).isIn(200, 202);
			awaitReceived(context, "first", "first");
		});
	}

	@Test
	void restartsAListenerThatWasStopped() {
		this.runner.run((context) -> {
			ListenerContainer billing = running(context);
			billing.stop();
			assertThat(control(context, "seek", null, null, "earliest")).satisfies(
					(response) -> assertThat(error(response)).contains("is STOPPED and reads nothing: restart it"));
			assertThat(control(context, "restart", null, null, null).getStatus()).isEqualTo(202);
			LiftbridgeTestUtils.awaitAssignment(billing, 2);
			assertThat(billing.state()).isEqualTo(ContainerState.RUNNING);
		});
	}

	@Test
	void replaysDeadLettersOnce() {
		this.runner.run((context) -> {
			ListenerContainer billing = running(context);
			Billing bean = context.getBean(Billing.class);
			bean.broken = true;
			send(context, "bad");
			LiftbridgeClient client = context.getBean(LiftbridgeClient.class);
			Awaitility.await()
				.atMost(Duration.ofSeconds(20))
				.ignoreExceptions()
				.untilAsserted(() -> assertThat(LiftbridgeTestUtils.records(client, "orders.dlt")).hasSize(1));
			bean.broken = false;
			assertThat(replay(context, true).getStatus()).isEqualTo(202);
			assertThat(awaitReplay(context)).satisfies((last) -> {
				assertThat(last.dryRun()).isTrue();
				assertThat(last.replayed()).isEqualTo(1);
			});
			assertThat(bean.received).isEmpty();
			replay(context, false);
			assertThat(awaitReplay(context).replayed()).isEqualTo(1);
			awaitReceived(context, "bad");
			replay(context, false);
			assertThat(awaitReplay(context).replayed()).isZero();
			LiftbridgeTestUtils.awaitConsumed(client, billing);
			assertThat(bean.received).containsExactly("bad");
		});
	}

	@Test
	void aListenerWithoutDeadLettersHasNothingToReplay() {
		this.runner.run((context) -> {
			running(context);
			replay(context, false);
			assertThat(awaitReplay(context)).satisfies((last) -> {
				assertThat(last.error()).isNull();
				assertThat(last.replayed()).isZero();
			});
		});
	}

	@Test
	void saysThatDeadLettersAreOff() {
		this.runner.withPropertyValues("liftbridge.listener.dead-letter.enabled=false").run((context) -> {
			running(context);
			assertThat(error(replay(context, false))).startsWith("there are no dead letters to replay");
		});
	}

	@Test
	void tellsWhatCannotBeDone() {
		this.runner.run((context) -> {
			running(context);
			refuses(context, "explode", null, null, null,
					"action 'explode' is not known: use pause, resume, seek, restart, replay");
			refuses(context, "pause", "bills", null, null,
					"listener 'billing' does not read stream 'bills'; it reads [orders]");
			refuses(context, "pause", "orders", "7", null,
					"listener 'billing' does not read partition 7 of stream [orders] at the moment;"
							+ " it reads [orders/0, orders/1]");
			refuses(context, "pause", "orders", "x", null, "partition = 'x' is not a number");
			refuses(context, "pause", null, null, "earliest",
					"position = 'earliest' has no meaning for pause: leave it out");
			refuses(context, "seek", null, null, null, "position is missing: use earliest");
			refuses(context, "seek", null, null, "soon", "position = 'soon' cannot be used");
			refuses(context, "restart", "orders", "0", null, "listener 'billing' is no member of a group");
		});
	}

	private static void refuses(ApplicationContext context, String action, String stream, String partition,
			String position, String problem) {
		WebEndpointResponse<Object> response = control(context, action, stream, partition, position);
		assertThat(response.getStatus()).isEqualTo(400);
		assertThat(error(response)).contains(problem);
	}

	@Test
	void knowsNoListenerThatIsNotThere() {
		this.runner.run((context) -> {
			LiftbridgeEndpointWebExtension web = context.getBean(LiftbridgeEndpointWebExtension.class);
			WebEndpointResponse<Object> response = web.control("bill", "pause", null, null, null, null, null);
			assertThat(response.getStatus()).isEqualTo(404);
			assertThat(error(response)).isEqualTo("there is no listener 'bill'; there are [billing]");
			assertThat(web.listener("bill").getStatus()).isEqualTo(404);
			assertThat(web.listener("billing").getStatus()).isEqualTo(200);
		});
	}

	@Test
	void whoMayOnlyReadControlsNothing() {
		overJmx().withPropertyValues("management.endpoint.liftbridge.access=READ_ONLY").run((context) -> {
			running(context);
			assertThat(SERVER.getMBeanInfo(name()).getOperations()).extracting(MBeanOperationInfo::getName)
				.containsExactlyInAnyOrder("liftbridge", "listener");
		});
	}

	private ApplicationContextRunner overJmx() {
		return this.runner
			.withConfiguration(AutoConfigurations.of(JmxAutoConfiguration.class, JmxEndpointAutoConfiguration.class))
			.withPropertyValues("spring.jmx.enabled=true", "spring.jmx.unique-names=true",
					"management.endpoints.jmx.exposure.include=liftbridge");
	}

	private static ObjectName name() throws MalformedObjectNameException {
		return SERVER.queryNames(new ObjectName("org.springframework.boot:type=Endpoint,name=Liftbridge,*"), null)
			.iterator()
			.next();
	}

	@Test
	void worksOverJmx() {
		overJmx().run((context) -> {
			ListenerContainer billing = running(context);
			Object result = SERVER.invoke(name(), "control",
					new Object[] { "billing", "pause", null, null, null, null, null },
					List.of("", "", "", "", "", "", "")
						.stream()
						.map((any) -> "java.lang.String")
						.toArray(String[]::new));
			assertThat(result).asString().contains("outcome=done");
			assertThat(billing.isPaused()).isTrue();
		});
	}

	private static ListenerContainer running(ApplicationContext context) {
		ListenerContainer billing = context.getBean(LiftbridgeListenerEndpointRegistry.class).container("billing");
		assertThat(billing).isNotNull();
		LiftbridgeTestUtils.awaitAssignment(billing, 2);
		return billing;
	}

	private static LiftbridgeEndpoint endpoint(ApplicationContext context) {
		return context.getBean(LiftbridgeEndpoint.class);
	}

	private static WebEndpointResponse<Object> control(ApplicationContext context, String action, String stream,
			String partition, String position) {
		return context.getBean(LiftbridgeEndpointWebExtension.class)
			.control("billing", action, stream, partition, position, null, null);
	}

	private static WebEndpointResponse<Object> replay(ApplicationContext context, boolean dryRun) {
		return context.getBean(LiftbridgeEndpointWebExtension.class)
			.control("billing", "replay", null, null, null, null, String.valueOf(dryRun));
	}

	private static ReplayDescriptor awaitReplay(ApplicationContext context) {
		return Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.until(() -> endpoint(context).listener("billing").lastReplay(),
					(last) -> last != null && last.ended() != null);
	}

	private static String error(WebEndpointResponse<Object> response) {
		assertThat(response.getBody()).isInstanceOf(Map.class);
		return String.valueOf(((Map<?, ?>) response.getBody()).get("error"));
	}

	private static void send(ApplicationContext context, String order) {
		context.getBean(LiftbridgeTemplate.class).sendAndWait("orders", "k1", order, Duration.ofSeconds(10));
	}

	private static void awaitReceived(ApplicationContext context, String... orders) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(20))
			.untilAsserted(() -> assertThat(context.getBean(Billing.class).received).containsExactly(orders));
	}

	static class Billing {

		final List<String> received = new CopyOnWriteArrayList<>();

		volatile boolean broken;

		@LiftbridgeListener(id = "billing", streams = "orders")
		void on(String order) {
			if (this.broken) {
				throw new IllegalStateException("cannot bill " + order);
			}
			this.received.add(order);
		}

	}

}
