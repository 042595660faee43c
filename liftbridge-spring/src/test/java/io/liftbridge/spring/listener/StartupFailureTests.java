package io.liftbridge.spring.listener;

import java.time.Duration;
import java.util.List;

import io.liftbridge.client.message.StreamNotFoundException;
import io.liftbridge.spring.EmbeddedBrokerTest;
import io.liftbridge.spring.TestApplication;
import io.liftbridge.spring.annotation.LiftbridgeListener;
import io.liftbridge.spring.listener.delivery.RecordListener;
import org.junit.jupiter.api.Test;

import static io.liftbridge.spring.TestApplication.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class StartupFailureTests extends EmbeddedBrokerTest {

	private static final RecordListener NOTHING = (message, acknowledgment) -> null;

	@Test
	void withStopTheApplicationDoesNotStart() {
		assertThatThrownBy(() -> application().listener(new Reader())
			.factory((factory) -> factory.getContainerProperties().setStartupFailurePolicy(StartupFailurePolicy.STOP))
			.start()).rootCause().hasMessageContaining(this.stream);
	}

	@Test
	void withStopTheListenerIsNamed() {
		ContainerProperties properties = new ContainerProperties();
		properties.setStreams(List.of(this.stream));
		properties.setStartupFailurePolicy(StartupFailurePolicy.STOP);
		try (TestApplication app = application().start()) {
			ListenerContainer container = app.factory().createContainer("x", properties, NOTHING);
			assertThatExceptionOfType(ListenerStartException.class).isThrownBy(() -> app.registry().register(container))
				.withCauseInstanceOf(StreamNotFoundException.class)
				.satisfies((ex) -> assertThat(ex.getListenerId()).isEqualTo("x"));
		}
	}

	@Test
	void withStopAStartReturnsWhenTheListenerIsRunning() {
		stream(2);
		try (TestApplication app = application().listener(new Reader())
			.factory((factory) -> factory.getContainerProperties().setStartupFailurePolicy(StartupFailurePolicy.STOP))
			.start()) {
			assertThat(app.container("reader").state()).isEqualTo(ContainerState.RUNNING);
			app.container("reader").stop();
			app.container("reader").start();
			assertThat(app.container("reader").state()).isEqualTo(ContainerState.RUNNING);
		}
	}

	@Test
	void withContinueTheListenerFailsAndTheApplicationGoesOn() {
		try (TestApplication app = application().listener(new Reader())
			.factory((factory) -> factory.getContainerProperties()
				.setStartupFailurePolicy(StartupFailurePolicy.CONTINUE))
			.start()) {
			eventually(() -> assertThat(app.container("reader").state()).isEqualTo(ContainerState.FAILED));
			assertThat(app.container("reader").failure()).hasMessageContaining(this.stream);
			app.createStream(this.stream, 1);
			app.container("reader").start();
			app.awaitRunning("reader");
		}
	}

	@Test
	void aListenerThatWasRunningKeepsTrying() {
		stream(1);
		try (TestApplication app = application().start()) {
			ContainerProperties properties = new ContainerProperties(app.factory().getContainerProperties());
			properties.setStreams(List.of(this.stream));
			properties.setStartupFailurePolicy(StartupFailurePolicy.STOP);
			properties.setStartupTimeout(Duration.ofSeconds(20));
			app.registry().register(app.factory().createContainer("x", properties, NOTHING));
			assertThat(app.container("x").state()).isEqualTo(ContainerState.RUNNING);
			app.client().streams().delete(this.stream);
			eventually(() -> assertThat(app.status("x", 0).state().isDown()).isTrue());
			assertThat(app.container("x").state()).isEqualTo(ContainerState.RUNNING);
			app.createStream(this.stream, 1);
			eventually(() -> assertThat(app.status("x", 0).state()).isEqualTo(PartitionState.LIVE));
		}
	}

	static class Reader {

		@LiftbridgeListener(id = "reader", streams = "${in}")
		void on(String text) {
		}

	}

}
