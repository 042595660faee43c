package io.liftbridge.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.IntStream;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.consumer.Subscription;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.producer.BulkSummary;
import io.liftbridge.client.producer.Producer;
import io.liftbridge.client.producer.ProducerBuilder;
import io.liftbridge.client.producer.ProducerListener;
import io.liftbridge.client.stream.StreamSpec;
import io.liftbridge.spring.core.DefaultProducerFactory;
import io.liftbridge.spring.core.LiftbridgeTemplate;
import io.liftbridge.spring.observation.MicrometerSendObserver;
import org.jspecify.annotations.Nullable;

/**
 * One round after the other in this process; the last one counts.
 */
final class Rounds {

	static final Duration TIMEOUT = Duration.ofSeconds(60);

	private final Options options;

	private final LiftbridgeClient client;

	private final String seeds;

	private final Values values;

	private final int n;

	Rounds(Options options, LiftbridgeClient client, String seeds) {
		this.options = options;
		this.client = client;
		this.seeds = seeds;
		this.values = Values.of(options);
		this.n = options.n();
	}

	Sample run() throws Exception {
		if (!this.options.mode().hasDatabase()) {
			return run(null);
		}
		try (HikariDataSource database = DatabaseRound.open(this.options)) {
			return run(database);
		}
	}

	private Sample run(@Nullable DataSource database) throws Exception {
		Sample last = new Sample();
		for (int round = 1; round <= this.options.rounds(); round++) {
			if (this.options.mode() == Mode.HEAP) {
				last = new HeapRound(this.options, this.client).run();
			}
			else if (database != null) {
				last = new DatabaseRound(this.options, this.client, database).run();
			}
			else if (this.options.mode() == Mode.LISTENER) {
				last = new ListenerRound(this.options, this.seeds).run();
			}
			else if (this.options.mode().reads()) {
				last = consume();
			}
			else {
				last = write(round);
			}
		}
		return last;
	}

	/** What was written to warm up must not make the broker write to its disk later. */
	private Sample write(int round) throws Exception {
		if (this.options.rounds() == 1) {
			return write(this.options.stream());
		}
		String stream = this.options.stream() + round;
		Sample sample = write(stream);
		this.client.streams().delete(stream);
		return sample;
	}

	private Sample write(String stream) throws Exception {
		this.client.streams().createIfAbsent(StreamSpec.named(stream));
		if (this.options.mode() == Mode.TEMPLATE) {
			return template(stream);
		}
		if (this.options.mode() == Mode.ENTRIES_PUBLISH) {
			return entries(stream);
		}
		try (Producer producer = configure(this.client.producer(stream)).build()) {
			// Finds the broker.
			producer.sendAndWait(Message.of(new byte[1]), TIMEOUT);
			return switch (this.options.mode()) {
				case LATENCY -> oneByOne(producer);
				case BULK -> bulk(producer);
				default -> pipelined((value) -> producer.send(Message.of(value)));
			};
		}
	}

	/** Records are told to the producer's listener: each of them counts. */
	private Sample entries(String stream) throws Exception {
		Countdown open = new Countdown(this.n + 1);
		try (Producer producer = configure(this.client.producer(stream)).listener(open).build()) {
			producer.sendAndWait(Message.of(new byte[1]), TIMEOUT);
			Meter meter = new Meter();
			for (int i = 0; i < this.n; i++) {
				producer.send(Message.of(this.values.get(i)));
			}
			open.await();
			return meter.stop(this.n);
		}
	}

	private Sample bulk(Producer producer) {
		Meter meter = new Meter();
		BulkSummary summary = producer
			.publishBulk(IntStream.range(0, this.n).mapToObj((i) -> Message.of(this.values.get(i))))
			.run();
		if (summary.acked() != this.n) {
			throw new IllegalStateException("Not all was stored: " + summary);
		}
		return meter.stop(this.n);
	}

	private ProducerBuilder configure(ProducerBuilder builder) {
		if (this.options.mode() == Mode.ENTRIES_PUBLISH) {
			builder.batchEntries(this.options.records())
				.compression(this.options.compression())
				.maxBatches(this.options.batches())
				.maxBatchBytes(this.options.batchBytes());
		}
		return builder.maxInFlight(this.options.window()).ackTimeout(TIMEOUT).enqueueTimeout(TIMEOUT);
	}

	private Sample template(String stream) throws Exception {
		DefaultProducerFactory factory = new DefaultProducerFactory(this.client,
				List.of((name, builder) -> configure(builder)), List.of());
		factory.setSendObserver(new MicrometerSendObserver(this.options.observations()));
		try {
			LiftbridgeTemplate template = new LiftbridgeTemplate(this.client, factory);
			template.sendAndWait(stream, new byte[1], TIMEOUT);
			return pipelined((value) -> template.send(stream, value));
		}
		finally {
			factory.destroy();
		}
	}

	private Sample pipelined(Function<byte[], CompletableFuture<Ack>> send) throws Exception {
		Countdown open = new Countdown(this.n);
		Meter meter = new Meter();
		for (int i = 0; i < this.n; i++) {
			send.apply(this.values.get(i)).whenComplete(open);
		}
		open.await();
		return meter.stop(this.n);
	}

	private Sample oneByOne(Producer producer) {
		double[] micros = new double[this.n];
		Meter meter = new Meter();
		for (int i = 0; i < this.n; i++) {
			long start = System.nanoTime();
			producer.sendAndWait(Message.of(this.values.get(i)), TIMEOUT);
			micros[i] = (System.nanoTime() - start) / 1e3;
		}
		return meter.stop(this.n).withLatency(micros);
	}

	private Sample consume() throws Exception {
		@Nullable String[] read = new @Nullable String[1];
		boolean text = this.options.isText();
		Arrivals arrivals = new Arrivals(this.options);
		try (Subscription subscription = this.client.subscribe(this.options.stream())
			.from(StartPosition.earliest())
			.prefetch(this.options.window())
			.handler((message) -> {
				if (text) {
					read[0] = message.text();
				}
				arrivals.next();
			})
			.start()) {
			subscription.ended().exceptionally((failure) -> {
				arrivals.fail(failure);
				return null;
			});
			return arrivals.await();
		}
	}

	/** One object for all messages. */
	static final class Countdown implements BiConsumer<@Nullable Object, @Nullable Throwable>, ProducerListener {

		private final AtomicInteger open;

		private final CompletableFuture<Boolean> done = new CompletableFuture<>();

		Countdown(int n) {
			this.open = new AtomicInteger(n);
		}

		@Override
		public void accept(@Nullable Object ack, @Nullable Throwable failure) {
			if (failure != null) {
				this.done.completeExceptionally(failure);
			}
			if (this.open.decrementAndGet() == 0) {
				this.done.complete(true);
			}
		}

		@Override
		public void onAck(Message message, Ack ack, long nanos) {
			accept(ack, null);
		}

		@Override
		public void onFailure(Message message, LiftbridgeException failure) {
			accept(message, failure);
		}

		void await() throws Exception {
			this.done.get();
		}

	}

}
