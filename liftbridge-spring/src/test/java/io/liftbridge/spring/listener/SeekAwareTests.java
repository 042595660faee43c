package io.liftbridge.spring.listener;

import java.util.List;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import io.liftbridge.spring.EmbeddedBrokerTest;
import io.liftbridge.spring.TestApplication;
import io.liftbridge.spring.listener.delivery.RecordListener;
import io.liftbridge.spring.support.SeekTo;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.liftbridge.spring.TestApplication.eventually;
import static org.assertj.core.api.Assertions.assertThat;

class SeekAwareTests extends EmbeddedBrokerTest {

	private final Queue<String> texts = new ConcurrentLinkedQueue<>();

	private final RecordListener listener = (message, acknowledgment) -> {
		this.texts.add(message.text());
		return null;
	};

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void saysWhereToBeginWhereverTheCursorStands(boolean group) {
		stream(1);
		try (TestApplication app = application().start()) {
			Again aware = new Again(null);
			ContainerProperties properties = new ContainerProperties(app.factory().getContainerProperties());
			properties.setStreams(List.of(this.stream));
			properties.setSeekAware(aware);
			properties.setGroup(group ? this.stream : null);
			String cursor = group ? "__group:" + this.stream : "again";
			ListenerContainer container = app.factory().createContainer("again", properties, this.listener);
			app.registry().register(container);
			for (int i = 0; i < 3; i++) {
				app.template().send(this.stream, "m" + i).join();
			}
			eventually(() -> assertThat(app.cursor(cursor, this.stream, 0)).isEqualTo(2));
			container.stop();
			container.start();
			// One before the stored position.
			eventually(() -> assertThat(this.texts).containsExactly("m0", "m1", "m2", "m2"));
			app.template().send(this.stream, "m3").join();
			eventually(() -> assertThat(app.cursor(cursor, this.stream, 0)).isEqualTo(3));
			assertThat(aware.asked).containsExactly("empty", "2");
			assertThat(aware.containers).containsOnly(container);
		}
	}

	@Test
	void isAskedAgainIfItFails() {
		stream(1);
		try (TestApplication app = application().start()) {
			AtomicInteger calls = new AtomicInteger();
			ContainerProperties properties = new ContainerProperties(app.factory().getContainerProperties());
			properties.setStreams(List.of(this.stream));
			properties.setSeekAware((container, stream, partition, stored) -> {
				if (calls.incrementAndGet() == 1) {
					throw new IllegalStateException("no database");
				}
				return SeekTo.offset(1);
			});
			app.template().send(this.stream, "m0").join();
			app.template().send(this.stream, "m1").join();
			app.registry().register(app.factory().createContainer("x", properties, this.listener));
			eventually(() -> assertThat(this.texts).containsExactly("m1"));
			assertThat(calls).hasValue(2);
		}
	}

	@Test
	void aPlaceInAStreamThatWasCreatedAnewIsGoneOnFrom() {
		stream(1);
		try (TestApplication app = application().start()) {
			ContainerProperties properties = new ContainerProperties(app.factory().getContainerProperties());
			properties.setStreams(List.of(this.stream));
			app.registry().register(app.factory().createContainer("same", properties, this.listener));
			publish(app, "a0", "a1", "a2");
			eventually(() -> assertThat(app.cursor("same", this.stream, 0)).isEqualTo(2));
			app.registry().unregister("same");
			app.client().streams().delete(this.stream);
			app.createStream(this.stream, 1);
			publish(app, "b0", "b1", "b2", "b3");
			Again aware = new Again(SeekTo.offset(3));
			properties.setSeekAware(aware);
			app.registry().register(app.factory().createContainer("same", properties, this.listener));
			eventually(() -> assertThat(this.texts).containsExactly("a0", "a1", "a2", "b3"));
			// What the cursor said was about another stream.
			assertThat(aware.asked).containsExactly("empty");
			eventually(() -> assertThat(app.cursor("same", this.stream, 0)).isEqualTo(3));
			app.registry().unregister("same");
			properties.setSeekAware(null);
			app.registry().register(app.factory().createContainer("same", properties, this.listener));
			publish(app, "b4");
			eventually(() -> assertThat(this.texts).containsExactly("a0", "a1", "a2", "b3", "b4"));
		}
	}

	private void publish(TestApplication app, String... messages) {
		for (String text : messages) {
			app.template().send(this.stream, text).join();
		}
	}

	private static final class Again implements SeekAware {

		private final Queue<String> asked = new ConcurrentLinkedQueue<>();

		private final Queue<ListenerContainer> containers = new ConcurrentLinkedQueue<>();

		private final @Nullable SeekTo first;

		Again(@Nullable SeekTo first) {
			this.first = first;
		}

		@Override
		public @Nullable SeekTo onAssigned(ListenerContainer container, String stream, int partition,
				OptionalLong stored) {
			this.containers.add(container);
			this.asked.add(stored.isPresent() ? String.valueOf(stored.getAsLong()) : "empty");
			return stored.isPresent() ? SeekTo.relative(-1) : this.first;
		}

	}

}
