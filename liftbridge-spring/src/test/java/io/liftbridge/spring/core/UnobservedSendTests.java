package io.liftbridge.spring.core;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.entry.Compression;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.Message;
import io.liftbridge.spring.EmbeddedBrokerTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import static io.liftbridge.spring.TestApplication.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Messages whose futures nobody keeps.
 */
class UnobservedSendTests extends EmbeddedBrokerTest {

	private static final Logger LOGGER = (Logger) LoggerFactory.getLogger(ProducerFactory.class);

	private static final Pattern COUNT = Pattern.compile("^(\\d+) message\\(s\\)");

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	private LiftbridgeClient client;

	private DefaultProducerFactory producers;

	private LiftbridgeTemplate template;

	@BeforeEach
	void open() {
		stream(1);
		Refusals.log();
		this.log.start();
		LOGGER.addAppender(this.log);
		this.client = LiftbridgeClient.builder().seeds(broker.address()).maxMessageBytes(1000).build();
		this.producers = new DefaultProducerFactory(this.client);
		this.template = new LiftbridgeTemplate(this.client, this.producers);
	}

	@AfterEach
	void close() {
		this.producers.destroy();
		this.client.close();
		LOGGER.detachAppender(this.log);
	}

	@Test
	void logsThatTheStreamDoesNotExist() {
		this.template.send("nosuch", "x");
		eventually(() -> assertThat(lines()).singleElement()
			.asString()
			.startsWith("1 message(s) to stream(s) ['nosuch'] failed that nobody waits for")
			.contains("StreamNotFoundException"));
	}

	@Test
	void logsWhatIsObservedAllTheSame() {
		this.producers.setSendObserver(new SendObserver() {

			@Override
			public Observed begin(String stream, List<Message> messages) {
				return new Observed() {

					@Override
					public List<Message> messages() {
						return messages;
					}

					@Override
					public void acked(Ack ack) {
					}

					@Override
					public void failed(Throwable cause) {
					}

				};
			}

			@Override
			public Observed beginToSubject(String subject, Message message) {
				return begin(subject, List.of(message));
			}

		});
		this.template.send("nosuch", "x");
		eventually(() -> assertThat(lines()).singleElement()
			.asString()
			.startsWith("1 message(s) to stream(s) ['nosuch'] failed that nobody waits for"));
	}

	@Test
	void logsThatThePartitionDoesNotExist() {
		this.template.newMessage("x").stream(this.stream).partition(7).send();
		eventually(() -> assertThat(lines()).singleElement().asString().contains("has no partition 7"));
	}

	@Test
	void logsThatTheValueIsTooLarge() {
		this.template.send(this.stream, new byte[2000]);
		this.template.sendBatchEntry(this.stream, List.of(new byte[2000], new byte[2000]), Compression.NONE);
		eventually(() -> assertThat(failed()).isEqualTo(3));
		assertThat(lines()).allSatisfy((line) -> assertThat(line).contains("MessageTooLargeException"));
	}

	@Test
	void logsAtTheEndOfTheApplicationWhatWouldBeLoggedLater() {
		this.template.send("nosuch", "x");
		this.producers.destroy();
		assertThat(lines()).singleElement().asString().contains("'nosuch'");
		this.template.send(this.stream, "x");
		this.producers.destroy();
		assertThat(lines()).hasSize(2).last().asString().contains("ClientClosedException");
	}

	@Test
	void logsThatAnInterceptorFails() {
		DefaultProducerFactory intercepted = new DefaultProducerFactory(this.client, List.of(),
				List.of(new PublishInterceptor() {

					@Override
					public io.liftbridge.client.message.Message beforeSend(String destination,
							io.liftbridge.client.message.Message message) {
						throw new IllegalStateException("no key");
					}

				}));
		new LiftbridgeTemplate(this.client, intercepted).send(this.stream, "x");
		intercepted.destroy();
		assertThat(lines()).singleElement().asString().contains("no key");
	}

	@Test
	void logsManyTogether() {
		long begin = System.nanoTime();
		for (int i = 0; i < 500; i++) {
			this.template.newMessage("x").stream(this.stream).partition(7).send();
		}
		this.producers.destroy();
		long seconds = Duration.ofNanos(System.nanoTime() - begin).toSeconds();
		assertThat(failed()).isEqualTo(500);
		assertThat((long) lines().size()).isLessThanOrEqualTo(seconds + 2);
	}

	@Test
	void logsNothingThatSomebodyLooksAt() {
		List<Consumer<CompletableFuture<Ack>>> looks = List.of((sent) -> sent.whenComplete((ack, failure) -> {
		}), (sent) -> sent.exceptionally((failure) -> null), (sent) -> sent.handle((ack, failure) -> ack),
				(sent) -> sent.thenAccept((ack) -> {
				}), (sent) -> sent.thenCompose(CompletableFuture::completedFuture),
				(sent) -> CompletableFuture.completedFuture(1).thenCompose((one) -> sent),
				(sent) -> sent.orTimeout(1, TimeUnit.DAYS).whenCompleteAsync((ack, failure) -> {
				}), (sent) -> assertThat(sent.isCompletedExceptionally()).isTrue(),
				(sent) -> assertThatExceptionOfType(CompletionException.class).isThrownBy(sent::join),
				(sent) -> assertThat(sent).failsWithin(Duration.ofSeconds(1)));
		looks.forEach((look) -> look.accept(this.template.newMessage("x").stream(this.stream).partition(7).send()));
		assertThatExceptionOfType(LiftbridgeException.class)
			.isThrownBy(() -> this.template.sendAndWait("nosuch", "x", Duration.ofSeconds(10)));
		this.template.sendAll("nosuch", List.of("x", "y"))
			.forEach((result) -> assertThat(result.failure()).isNotNull());
		this.producers.destroy();
		assertThat(lines()).isEmpty();
	}

	private int failed() {
		return lines().stream()
			.map(COUNT::matcher)
			.filter(Matcher::find)
			.mapToInt((found) -> Integer.parseInt(found.group(1)))
			.sum();
	}

	private List<String> lines() {
		return List.copyOf(this.log.list).stream().map(ILoggingEvent::getFormattedMessage).toList();
	}

}
