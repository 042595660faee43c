package io.liftbridge.boot.autoconfigure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

class LiftbridgePropertiesTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(LiftbridgeAutoConfiguration.class));

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			liftbridge.connect-timeout                         | 0s
			liftbridge.request-timeout                         | -1s
			liftbridge.metadata-refresh-interval               | 0
			liftbridge.max-message-size                        | 0B
			liftbridge.max-message-size                        | 2GB
			liftbridge.max-inbound-size                        | -1B
			liftbridge.load-balancer.max-retries               | 0
			liftbridge.retry.initial-interval                  | 0s
			liftbridge.retry.max-interval                      | 0s
			liftbridge.retry.max-interval                      | 1ms
			liftbridge.retry.max-interval                      | 2h
			liftbridge.retry.multiplier                        | 0.5
			liftbridge.retry.multiplier                        | NaN
			liftbridge.retry.jitter                            | 1.5
			liftbridge.stream-prefix                           | a b
			liftbridge.stream-prefix                           | __
			liftbridge.producer.ack-timeout                    | 0s
			liftbridge.producer.enqueue-timeout                | -5ms
			liftbridge.producer.max-in-flight                  | 0
			liftbridge.producer.max-in-flight-size             | 0MB
			liftbridge.producer.retries                        | -1
			liftbridge.producer.compression-threshold          | -1B
			liftbridge.producer.compression-threshold          | 2GB
			liftbridge.producer.encoding-header                | ''
			liftbridge.producer.compression                    | ztsd
			liftbridge.producer.compression-level              | 1
			liftbridge.producer.max-large-message-size         | 0B
			liftbridge.producer.max-large-message-size         | 3GB
			liftbridge.producer.max-large-message-size         | 65MB
			liftbridge.producer.publishing-ids                 | true
			liftbridge.producer.batch.messages                 | 0
			liftbridge.producer.batch.max-batches              | 0
			liftbridge.producer.batch.max-size                 | 0B
			liftbridge.producer.batch.max-size                 | 2GB
			liftbridge.producer.batch.linger                   | -1s
			liftbridge.producer.batch.linger                   | 5ms
			liftbridge.producer.ack-timeout                    | 400d
			liftbridge.producer.enqueue-timeout                | 400d
			liftbridge.producer.entry.max-records              | -1
			liftbridge.producer.entry.max-size                 | 0B
			liftbridge.producer.entry.max-size                 | 65MB
			liftbridge.consumer.encoding-header                | ''
			liftbridge.consumer.max-large-message-size         | 0B
			liftbridge.consumer.large-message-timeout          | 0s
			liftbridge.consumer.max-uncompressed-size          | 0B
			liftbridge.consumer.prefetch                       | 0
			liftbridge.consumer.prefetch-size                  | 0KB
			liftbridge.listener.concurrency                    | 0
			liftbridge.listener.batch-size                     | 0
			liftbridge.listener.start-position                 | yesterday
			liftbridge.listener.cursor-interval                | -1s
			liftbridge.listener.shutdown-timeout               | -1s
			liftbridge.listener.lag-interval                   | -1s
			liftbridge.listener.interruption-tolerance         | -1s
			liftbridge.listener.max-recovery-pause             | 0s
			liftbridge.listener.retry.max-attempts             | 0
			liftbridge.listener.retry.initial-interval         | -1s
			liftbridge.listener.retry.multiplier               | 0.5
			liftbridge.listener.retry.multiplier               | NaN
			liftbridge.listener.retry.max-interval             | -1s
			liftbridge.listener.dead-letter.suffix             | ''
			liftbridge.listener.ack-count                      | 0
			liftbridge.listener.max-unacknowledged             | -1
			liftbridge.listener.ack-interval                   | -1s
			liftbridge.listener.cursor-interval                | 25h
			liftbridge.listener.startup-timeout                | 0s
			liftbridge.listener.startup-timeout                | 2d
			liftbridge.listener.idle-event-interval            | -1s
			liftbridge.listener.idle-event-interval            | 2d
			liftbridge.listener.stream-refresh-interval        | 0s
			liftbridge.listener.stream-refresh-interval        | 2d
			liftbridge.listener.max-messages-per-second        | -1
			liftbridge.listener.max-messages-per-second        | NaN
			liftbridge.listener.retry-stream.suffix            | ''
			liftbridge.listener.retry-stream.suffix            | .r y
			liftbridge.listener.retry-stream.suffix            | .dlt
			liftbridge.listener.retry-stream.pause             | -1s
			liftbridge.listener.retry-stream.rounds            | 0
			liftbridge.listener.dead-letter.suffix             | .d t
			liftbridge.sink.batch-size                         | 0
			liftbridge.sink.wait-time                          | -1ms
			liftbridge.sink.buffer-messages                    | 0
			liftbridge.sink.buffer-size                        | 0B
			liftbridge.sink.batches-per-partition              | 0
			liftbridge.sink.workers                            | 0
			liftbridge.sink.max-recovery-pause                 | 0s
			liftbridge.sink.shutdown-timeout                   | -1s
			liftbridge.sink.offset-table                       | a; b
			liftbridge.template.receive-timeout                | 0s
			liftbridge.template.subject-timeout                | 0s
			liftbridge.template.default-stream                 | a b
			liftbridge.admin.start-timeout                     | -1s
			liftbridge.embedded.port                           | 65536
			liftbridge.embedded.port                           | -1
			liftbridge.streams[0].name                         | a*b
			liftbridge.streams[0].name                         | __cursors
			liftbridge.streams[0].subject                      | a..b
			liftbridge.streams[0].partitions                   | 0
			liftbridge.streams[0].replication-factor           | 0
			liftbridge.streams[0].replication-factor           | many
			liftbridge.streams[0].load-balance-group           | a b
			liftbridge.streams[0].retention                    | -1s
			liftbridge.streams[0].retention                    | 999us
			liftbridge.streams[0].retention-size               | -1B
			liftbridge.streams[0].retention-messages           | -1
			liftbridge.streams[0].cleaner-interval             | -1s
			liftbridge.streams[0].segment-size                 | 0B
			liftbridge.streams[0].segment-age                  | -1s
			liftbridge.streams[0].compact-parallelism          | 0
			liftbridge.streams[0].auto-pause                   | -1s
			liftbridge.streams[0].min-isr                      | 0
			""")
	void refusesWhatCannotWork(String property, String value) {
		this.runner
			.withPropertyValues("liftbridge.streams[0].name=orders", "liftbridge.listener.retry-stream.enabled=true",
					property + "=" + value)
			.run((context) -> assertThat(invalid(context.getStartupFailure()).getProperty()).isEqualTo(property));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			startup-timeout         | 2d  | it must be a day or less           | for instance to 10s
			max-messages-per-second | -1  | it must be 0 for no limit, or more | Correct
			retry-stream.suffix     | ''  | cannot be its own retry stream     | for instance to .retry
			retry-stream.suffix     | .dlt | does not go with liftbridge.listener.dead-letter.suffix = '.dlt' | .retry
			retry-stream.rounds     | 0   | it must be 1 or more               | Correct
			""")
	void saysOfListenersWhatIsPossible(String name, String value, String why, String remedy) {
		String property = "liftbridge.listener." + name;
		this.runner.withPropertyValues("liftbridge.listener.retry-stream.enabled=true", property + "=" + value)
			.run((context) -> {
				InvalidLiftbridgePropertyException refused = invalid(context.getStartupFailure());
				assertThat(refused).hasMessageContainingAll(property, why);
				assertThat("Correct " + property + refused.getRemedy()).contains(remedy);
			});
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			idempotence    | true | ack-policy    | none
			idempotence    | true | retries       | 3
			batch.messages | 20   | max-in-flight | 10
			""")
	void blamesWhatCannotGoWithAnotherProperty(String property, String value, String other, String theirs) {
		this.runner
			.withPropertyValues("liftbridge.producer.batch.mode=fixed", "liftbridge.producer." + property + "=" + value,
					"liftbridge.producer." + other + "=" + theirs)
			.run((context) -> {
				InvalidLiftbridgePropertyException refused = invalid(context.getStartupFailure());
				assertThat(refused.getProperty()).isEqualTo("liftbridge.producer." + property);
				assertThat(refused.getRemedy()).contains("liftbridge.producer." + other);
			});
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			liftbridge.connect-timeout       | soon
			liftbridge.max-message-size      | big
			liftbridge.broker-selection      | best
			liftbridge.producer.ack-policy   | SOME
			liftbridge.listener.startup-failure-policy | never
			liftbridge.streams[0].partitions | few
			""")
	void leavesWhatCannotBeReadToTheBinder(String property, String value) {
		this.runner.withPropertyValues(property + "=" + value)
			.run((context) -> assertThat(context).getFailure().hasMessageContaining("liftbridge"));
	}

	@Test
	void acceptsTheLimits() {
		this.runner
			.withPropertyValues("liftbridge.listener.lag-interval=0s", "liftbridge.listener.shutdown-timeout=0s",
					"liftbridge.listener.cursor-interval=0s", "liftbridge.listener.interruption-tolerance=0s",
					"liftbridge.listener.retry.max-attempts=1", "liftbridge.listener.retry.multiplier=1",
					"liftbridge.listener.retry.initial-interval=0s", "liftbridge.admin.start-timeout=0s",
					"liftbridge.listener.dead-letter.enabled=false", "liftbridge.listener.dead-letter.suffix=",
					"liftbridge.listener.idle-event-interval=0s", "liftbridge.listener.max-messages-per-second=0",
					"liftbridge.listener.startup-timeout=1d", "liftbridge.listener.retry-stream.suffix=",
					"liftbridge.embedded.port=65535", "liftbridge.seeds=127.0.0.1:1")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	private static InvalidLiftbridgePropertyException invalid(Throwable failure) {
		Throwable cause = failure;
		while (cause != null && !(cause instanceof InvalidLiftbridgePropertyException)) {
			cause = cause.getCause();
		}
		assertThat(cause).as("%s", failure).isNotNull();
		return (InvalidLiftbridgePropertyException) cause;
	}

}
