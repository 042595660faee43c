package io.liftbridge.client.cluster;

import java.util.stream.Stream;

import io.liftbridge.client.cluster.RpcStatus.Code;
import io.liftbridge.client.message.BrokerUnavailableException;
import io.liftbridge.client.message.CursorsDisabledException;
import io.liftbridge.client.message.EncryptionFailedException;
import io.liftbridge.client.message.IncorrectOffsetException;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.LiftbridgeException.Outcome;
import io.liftbridge.client.message.MessageTooLargeException;
import io.liftbridge.client.message.NotAuthorizedException;
import io.liftbridge.client.message.PartitionNotFoundException;
import io.liftbridge.client.message.ReadonlyPartitionException;
import io.liftbridge.client.message.RequestTimeoutException;
import io.liftbridge.client.message.StreamExistsException;
import io.liftbridge.client.message.StreamNotFoundException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

class TranslatorTests {

	static Stream<Arguments> answers() {
		return Stream.of(
				arguments(Code.ALREADY_EXISTS, "stream already exists", StreamExistsException.class, Outcome.REFUSED,
						"unique"),
				arguments(Code.NOT_FOUND, "stream does not exist", StreamNotFoundException.class, Outcome.REFUSED,
						"does not exist"),
				arguments(Code.NOT_FOUND, "stream not found", StreamNotFoundException.class, Outcome.REFUSED, ""),
				arguments(Code.NOT_FOUND, "no such stream: partitions", StreamNotFoundException.class, Outcome.REFUSED,
						""),
				arguments(Code.NOT_FOUND, "partition does not exist", PartitionNotFoundException.class, Outcome.REFUSED,
						"number of partitions"),
				arguments(Code.NOT_FOUND, "partition not found", PartitionNotFoundException.class, Outcome.REFUSED, ""),
				arguments(Code.NOT_FOUND, "No such partition", PartitionNotFoundException.class, Outcome.REFUSED, ""),
				arguments(Code.INVALID_ARGUMENT, "Invalid replicationFactor 2, cluster size 1",
						InvalidRequestException.class, Outcome.REFUSED, "Correct"),
				arguments(Code.INVALID_ARGUMENT, "message exceeds max replication size", MessageTooLargeException.class,
						Outcome.REFUSED, "clustering.replication.max.bytes"),
				arguments(Code.FAILED_PRECONDITION, "readonly partition: 1", ReadonlyPartitionException.class,
						Outcome.REFUSED, "read-only"),
				arguments(Code.FAILED_PRECONDITION,
						"Failed on preconditions for stream's encryption handler: kwp: invalid AES key size; want 16"
								+ " or 32, got 0",
						EncryptionFailedException.class, Outcome.REFUSED, "LIFTBRIDGE_ENCRYPTION_KEY"),
				arguments(Code.FAILED_PRECONDITION, "The request should be sent to partition leader",
						BrokerUnavailableException.class, Outcome.REFUSED, "try again"),
				arguments(Code.FAILED_PRECONDITION, "Server not leader for cursors partition 2",
						BrokerUnavailableException.class, Outcome.REFUSED, "try again"),
				arguments(Code.INTERNAL, "Cursors stream does not exist", CursorsDisabledException.class,
						Outcome.REFUSED, "cursors.stream.partitions"),
				arguments(Code.INTERNAL, "no known metadata leader", BrokerUnavailableException.class, Outcome.REFUSED,
						"electing"),
				arguments(Code.INTERNAL, "The client is not authorized to call Publish on resource __cursors",
						NotAuthorizedException.class, Outcome.REFUSED, "policy"),
				arguments(Code.UNKNOWN, "The client is not authorized to call CreateStream on resource baz",
						NotAuthorizedException.class, Outcome.REFUSED, "policy"),
				arguments(Code.UNKNOWN, "api: Failed to retrieve client ID", NotAuthorizedException.class,
						Outcome.REFUSED, "policy"),
				arguments(Code.UNKNOWN, "incorrect expected offset", IncorrectOffsetException.class, Outcome.REFUSED,
						"newest"),
				arguments(Code.UNKNOWN, "failed to publish to NATS: nats: maximum payload exceeded",
						MessageTooLargeException.class, Outcome.REFUSED, "max_payload"),
				arguments(Code.UNKNOWN, "failed to publish to NATS: nats: invalid subject",
						InvalidRequestException.class, Outcome.REFUSED, "subject"),
				arguments(Code.RESOURCE_EXHAUSTED, "grpc: received message larger than max (4194313 vs. 4194304)",
						MessageTooLargeException.class, Outcome.REFUSED, "smaller"),
				arguments(Code.UNIMPLEMENTED, "unknown method Nope for service proto.API", LiftbridgeException.class,
						Outcome.REFUSED, ""),
				arguments(Code.DEADLINE_EXCEEDED, "deadline exceeded", RequestTimeoutException.class,
						Outcome.INDETERMINATE, "liftbridge.request-timeout"),
				arguments(Code.UNAVAILABLE, "socket closed", BrokerUnavailableException.class, Outcome.INDETERMINATE,
						"Check that it runs"),
				arguments(Code.INTERNAL, "something odd", LiftbridgeException.class, Outcome.INDETERMINATE, ""));
	}

	@ParameterizedTest
	@MethodSource("answers")
	void saysWhatHappenedWhereAndWhatToDo(Code code, String text, Class<? extends LiftbridgeException> type,
			Outcome outcome, String remedy) {
		LiftbridgeException failure = Translator.translate(new RpcStatus(code, text, "b1 (host:9292)"), "create stream",
				"stream 'orders' partition 3", false);
		assertThat(failure).isExactlyInstanceOf(type)
			.hasMessageContaining("create stream")
			.hasMessageContaining("stream 'orders' partition 3")
			.hasMessageContaining("b1 (host:9292)")
			.hasMessageContaining(remedy);
		if (code != Code.DEADLINE_EXCEEDED) {
			assertThat(failure).hasMessageContaining(text);
		}
		assertThat(failure.getMessage()).doesNotContain("9292).)").doesNotContain("9292)) Create");
		assertThat(failure.outcome()).isEqualTo(outcome);
	}

}
