package io.liftbridge.boot.autoconfigure.slice;

import io.liftbridge.spring.core.LiftbridgeTemplate;
import io.liftbridge.spring.listener.LiftbridgeListenerEndpointRegistry;
import io.liftbridge.spring.listener.ListenerContainer;
import io.liftbridge.test.LiftbridgeTestTemplate;
import io.liftbridge.test.LiftbridgeTestUtils;
import io.liftbridge.test.autoconfigure.LiftbridgeTest;
import io.liftbridge.test.context.EmbeddedLiftbridge;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

@LiftbridgeTest(properties = "liftbridge.listener.cursor-interval=20ms")
@EmbeddedLiftbridge(streams = "orders:2")
@Import(Billing.class)
class LiftbridgeTestSliceTests {

	@Autowired
	private ApplicationContext context;

	@Test
	void deliversToTheListenerUnderTest(@Autowired LiftbridgeTemplate template, @Autowired Billing billing,
			@Autowired LiftbridgeTestTemplate liftbridge, @Autowired LiftbridgeListenerEndpointRegistry registry) {
		ListenerContainer container = registry.container("billing");
		assertThat(container).isNotNull();
		LiftbridgeTestUtils.awaitAssignment(container, 2);
		template.send("orders", "k1", "five");
		assertThat(liftbridge.messages("orders")).hasSize(1).first().hasKey("k1");
		liftbridge.awaitConsumed(container);
		assertThat(billing.received).containsExactly("five");
		liftbridge.awaitConsumed("orders", "billing");
	}

	@Test
	void hasWhatShapesListenersAndNothingElse() {
		assertThat(this.context.getBeansOfType(Unrelated.class)).isEmpty();
		assertThat(this.context.getBean(LiftbridgeListenerEndpointRegistry.class)
			.container("billing")
			.properties()
			.getBatchSize()).isEqualTo(7);
		assertThat(this.context.getBeansOfType(OwnChannels.class)).hasSize(1);
		assertThat(this.context.getBeansOfType(MetricsAutoConfiguration.class)).isEmpty();
	}

}
