package io.liftbridge.spring.listener;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;

import io.liftbridge.spring.EmbeddedBrokerTest;
import io.liftbridge.spring.TestApplication;
import io.liftbridge.spring.annotation.LiftbridgeListener;
import io.liftbridge.spring.listener.delivery.AckMode;
import io.liftbridge.spring.listener.delivery.RecordListener;
import io.liftbridge.spring.support.Acknowledgment;
import io.liftbridge.spring.support.LiftbridgeHeaders;
import io.liftbridge.spring.support.SeekTo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.messaging.Message;

import static io.liftbridge.spring.TestApplication.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What listeners say about their messages, and positions that are stored by number or by
 * time.
 */
class AcknowledgmentTests extends EmbeddedBrokerTest {

	@Test
	void countModeStoresEachNthPositionAndTheLastOneWhenItStops() {
		stream(1);
		Plain listener = new Plain();
		try (TestApplication app = application().factory((factory) -> {
			factory.getContainerProperties().setAckMode(AckMode.COUNT);
			factory.getContainerProperties().setAckCount(4);
		}).listener(listener).start()) {
			send(app, 0, 10);
			eventually(() -> assertThat(app.status("plain", 0).position()).isEqualTo(9));
			eventually(() -> assertThat(app.cursor("plain", this.stream, 0)).isEqualTo(7));
			app.container("plain").stop();
			assertThat(app.cursor("plain", this.stream, 0)).isEqualTo(9);
		}
	}

	@Test
	void timeModeStoresPositionsInIntervalsAndTheLastOneWhenItStops() {
		stream(1);
		Plain listener = new Plain();
		try (TestApplication app = application().factory((factory) -> {
			factory.getContainerProperties().setAckMode(AckMode.TIME);
			factory.getContainerProperties().setAckInterval(Duration.ofHours(1));
		}).listener(listener).start()) {
			send(app, 0, 1);
			eventually(() -> assertThat(app.cursor("plain", this.stream, 0)).isZero());
			send(app, 1, 5);
			eventually(() -> assertThat(app.status("plain", 0).position()).isEqualTo(5));
			assertThat(app.cursor("plain", this.stream, 0)).isZero();
			app.container("plain").stop();
			assertThat(app.cursor("plain", this.stream, 0)).isEqualTo(5);
		}
	}

	@Test
	void timeModeStoresThePositionOfAStreamThatHasGoneQuiet() {
		stream(1);
		try (TestApplication app = application().factory((factory) -> {
			factory.getContainerProperties().setAckMode(AckMode.TIME);
			factory.getContainerProperties().setAckInterval(Duration.ofMillis(200));
		}).listener(new Plain()).start()) {
			send(app, 0, 20);
			eventually(() -> assertThat(app.cursor("plain", this.stream, 0)).isEqualTo(19));
		}
	}

	@Test
	void acknowledgmentsOutOfOrderSkipNothing() {
		stream(1);
		Keeper first = new Keeper();
		try (TestApplication app = application().listener(first).start()) {
			send(app, 0, 4);
			eventually(() -> assertThat(first.acknowledgments).hasSize(4));
			List<Acknowledgment> acknowledgments = List.copyOf(first.acknowledgments);
			acknowledgments.get(0).acknowledge();
			acknowledgments.get(3).acknowledge();
			acknowledgments.get(2).acknowledge();
			eventually(() -> assertThat(app.cursor("keeper", this.stream, 0)).isZero());
			app.container("keeper").stop();
			// Who acknowledges now does so for nobody.
			acknowledgments.get(1).acknowledge();
		}
		Keeper second = new Keeper();
		try (TestApplication app = application().listener(second).start()) {
			eventually(() -> assertThat(second.texts).containsExactly("m1", "m2", "m3"));
			assertThat(app.cursor("keeper", this.stream, 0)).isZero();
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void anAcknowledgmentFromBeforeASeekSaysNothingOfWhatComesAgain(boolean group) {
		stream(1);
		try (TestApplication app = application().start()) {
			Queue<Acknowledgment> acknowledgments = new ConcurrentLinkedQueue<>();
			Queue<String> texts = new ConcurrentLinkedQueue<>();
			ContainerProperties properties = new ContainerProperties(app.factory().getContainerProperties());
			properties.setStreams(List.of(this.stream));
			properties.setAckMode(AckMode.MANUAL);
			properties.setGroup(group ? this.stream : null);
			RecordListener listener = (message, ack) -> {
				texts.add(message.text());
				acknowledgments.add(ack);
				return null;
			};
			ListenerContainer container = app.factory().createContainer("late", properties, listener);
			app.registry().register(container);
			send(app, 0, 4);
			eventually(() -> assertThat(acknowledgments).hasSize(4));
			List<Acknowledgment> late = List.copyOf(acknowledgments);
			container.seek(this.stream, 0, SeekTo.offset(2)).join();
			eventually(() -> assertThat(acknowledgments).hasSize(6));
			late.forEach(Acknowledgment::acknowledge);
			List<Acknowledgment> again = List.copyOf(acknowledgments).subList(4, 6);
			again.get(0).acknowledge();
			String cursor = group ? "__group:" + this.stream : "late";
			eventually(() -> assertThat(app.cursor(cursor, this.stream, 0)).isEqualTo(2));
			container.stop();
			assertThat(app.cursor(cursor, this.stream, 0)).isEqualTo(2);
			container.start();
			eventually(() -> assertThat(texts).containsExactly("m0", "m1", "m2", "m3", "m2", "m3", "m3"));
		}
	}

	@Test
	void aMessageThatIsGivenBackComesAgainBeforeThoseBehindItAndOthersGoOn() {
		broker.createStream(this.stream, 2);
		GivesBack listener = new GivesBack();
		try (TestApplication app = application().listener(listener).start()) {
			app.template().newMessage("later").stream(this.stream).partition(0).send().join();
			app.template().newMessage("behind").stream(this.stream).partition(0).send().join();
			eventually(() -> {
				assertThat(app.status("back", 0).state()).isEqualTo(PartitionState.RETRYING);
				assertThat(app.status("back", 0).lastError()).contains(this.stream + "/0@0")
					.contains("given back by the listener");
			});
			app.template().newMessage("other").stream(this.stream).partition(1).send().join();
			eventually(() -> assertThat(listener.texts).contains("other"));
			eventually(() -> assertThat(app.cursor("back", this.stream, 0)).isEqualTo(1));
			assertThat(listener.texts.stream().filter((text) -> !text.equals("other"))).containsExactly("later",
					"later", "behind");
			eventually(() -> assertThat(app.status("back", 0).state()).isEqualTo(PartitionState.LIVE));
			assertThat(app.client().streams().exists(this.stream + ".dlt")).isFalse();
		}
	}

	@Test
	void stopDoesNotWaitForWhatWasGivenBack() {
		stream(1);
		try (TestApplication app = application().listener(new GivesBackForADay()).start()) {
			send(app, 0, 1);
			eventually(() -> assertThat(app.status("day", 0).state()).isEqualTo(PartitionState.RETRYING));
			long begin = System.nanoTime();
			app.container("day").stop();
			assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(4));
			assertThat(app.cursor("day", this.stream, 0)).isEqualTo(-1);
		}
	}

	@Test
	void theRestOfABatchThatIsGivenBackComesAgainAndWhatIsBeforeCounts() {
		stream(1);
		try (TestApplication app = application().start()) {
			send(app, 0, 6);
		}
		GivesBackTheRest listener = new GivesBackTheRest();
		try (TestApplication app = application().listener(listener).start()) {
			eventually(() -> assertThat(app.cursor("rest", this.stream, 0)).isEqualTo(5));
			// Nothing before "m3" twice, however many arrive together.
			List<String> texts = listener.batches.stream().flatMap(List::stream).toList();
			assertThat(texts.stream().distinct()).isEqualTo(texts(0, 6));
			assertThat(texts).containsOnlyOnce("m0", "m1", "m2");
			assertThat(texts.stream().filter("m3"::equals)).hasSize(2);
		}
	}

	@Test
	void aBatchThatFailsComesAgainWithoutWhatWasAcknowledgedByIndex() {
		stream(1);
		try (TestApplication app = application().start()) {
			send(app, 0, 6);
		}
		FailsBehind listener = new FailsBehind();
		try (TestApplication app = application().listener(listener).start()) {
			eventually(() -> assertThat(app.cursor("behind", this.stream, 0)).isEqualTo(5));
			List<String> texts = listener.batches.stream().flatMap(List::stream).toList();
			assertThat(texts).containsOnlyOnce("m0", "m1", "m2");
			assertThat(texts.stream().filter("m3"::equals)).hasSize(2);
			assertThat(app.client().streams().exists(this.stream + ".dlt")).isFalse();
		}
	}

	@Test
	void aFutureCountsWhenItIsCompleteAndStopWaitsForIt() {
		stream(1);
		Later listener = new Later();
		try (TestApplication app = application().listener(listener).start()) {
			send(app, 0, 2);
			eventually(() -> assertThat(listener.futures).hasSize(1));
			assertThat(app.cursor("later", this.stream, 0)).isEqualTo(-1);
			CompletableFuture<Void> stopped = CompletableFuture.runAsync(() -> app.container("later").stop());
			eventually(() -> assertThat(app.container("later").state()).isEqualTo(ContainerState.STOPPING));
			assertThat(stopped).isNotDone();
			listener.futures.element().complete(null);
			assertThat(stopped).succeedsWithin(Duration.ofSeconds(10));
			assertThat(app.cursor("later", this.stream, 0)).isZero();
			assertThat(listener.futures).hasSize(1);
		}
	}

	@Test
	void aFutureThatIsCompletedAfterTheStopCountsForNothing() {
		stream(1);
		Later listener = new Later();
		try (TestApplication app = application()
			.factory((factory) -> factory.getContainerProperties().setShutdownTimeout(Duration.ofMillis(300)))
			.listener(listener)
			.start()) {
			send(app, 0, 1);
			eventually(() -> assertThat(listener.futures).hasSize(1));
			app.container("later").stop();
			// Another owner has read on meanwhile.
			app.client().cursors().set("later", this.stream, 0, 40);
			listener.futures.element().complete(null);
			send(app, 1, 1);
			assertThat(app.cursor("later", this.stream, 0)).isEqualTo(40);
			assertThat(app.status("later", 0).stored()).isEqualTo(-1);
		}
	}

	@Test
	void eachMessageOfABatchHasAnAcknowledgmentOfItsOwn() {
		stream(1);
		Elements listener = new Elements();
		try (TestApplication app = application().listener(listener).start()) {
			send(app, 0, 5);
			eventually(() -> assertThat(listener.open).hasSize(5));
			List<Message<String>> messages = List.copyOf(listener.open);
			acknowledge(messages.get(1));
			acknowledge(messages.get(0));
			eventually(() -> assertThat(app.cursor("elements", this.stream, 0)).isEqualTo(1));
			acknowledge(messages.get(3));
			acknowledge(messages.get(2));
			eventually(() -> assertThat(app.cursor("elements", this.stream, 0)).isEqualTo(3));
			app.container("elements").stop();
			listener.open.clear();
			app.container("elements").start();
			eventually(() -> assertThat(listener.open).extracting(Message::getPayload).containsExactly("m4"));
		}
	}

	private static void acknowledge(Message<String> message) {
		message.getHeaders().get(LiftbridgeHeaders.ACKNOWLEDGMENT, Acknowledgment.class).acknowledge();
	}

	private void send(TestApplication app, int from, int count) {
		texts(from, count).forEach((text) -> app.template().send(this.stream, text).join());
	}

	private static List<String> texts(int from, int count) {
		return IntStream.range(from, from + count).mapToObj((i) -> "m" + i).toList();
	}

	static class Plain {

		@LiftbridgeListener(id = "plain", streams = "${in}")
		void on(String text) {
		}

	}

	static class Keeper {

		final Queue<String> texts = new ConcurrentLinkedQueue<>();

		final Queue<Acknowledgment> acknowledgments = new ConcurrentLinkedQueue<>();

		@LiftbridgeListener(id = "keeper", streams = "${in}", ackMode = "MANUAL")
		void on(String text, Acknowledgment acknowledgment) {
			this.texts.add(text);
			this.acknowledgments.add(acknowledgment);
		}

	}

	static class GivesBack {

		final Queue<String> texts = new ConcurrentLinkedQueue<>();

		@LiftbridgeListener(id = "back", streams = "${in}", ackMode = "MANUAL")
		void on(String text, Acknowledgment acknowledgment) {
			this.texts.add(text);
			if (text.equals("later") && this.texts.stream().filter(text::equals).count() == 1) {
				acknowledgment.nack(Duration.ofSeconds(2));
			}
			else {
				acknowledgment.acknowledge();
			}
		}

	}

	static class GivesBackForADay {

		@LiftbridgeListener(id = "day", streams = "${in}", ackMode = "MANUAL")
		void on(String text, Acknowledgment acknowledgment) {
			acknowledgment.nack(Duration.ofDays(1));
		}

	}

	static class GivesBackTheRest {

		final Queue<List<String>> batches = new ConcurrentLinkedQueue<>();

		private boolean given;

		@LiftbridgeListener(id = "rest", streams = "${in}", ackMode = "MANUAL", batch = "true")
		void on(List<String> batch, Acknowledgment acknowledgment) {
			this.batches.add(new ArrayList<>(batch));
			int index = batch.indexOf("m3");
			if (index >= 0 && !this.given) {
				this.given = true;
				acknowledgment.nack(index, Duration.ofMillis(300));
				return;
			}
			acknowledgment.acknowledge();
		}

	}

	static class FailsBehind {

		final Queue<List<String>> batches = new ConcurrentLinkedQueue<>();

		private boolean failed;

		@LiftbridgeListener(id = "behind", streams = "${in}", ackMode = "MANUAL", batch = "true")
		void on(List<String> batch, Acknowledgment acknowledgment) {
			this.batches.add(new ArrayList<>(batch));
			int index = batch.indexOf("m3");
			if (index >= 0 && !this.failed) {
				this.failed = true;
				if (index > 0) {
					acknowledgment.acknowledge(index - 1);
				}
				throw new IllegalStateException("behind the acknowledged ones");
			}
			acknowledgment.acknowledge();
		}

	}

	static class Later {

		final Queue<CompletableFuture<Void>> futures = new ConcurrentLinkedQueue<>();

		@LiftbridgeListener(id = "later", streams = "${in}")
		CompletableFuture<Void> on(String text) {
			CompletableFuture<Void> future = new CompletableFuture<>();
			this.futures.add(future);
			return future;
		}

	}

	static class Elements {

		final Queue<Message<String>> open = new ConcurrentLinkedQueue<>();

		@LiftbridgeListener(id = "elements", streams = "${in}", ackMode = "MANUAL", batch = "true")
		void on(List<Message<String>> batch) {
			this.open.addAll(batch);
		}

	}

}
