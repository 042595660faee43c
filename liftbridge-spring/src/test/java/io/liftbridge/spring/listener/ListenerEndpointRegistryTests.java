package io.liftbridge.spring.listener;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.liftbridge.spring.EmbeddedBrokerTest;
import io.liftbridge.spring.TestApplication;
import io.liftbridge.spring.annotation.LiftbridgeListener;
import io.liftbridge.spring.listener.delivery.AckMode;
import io.liftbridge.spring.listener.delivery.RecordListener;
import org.junit.jupiter.api.Test;

import static io.liftbridge.spring.TestApplication.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ListenerEndpointRegistryTests extends EmbeddedBrokerTest {

	@Test
	void findsContainersAndStartsAndStopsAllOfThem() {
		stream(1);
		try (TestApplication app = application().listener(new Two()).start()) {
			LiftbridgeListenerEndpointRegistry registry = app.registry();
			assertThat(registry.containers()).extracting(ListenerContainer::id).containsExactly("auto", "by-hand");
			assertThat(registry.container("nobody")).isNull();
			app.awaitRunning("auto");
			assertThat(app.container("by-hand").state()).isEqualTo(ContainerState.STOPPED);
			app.container("by-hand").start();
			app.awaitRunning("by-hand");
			registry.stop();
			assertThat(registry.containers())
				.allSatisfy((container) -> assertThat(container.state()).isEqualTo(ContainerState.STOPPED));
			registry.start();
			app.awaitRunning("auto");
		}
	}

	@Test
	void takesContainersAtRunTime() {
		stream(1);
		Queue<String> texts = new ConcurrentLinkedQueue<>();
		RecordListener listener = (message, acknowledgment) -> {
			texts.add(message.text());
			return null;
		};
		try (TestApplication app = application().start()) {
			ContainerProperties properties = new ContainerProperties(app.factory().getContainerProperties());
			properties.setStreams(List.of(this.stream));
			app.registry().register(app.factory().createContainer("dynamic", properties, listener));
			app.template().send(this.stream, "x");
			eventually(() -> assertThat(texts).containsExactly("x"));
			assertThatThrownBy(
					() -> app.registry().register(app.factory().createContainer("dynamic", properties, listener)))
				.isInstanceOf(DuplicateListenerIdException.class)
				.hasMessageContaining("dynamic");
			ListenerContainer removed = app.registry().unregister("dynamic");
			assertThat(removed).isNotNull();
			assertThat(removed.state()).isEqualTo(ContainerState.STOPPED);
			assertThat(app.registry().container("dynamic")).isNull();
			assertThat(app.cursor("dynamic", this.stream, 0)).isZero();
		}
	}

	@Test
	void refusesTwoListenersThatWouldStoreTheSamePosition() {
		RecordListener listener = (message, acknowledgment) -> null;
		try (TestApplication app = application().start()) {
			ContainerProperties properties = new ContainerProperties(app.factory().getContainerProperties());
			properties.setStreams(List.of("other", this.stream, this.stream));
			assertThat(properties.getStreams()).containsExactly("other", this.stream);
			properties.setAutoStartup(false);
			properties.setCursorId("shared");
			properties.setPartitions(PartitionSelection.of(0, 1));
			app.registry().register(app.factory().createContainer("one", properties, listener));
			properties.setStreams(List.of(this.stream));
			properties.setPartitions(PartitionSelection.of(2));
			app.registry().register(app.factory().createContainer("two", properties, listener));
			properties.setPartitions(PartitionSelection.of(1, 3));
			assertThatThrownBy(
					() -> app.registry().register(app.factory().createContainer("three", properties, listener)))
				.isInstanceOf(IllegalStateException.class)
				.hasMessageContaining("'one' and 'three'")
				.hasMessageContaining("cursorId = 'shared'");
			assertThat(app.registry().container("three")).isNull();
			properties.setAckMode(AckMode.NONE);
			app.registry().register(app.factory().createContainer("three", properties, listener));
		}
	}

	@Test
	void customizersHaveTheLastWord() {
		stream(1);
		try (TestApplication app = application().listener(new Two())
			.factory((factory) -> factory.setContainerCustomizers(
					List.of((id, properties) -> properties.setConcurrency(id.equals("auto") ? 5 : 1))))
			.start()) {
			assertThat(app.container("auto").properties().getConcurrency()).isEqualTo(5);
			assertThat(app.container("by-hand").properties().getConcurrency()).isEqualTo(1);
			assertThat(app.factory().getContainerProperties().getConcurrency()).isEqualTo(1);
		}
	}

	@Test
	void showsHowFarAListenerIsBehind() {
		stream(1);
		try (TestApplication app = application().listener(new Two()).start()) {
			app.awaitRunning("auto");
			app.container("by-hand").start();
			app.awaitRunning("by-hand");
			for (int i = 0; i < 4; i++) {
				app.template().send(this.stream, "m").join();
			}
			eventually(() -> assertThat(app.status("auto", 0)).satisfies((status) -> {
				assertThat(status.position()).isEqualTo(3);
				assertThat(status.newest()).isEqualTo(3);
				assertThat(status.lag()).isZero();
			}));
			app.container("auto").stop();
			assertThat(app.status("auto", 0).state()).isEqualTo(PartitionState.STOPPED);
		}
	}

	static class Two {

		@LiftbridgeListener(id = "auto", streams = "${in}")
		void auto(String text) {
		}

		@LiftbridgeListener(id = "by-hand", streams = "${in}", autoStartup = "false")
		void byHand(String text) {
		}

	}

}
