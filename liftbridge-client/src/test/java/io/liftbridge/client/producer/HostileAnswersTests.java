package io.liftbridge.client.producer;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Status;
import io.liftbridge.client.fake.FakeClusterTest;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.EncryptionFailedException;
import io.liftbridge.client.message.IncorrectOffsetException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.LiftbridgeException.Outcome;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.MessageTooLargeException;
import io.liftbridge.proto.Ack.Error;
import io.liftbridge.proto.PublishRequest;
import io.liftbridge.proto.PublishResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** A server that says what no server should. */
class HostileAnswersTests extends FakeClusterTest {

	private static final Message WITH_INBOX = Message.builder().value("v").ackInbox("acks.mine").build();

	@Test
	void anAnswerThatSaysNothingIsNoSuccess() {
		this.broker.onPublish((request, call) -> call
			.send(PublishResponse.newBuilder().setCorrelationId(request.getCorrelationId()).build()));
		assertNothingSaid(failure(this.client.producer("orders").build().send(Message.of("k", "v"))));
		this.broker.onPublish((request, call) -> call.ack(request, 0, ""));
		assertNothingSaid(failure(this.client.producer("orders").build().send(Message.of("k", "v"))));
	}

	@Test
	void anAnswerThatSaysNothingIsNoSuccessForAMessageWithAnInbox() {
		this.broker.<PublishRequest, PublishResponse>on("Publish", (request, observer, usual) -> {
			observer.onNext(PublishResponse.getDefaultInstance());
			observer.onCompleted();
		});
		assertNothingSaid(failure(this.client.producer("orders").build().send(WITH_INBOX)));
	}

	private static void assertNothingSaid(LiftbridgeException failure) {
		assertThat(failure).hasMessageContaining("stream 'orders' partition 0")
			.hasMessageContaining("without saying where the message is stored");
		assertThat(failure.outcome()).isEqualTo(Outcome.INDETERMINATE);
	}

	@Test
	void anAnswerThatSaysNothingFailsNoIdempotentMessageThatIsStored() {
		this.orders.control();
		Set<String> asked = ConcurrentHashMap.newKeySet();
		this.broker.onPublish((request, call) -> {
			boolean check = request.getExpectedOffset() == -2;
			String value = request.getValue().toStringUtf8();
			boolean first = asked.add(check + value);
			if (check && first) {
				call.ack(request, 0, "");
			}
			else if (value.equals("next") && first) {
				call.end(Status.UNAVAILABLE.withDescription("before it is stored"));
			}
			else if (value.equals("next") && asked.add("again")) {
				call.ack(request, this.orders.append(request), "");
			}
			else if (!call.isEnded()) {
				call.store(request);
			}
		});
		Producer producer = this.client.producer("orders").idempotence(true).build();
		assertThat(get(producer.send(Message.of("k", "v"))).offset()).isZero();
		assertThat(get(producer.send(Message.of("k", "next"))).offset()).isEqualTo(1);
		assertThat(this.orders.values()).containsExactly("v", "next");
	}

	@ParameterizedTest
	@CsvSource({ "INCORRECT_OFFSET, REFUSED", "TOO_LARGE, REFUSED", "ENCRYPTION, REFUSED", "UNKNOWN, INDETERMINATE" })
	void anErrorInAnAcknowledgementIsAFailure(Error error, Outcome outcome) {
		this.broker.onPublish((request, call) -> call.send(refused(request, error)));
		this.broker.<PublishRequest, PublishResponse>on("Publish", (request, observer, usual) -> {
			observer.onNext(refused(request, error));
			observer.onCompleted();
		});
		Producer producer = this.client.producer("orders").build();
		for (Message message : List.of(Message.of("k", "v"), WITH_INBOX)) {
			assertThat(failure(producer.send(message))).isExactlyInstanceOf(type(error))
				.hasMessageContaining("'orders'")
				.satisfies((failure) -> assertThat(failure.outcome()).isEqualTo(outcome));
		}
	}

	private static PublishResponse refused(PublishRequest request, Error error) {
		return PublishResponse.newBuilder()
			.setCorrelationId(request.getCorrelationId())
			.setAck(io.liftbridge.proto.Ack.newBuilder().setStream(request.getStream()).setAckError(error))
			.build();
	}

	private static Class<? extends LiftbridgeException> type(Error error) {
		return switch (error) {
			case INCORRECT_OFFSET -> IncorrectOffsetException.class;
			case TOO_LARGE -> MessageTooLargeException.class;
			case ENCRYPTION -> EncryptionFailedException.class;
			default -> LiftbridgeException.class;
		};
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4 })
	void anyAnswersLeaveEachMessageWithOneOutcome(long seed) {
		Random random = new Random(seed);
		this.broker.onPublish((request, call) -> {
			for (int i = random.nextInt(4); i > 0; i--) {
				call.send(anything(random, request));
			}
			call.store(request);
		});
		Producer producer = this.client.producer("orders").build();
		List<CompletableFuture<Ack>> sent = new ArrayList<>();
		for (int i = 0; i < 200; i++) {
			sent.add(producer.send(Message.of("k", "v" + i)));
		}
		// With an acknowledgement or an exception of the client, each of them.
		sent.forEach((future) -> get(future.handle((ack, failure) -> {
			assertThat((ack != null) || failure instanceof LiftbridgeException).isTrue();
			return true;
		})));
		assertThat(producer.inFlight()).isZero();
	}

	private static PublishResponse anything(Random random, PublishRequest request) {
		byte[] bytes = new byte[random.nextInt(30)];
		random.nextBytes(bytes);
		PublishResponse.Builder response = PublishResponse.newBuilder();
		try {
			response.mergeFrom(bytes);
		}
		catch (InvalidProtocolBufferException ex) {
			response.setAck(io.liftbridge.proto.Ack.newBuilder()
				.setStream(random.nextBoolean() ? "orders" : ByteString.copyFrom(bytes).toStringUtf8())
				.setOffset(random.nextLong())
				.setAckErrorValue(random.nextInt(7))
				.setAckPolicyValue(random.nextInt(5)));
			if (random.nextBoolean()) {
				response.getAsyncErrorBuilder().setCodeValue(random.nextInt(10)).setMessage("?");
			}
		}
		if (random.nextInt(4) > 0) {
			response.setCorrelationId(random.nextBoolean() ? request.getCorrelationId() : "" + random.nextInt(50));
		}
		return response.build();
	}

}
