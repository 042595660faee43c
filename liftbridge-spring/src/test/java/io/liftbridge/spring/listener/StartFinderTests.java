package io.liftbridge.spring.listener;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.consumer.Subscription;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.producer.Producer;
import io.liftbridge.spring.EmbeddedBrokerTest;
import io.liftbridge.spring.listener.delivery.AckMode;
import io.liftbridge.spring.listener.delivery.DefaultErrorHandler;
import io.liftbridge.spring.listener.delivery.DeliveryContext;
import io.liftbridge.spring.listener.delivery.ListenerControl;
import io.liftbridge.spring.listener.delivery.ListenerMetrics;
import io.liftbridge.spring.listener.delivery.LoggingRecoverer;
import io.liftbridge.spring.listener.delivery.PartitionDelivery;
import io.liftbridge.spring.listener.delivery.RecordListener;
import io.liftbridge.spring.listener.delivery.WorkerPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.backoff.FixedBackOff;

import static io.liftbridge.spring.TestApplication.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

class StartFinderTests extends EmbeddedBrokerTest implements StartFinder.Resets {

	private final LiftbridgeClient client = LiftbridgeClient.builder().seeds(broker.address()).build();

	private final ListenerThreads threads = new ListenerThreads();

	private final Queue<String> resets = new ConcurrentLinkedQueue<>();

	@AfterEach
	void close() {
		this.threads.close();
		this.client.close();
	}

	/** The first attempt may have failed after it was found where to begin. */
	@ParameterizedTest
	@ValueSource(strings = { "new", "latest" })
	void aPausedPartitionSkipsNothingBetweenTwoAttempts(String start) {
		stream(1);
		this.client.streams().pause(this.stream, false);
		StartFinder starts = finder(start);
		starts.find();
		publish("first");
		publish("second");
		assertThat(read(starts.find())).containsExactly("first", "second");
		assertThat(this.resets).isEmpty();
	}

	@Test
	void anEmptyPartitionSkipsNothingBetweenTwoAttempts() {
		stream(1);
		StartFinder starts = finder("new");
		assertThat(starts.find()).isEqualTo(StartPosition.offset(0));
		publish("first");
		assertThat(read(starts.find())).containsExactly("first");
	}

	private StartFinder finder(String start) {
		ContainerProperties properties = new ContainerProperties();
		properties.setStartPosition(StartPositions.parse(start));
		RecordListener listener = (message, acknowledgment) -> null;
		DeliveryContext context = new DeliveryContext("test", "test", listener, AckMode.NONE, 1, 0,
				new DefaultErrorHandler(new FixedBackOff(), new LoggingRecoverer()), ListenerMetrics.NONE,
				new WorkerPool(Runnable::run, 1), this.threads.timer(), Duration.ofSeconds(1), Duration.ofSeconds(1),
				(failure) -> {
				}, mock(ListenerControl.class));
		PartitionHealth health = new PartitionHealth(new OutageLog("test", this.threads.timer()), this.stream, 0);
		PartitionDelivery delivery = new PartitionDelivery(context, null, health);
		return new StartFinder(this.client, properties, this.stream, 0, () -> delivery, null, null, this);
	}

	private void publish(String text) {
		try (Producer producer = this.client.producer(this.stream).build()) {
			producer.send(Message.builder().value(text).build()).join();
		}
	}

	private List<String> read(StartPosition start) {
		Queue<String> texts = new ConcurrentLinkedQueue<>();
		try (Subscription subscription = this.client.subscribe(this.stream)
			.partition(0)
			.from(start)
			.handler((message) -> texts.add(message.text()))
			.start()) {
			subscription.started().join();
			publish("end");
			eventually(() -> assertThat(texts).contains("end"));
		}
		texts.remove("end");
		return List.copyOf(texts);
	}

	@Override
	public void reset(String reason) {
		this.resets.add(reason);
	}

	@Override
	public void recreated(String reason) {
		this.resets.add(reason);
	}

}
