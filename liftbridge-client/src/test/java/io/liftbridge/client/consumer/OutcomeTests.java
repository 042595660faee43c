package io.liftbridge.client.consumer;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

import io.liftbridge.client.cluster.RpcStatus;
import io.liftbridge.client.cluster.RpcStatus.Code;
import io.liftbridge.client.entry.EntryOptions;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.NotAuthorizedException;
import io.liftbridge.client.message.StreamNotFoundException;
import io.liftbridge.client.message.StreamPausedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

class OutcomeTests {

	private static final String BEFORE_START = "Stop offset is before start offset: 1 < 3";

	private static final StartPosition EARLIEST = StartPosition.earliest();

	private static final StopPosition AT_TIME = StopPosition.at(Instant.EPOCH);

	static Stream<Arguments> ends() {
		StopPosition never = StopPosition.never();
		return Stream.of(
				arguments(Code.RESOURCE_EXHAUSTED, "Stop offset reached", EARLIEST, StopPosition.offset(5),
						EndReason.STOP_REACHED),
				arguments(Code.RESOURCE_EXHAUSTED, "Stop offset reached", EARLIEST, StopPosition.latest(),
						EndReason.STOP_REACHED),
				arguments(Code.RESOURCE_EXHAUSTED, "Stop offset reached", EARLIEST, AT_TIME, EndReason.STOP_REACHED),
				// The server stops a read-only partition by itself.
				arguments(Code.RESOURCE_EXHAUSTED, "Stop offset reached", EARLIEST, never, EndReason.END_OF_PARTITION),
				arguments(Code.RESOURCE_EXHAUSTED, "End of readonly partition", EARLIEST, never,
						EndReason.END_OF_PARTITION),
				arguments(Code.RESOURCE_EXHAUSTED, "End of readonly partition", EARLIEST, StopPosition.offset(99),
						EndReason.END_OF_PARTITION),
				arguments(Code.RESOURCE_EXHAUSTED, "Stream is empty", EARLIEST, StopPosition.latest(),
						EndReason.STOP_REACHED),
				arguments(Code.INTERNAL,
						"Failed to lookup offset for timestamp: timestamp is before the beginning of the log", EARLIEST,
						AT_TIME, EndReason.STOP_REACHED),
				arguments(Code.INTERNAL,
						"Failed to lookup offset for timestamp: failed to find log segment for timestamp: EOF",
						EARLIEST, AT_TIME, EndReason.STOP_REACHED),
				// Read-only and fully read.
				arguments(Code.INVALID_ARGUMENT, BEFORE_START, StartPosition.newOnly(), never,
						EndReason.END_OF_PARTITION),
				arguments(Code.INVALID_ARGUMENT, BEFORE_START, StartPosition.offset(3), never,
						EndReason.END_OF_PARTITION),
				// Nothing lies between the two.
				arguments(Code.INVALID_ARGUMENT, BEFORE_START, StartPosition.at(Instant.EPOCH), StopPosition.latest(),
						EndReason.STOP_REACHED),
				arguments(Code.INVALID_ARGUMENT, BEFORE_START, EARLIEST, StopPosition.offset(1),
						EndReason.STOP_REACHED),
				arguments(Code.INVALID_ARGUMENT, BEFORE_START, StartPosition.offset(3), AT_TIME,
						EndReason.STOP_REACHED),
				arguments(Code.INVALID_ARGUMENT, BEFORE_START, EARLIEST, AT_TIME, EndReason.STOP_REACHED));
	}

	@ParameterizedTest
	@MethodSource("ends")
	void endsWell(Code code, String text, StartPosition start, StopPosition stop, EndReason reason) {
		Outcome outcome = Outcome.of(new RpcStatus(code, text, "b1"), options(start, stop, false), 0);
		assertThat(outcome.failure()).isNull();
		assertThat(outcome.end()).isEqualTo(reason);
	}

	static Stream<Arguments> failures() {
		return Stream.of(arguments(Code.NOT_FOUND, "commit log was deleted", StreamNotFoundException.class, "deleted"),
				arguments(Code.INVALID_ARGUMENT, "Consumer id cannot be empty when group id is provided",
						InvalidRequestException.class, "Consumer id"),
				arguments(Code.INVALID_ARGUMENT, "Unknown StartPosition 9", InvalidRequestException.class, "9"),
				arguments(Code.INVALID_ARGUMENT, "Consumer groups not compatible with ReadISRReplica",
						InvalidRequestException.class, "ReadISRReplica"),
				arguments(Code.UNKNOWN, "The client is not authorized to call Subscribe on resource orders",
						NotAuthorizedException.class, "policy"),
				arguments(Code.UNKNOWN, "api: Failed to retrieve client ID", NotAuthorizedException.class, "policy"),
				arguments(Code.FAILED_PRECONDITION, "Consumer is not currently assigned this partition",
						LiftbridgeException.class, "assigned"),
				arguments(Code.UNIMPLEMENTED, "unknown method Subscribe for service proto.API",
						LiftbridgeException.class, "unknown method"));
	}

	@ParameterizedTest
	@MethodSource("failures")
	void fails(Code code, String text, Class<? extends LiftbridgeException> type, String words) {
		Outcome outcome = Outcome.of(new RpcStatus(code, text, "b1"), options(EARLIEST, StopPosition.never(), false),
				0);
		assertThat(outcome.end()).isNull();
		assertThat(outcome.failure()).isExactlyInstanceOf(type)
			.hasMessageContaining("stream 'orders'")
			.hasMessageContaining("partition 2")
			.hasMessageContaining("b1")
			.hasMessageContaining(words);
	}

	static Stream<Arguments> interruptions() {
		return Stream.of(arguments(Code.UNAVAILABLE, "socket closed"), arguments(Code.UNAVAILABLE, "too_many_pings"),
				arguments(Code.OK, ""), arguments(Code.CANCELLED, ""), arguments(Code.DEADLINE_EXCEEDED, ""),
				arguments(Code.FAILED_PRECONDITION, "Server not partition leader"),
				arguments(Code.NOT_FOUND, "No such partition"),
				arguments(Code.FAILED_PRECONDITION, "commit log was closed"),
				arguments(Code.INTERNAL, "Failed to create stream reader: segment has been closed"),
				arguments(Code.INTERNAL, "Failed to create stream reader: segment not found"),
				arguments(Code.INTERNAL, "Failed to resume stream: timeout"), arguments(Code.UNKNOWN, "EOF"));
	}

	@ParameterizedTest
	@MethodSource("interruptions")
	void goesOnAtFirst(Code code, String text) {
		assertThat(Outcome.of(new RpcStatus(code, text, "b1"), options(EARLIEST, StopPosition.never(), false), 0))
			.isEqualTo(Outcome.RETRY);
	}

	@ParameterizedTest
	@EnumSource(value = Code.class, names = { "UNAVAILABLE", "OK", "CANCELLED", "DEADLINE_EXCEEDED" })
	void neverGivesUpOnALostConnection(Code code) {
		assertThat(Outcome.of(new RpcStatus(code, "", "b1"), options(EARLIEST, StopPosition.never(), false), 10_000))
			.isEqualTo(Outcome.RETRY);
	}

	@Test
	void callsAPartitionPausedThatStaysClosed() {
		for (RpcStatus status : new RpcStatus[] {
				new RpcStatus(Code.FAILED_PRECONDITION, "commit log was closed", "b1"),
				new RpcStatus(Code.INTERNAL, "Failed to create stream reader: segment has been closed", "b1") }) {
			Outcome outcome = Outcome.of(status, options(EARLIEST, StopPosition.never(), false), 100);
			assertThat(outcome.failure()).isInstanceOf(StreamPausedException.class)
				.hasMessageContaining("stream 'orders' partition 2")
				.hasMessageContaining("resumePaused");
			assertThat(Outcome.of(status, options(EARLIEST, StopPosition.never(), true), 100)).isEqualTo(Outcome.RETRY);
		}
	}

	@Test
	void reportsAServerThatKeepsFailing() {
		for (Code code : new Code[] { Code.INTERNAL, Code.UNKNOWN }) {
			Outcome outcome = Outcome.of(new RpcStatus(code, "something odd", "b1"),
					options(EARLIEST, StopPosition.never(), false), 100);
			assertThat(outcome.failure()).isInstanceOf(LiftbridgeException.class).hasMessageContaining("something odd");
		}
	}

	@Test
	void isDisplacedByAnotherMemberOfItsGroup() {
		SubscriptionOptions member = options(EARLIEST, StopPosition.never(), false).as(new GroupRole("g", "c", 7));
		for (RpcStatus status : List.of(new RpcStatus(Code.OK, "", "b1"),
				new RpcStatus(Code.FAILED_PRECONDITION, "Consumer is not currently assigned this partition", "b1"))) {
			assertThat(Outcome.of(status, member, 0).end()).isEqualTo(EndReason.DISPLACED);
		}
		assertThat(Outcome.of(new RpcStatus(Code.FAILED_PRECONDITION, "Server not partition leader", "b1"), member, 0))
			.isEqualTo(Outcome.RETRY);
	}

	private static SubscriptionOptions options(StartPosition start, StopPosition stop, boolean resume) {
		return new SubscriptionOptions("orders", 2, start, stop, false, MessageFilter.ALL, resume, false, 10, 1000, 10,
				(messages) -> {
				}, null, SubscriptionListener.NONE, null, null, EntryOptions.DEFAULT);
	}

}
