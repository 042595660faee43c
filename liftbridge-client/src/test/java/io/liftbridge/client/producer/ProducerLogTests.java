package io.liftbridge.client.producer;

import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.liftbridge.client.fake.FakeClusterTest;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.AckPolicy;
import io.liftbridge.client.message.Message;
import io.liftbridge.proto.PublishAsyncError;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What nobody waits for is in the log at least. */
class ProducerLogTests extends FakeClusterTest {

	private final Logger logger = (Logger) LoggerFactory.getLogger("io.liftbridge.client.producer");

	private final List<String> lines = new CopyOnWriteArrayList<>();

	private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {

		@Override
		protected void append(ILoggingEvent event) {
			ProducerLogTests.this.lines.add(event.getLevel() + " " + event.getFormattedMessage());
		}

	};

	private Level before;

	@BeforeEach
	void listen() {
		this.before = this.logger.getLevel();
		this.logger.setLevel(Level.INFO);
		this.logger.setAdditive(false);
		this.appender.start();
		this.logger.addAppender(this.appender);
	}

	@AfterEach
	void stop() {
		this.logger.detachAppender(this.appender);
		this.logger.setAdditive(true);
		this.logger.setLevel(this.before);
	}

	@Test
	void namesTheStreamOfAHandlerThatFails() {
		this.client.producer("orders").build().send(Message.of("k", "v"), (told) -> {
			throw new IllegalStateException("handler");
		});
		await().untilAsserted(() -> assertThat(this.lines).anyMatch((line) -> line
			.startsWith("ERROR Stream 'orders': the confirmation handler of Message[1 bytes, key of 1 bytes")));
	}

	@Test
	void tellsOfRefusedMessagesWithoutAcknowledgement() {
		this.broker.onPublish((request, call) -> call.error(request, PublishAsyncError.Code.BAD_REQUEST,
				"stream with concurrency control must have AckPolicy set"));
		get(this.client.producer("orders").ackPolicy(AckPolicy.NONE).build().send(Message.of("k", "secret")));
		await().until(() -> !this.lines.isEmpty());
		assertThat(this.lines).hasSize(1)
			.allSatisfy((line) -> assertThat(line).startsWith("WARN Stream 'orders' partition 0")
				.contains("concurrency control")
				.doesNotContain("secret"));
	}

	@Test
	void tellsOfFailuresThatNobodyWaitsFor() {
		this.broker.onPublish(
				(request, call) -> call.error(request, PublishAsyncError.Code.READONLY, "readonly partition: 0"));
		this.client.producer("orders").build().send(Message.of("k", "secret"));
		await().until(() -> !this.lines.isEmpty());
		assertThat(this.lines.get(0)).startsWith("WARN 1 message(s) to stream 'orders' failed")
			.contains("readonly partition: 0")
			.doesNotContain("secret");
	}

	@Test
	void gathersFailuresThatNobodyWaitsForInFewLines() {
		this.broker.onPublish(
				(request, call) -> call.error(request, PublishAsyncError.Code.READONLY, "readonly partition: 0"));
		long start = System.nanoTime();
		try (Producer producer = this.client.producer("orders").build()) {
			for (int i = 0; i < 200; i++) {
				producer.send(Message.of("k", "v"));
				producer.flush();
			}
		}
		await().until(() -> this.lines.stream().mapToInt((line) -> Integer.parseInt(line.split(" ")[1])).sum() == 200);
		assertThat(this.lines).hasSizeLessThanOrEqualTo(3 + (int) ((System.nanoTime() - start) / 1_000_000_000L))
			.allSatisfy((line) -> assertThat(line).contains("the first: ReadonlyPartitionException: "));
	}

	@Test
	void saysNothingOfFailuresThatABulkHandsOut() {
		this.broker.onPublish(
				(request, call) -> call.error(request, PublishAsyncError.Code.READONLY, "readonly partition: 0"));
		Producer producer = this.client.producer("orders").build();
		List<Message> endless = Collections.nCopies(10, Message.of("k", "v"));
		try (BulkResults<Message> results = producer.publishBulk(endless).awaitAcks(false).maxInFlight(1).results()) {
			results.next();
			results.next();
		}
		producer.flush();
		assertThat(this.lines).hasSizeLessThanOrEqualTo(1);
	}

	@Test
	void saysNothingOfFailuresThatSomebodyHandles() {
		CompletableFuture<Void> handled = new CompletableFuture<>();
		CompletableFuture<Runnable> refuse = new CompletableFuture<>();
		this.broker.onPublish((request, call) -> refuse
			.complete(() -> call.error(request, PublishAsyncError.Code.READONLY, "readonly partition: 0")));
		CompletableFuture<Ack> future = this.client.producer("orders").build().send(Message.of("k", "v"));
		future.exceptionally((failure) -> {
			handled.complete(null);
			return null;
		});
		get(refuse).run();
		get(handled);
		assertThat(this.lines).isEmpty();
	}

	@Test
	void saysNothingWhileAllGoesWell() {
		Producer producer = this.client.producer("orders").build();
		for (int i = 0; i < 100; i++) {
			producer.send(Message.of("k", "v"));
		}
		producer.flush();
		producer.close();
		assertThat(this.lines).isEmpty();
	}

}
