package io.liftbridge.spring.listener;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.cluster.Address;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.producer.Producer;
import io.liftbridge.client.stream.StreamSpec;
import io.liftbridge.spring.BreakableLink;
import io.liftbridge.spring.EmbeddedBrokerTest;
import io.liftbridge.spring.TestApplication;
import io.liftbridge.spring.annotation.LiftbridgeListener;
import io.liftbridge.spring.event.ListenerPartitionResetEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.event.EventListener;

import static io.liftbridge.spring.TestApplication.eventually;
import static org.assertj.core.api.Assertions.assertThat;

class StreamRecreationTests extends EmbeddedBrokerTest {

	/** Shorter than what was read, as long, and longer. */
	@ParameterizedTest
	@ValueSource(ints = { 1, 3, 7 })
	void readsAStreamThatWasCreatedAnewWhileTheConnectionWasLostFromItsBeginning(int messages) throws IOException {
		stream(1);
		Collector listener = new Collector();
		Events events = new Events();
		try (BreakableLink link = new BreakableLink(broker.port());
				TestApplication app = over(link).listener(listener).listener("events", events).start()) {
			for (int i = 0; i < 3; i++) {
				app.template().send(this.stream, "old" + i).join();
			}
			eventually(() -> assertThat(app.cursor("collector", this.stream, 0)).isEqualTo(2));
			link.cut();
			eventually(() -> assertThat(app.status("collector", 0).state()).isEqualTo(PartitionState.INTERRUPTED));
			recreate(1, messages);
			link.mend();
			// Also without another message that would show it.
			eventually(() -> assertThat(listener.texts).contains("new" + (messages - 1)));
			app.template().send(this.stream, "last").join();
			eventually(() -> assertThat(listener.texts).contains("last"));
			List<String> expected = new ArrayList<>(List.of("old0", "old1", "old2"));
			for (int i = 0; i < messages; i++) {
				expected.add("new" + i);
			}
			expected.add("last");
			assertThat(new LinkedHashSet<>(listener.texts)).containsExactlyElementsOf(expected);
			eventually(() -> assertThat(app.cursor("collector", this.stream, 0)).isEqualTo(messages));
			eventually(() -> assertThat(app.status("collector", 0)).satisfies((status) -> {
				assertThat(status.state()).isEqualTo(PartitionState.LIVE);
				assertThat(status.lastError()).isNull();
				assertThat(status.position()).isEqualTo(messages);
			}));
			eventually(() -> assertThat(events.resets).singleElement()
				.asString()
				.contains(this.stream + "/0", "created anew", "from its beginning"));
		}
	}

	/** Shorter than what was read, as long, and longer. */
	@ParameterizedTest
	@ValueSource(ints = { 1, 3, 7 })
	void readsAStreamThatWasCreatedAnewWhileTheListenerWasStoppedFromItsBeginning(int messages) {
		stream(1);
		Collector listener = new Collector();
		Events events = new Events();
		try (TestApplication app = application().listener(listener).listener("events", events).start()) {
			for (int i = 0; i < 3; i++) {
				app.template().send(this.stream, "old" + i).join();
			}
			eventually(() -> assertThat(app.cursor("collector", this.stream, 0)).isEqualTo(2));
			app.container("collector").stop();
			recreate(1, messages);
			listener.texts.clear();
			app.container("collector").start();
			eventually(() -> assertThat(listener.texts).hasSize(messages).contains("new0"));
			eventually(() -> assertThat(app.cursor("collector", this.stream, 0)).isEqualTo(messages - 1));
			eventually(() -> assertThat(events.resets).singleElement().asString().contains("created anew"));
			app.container("collector").stop();
			app.container("collector").start();
			app.awaitRunning("collector");
			app.template().send(this.stream, "last").join();
			eventually(() -> assertThat(listener.texts).hasSize(messages + 1).contains("last"));
		}
	}

	@Test
	void readsThePartitionsThatTheNewStreamHasMoreOf() throws IOException {
		stream(1);
		Collector listener = new Collector();
		try (BreakableLink link = new BreakableLink(broker.port());
				TestApplication app = over(link).listener(listener)
					.factory((factory) -> factory.getContainerProperties().setStartPosition(StartPosition::newOnly))
					.start()) {
			app.awaitRunning("collector");
			app.template().send(this.stream, "old").join();
			eventually(() -> assertThat(listener.texts).containsExactly("old"));
			link.cut();
			eventually(() -> assertThat(app.status("collector", 0).state()).isEqualTo(PartitionState.INTERRUPTED));
			recreate(3, 0);
			publish(2, 1);
			link.mend();
			eventually(() -> assertThat(listener.texts).containsExactly("old", "new0"));
			assertThat(app.container("collector").partitions()).extracting(PartitionStatus::partition)
				.containsExactly(0, 1, 2);
			eventually(() -> assertThat(app.container("collector").partitions())
				.allSatisfy((status) -> assertThat(status.state()).isEqualTo(PartitionState.LIVE)));
		}
	}

	@Test
	void goesOnInTheSameStreamAfterTheConnectionWasLost() throws IOException {
		stream(1);
		Collector listener = new Collector();
		Events events = new Events();
		try (BreakableLink link = new BreakableLink(broker.port());
				TestApplication app = over(link).listener(listener).listener("events", events).start()) {
			publish(0, 1);
			eventually(() -> assertThat(listener.texts).containsExactly("new0"));
			link.cut();
			eventually(() -> assertThat(app.status("collector", 0).state()).isEqualTo(PartitionState.INTERRUPTED));
			publish(0, 2);
			link.mend();
			eventually(() -> assertThat(listener.texts).containsExactly("new0", "new0", "new1"));
			assertThat(events.resets).isEmpty();
		}
	}

	private TestApplication.Builder over(BreakableLink link) {
		return application().client(
				(client) -> client.seeds(link.address()).addressResolver((address) -> Address.parse(link.address())));
	}

	/** Another stream takes the name. */
	private void recreate(int partitions, int messages) {
		try (LiftbridgeClient client = LiftbridgeClient.builder().seeds(broker.address()).build()) {
			client.streams().delete(this.stream);
			client.streams().create(StreamSpec.named(this.stream).partitions(partitions));
		}
		publish(0, messages);
	}

	private void publish(int partition, int messages) {
		try (LiftbridgeClient client = LiftbridgeClient.builder().seeds(broker.address()).build();
				Producer producer = client.producer(this.stream).build()) {
			for (int i = 0; i < messages; i++) {
				producer.send(Message.builder().value("new" + i).partition(partition).build()).join();
			}
		}
	}

	static class Collector {

		final Queue<String> texts = new ConcurrentLinkedQueue<>();

		@LiftbridgeListener(id = "collector", streams = "${in}")
		void on(String text) {
			this.texts.add(text);
		}

	}

	static class Events {

		final Queue<String> resets = new ConcurrentLinkedQueue<>();

		@EventListener
		void on(ListenerPartitionResetEvent event) {
			this.resets.add(event.getStream() + "/" + event.getPartition() + " " + event.getReason());
		}

	}

}
