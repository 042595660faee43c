package io.liftbridge.client.producer;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

import io.grpc.Status;
import io.liftbridge.client.fake.FakeClusterTest;
import io.liftbridge.client.fake.PublishCall;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.LiftbridgeException.Outcome;
import io.liftbridge.proto.PublishRequest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What is found out after a lost connection where not all can be read back. */
class IdempotenceRecoveryTests extends FakeClusterTest {

	private final AtomicBoolean broken = new AtomicBoolean();

	@BeforeEach
	void control() {
		this.orders.control();
	}

	private ProducerBuilder idempotent() {
		return this.client.producer("orders").idempotence(true);
	}

	private static CompletableFuture<Ack> send(Producer producer, String value) {
		return producer.send(Message.of("k", value));
	}

	/** The call breaks with the arrival of a message; what else happens then. */
	private void breakAt(String value, Incident incident) {
		this.broker.onPublish((request, call) -> {
			boolean there = request.getExpectedOffset() != -2 && request.getValue().toStringUtf8().equals(value);
			if (there && !this.broken.getAndSet(true)) {
				incident.happen(request);
				end(call);
			}
			else if (!call.isEnded()) {
				call.store(request);
			}
		});
	}

	private static void end(PublishCall call) {
		call.end(Status.UNAVAILABLE.withDescription("socket closed"));
	}

	/** The lane has looked at the partition's end, and has a call again. */
	private void awaitCalls(int count) {
		await().atMost(LONG).until(() -> this.broker.publishCalls().size() >= count);
	}

	@Test
	void aMessageWhosePlaceWasTakenDoesNotGoBehindALaterOne() {
		AtomicBoolean again = new AtomicBoolean();
		this.broker.onPublish((request, call) -> {
			String value = (request.getExpectedOffset() != -2) ? request.getValue().toStringUtf8() : "";
			if (value.equals("first") && !this.broken.getAndSet(true)) {
				this.orders.append("late message of an earlier process");
				this.orders.forgetCommitsAfter(-1);
				end(call);
			}
			else if (value.equals("second") && !again.getAndSet(true)) {
				this.orders.append(request);
				this.orders.forgetCommitsAfter(0);
				end(call);
			}
			else if (!call.isEnded()) {
				call.store(request);
			}
		});
		try (Producer producer = idempotent().build()) {
			CompletableFuture<Ack> first = send(producer, "first");
			awaitCalls(3);
			CompletableFuture<Ack> second = send(producer, "second");
			assertThat(failure(first)).hasMessageContaining("offset 0").hasMessageContaining("out of order");
			assertThat(failure(first).outcome()).isEqualTo(Outcome.REFUSED);
			assertThat(get(send(producer, "third")).offset()).isEqualTo(2);
			assertThat(get(second).offset()).isEqualTo(1);
		}
		assertThat(this.orders.values()).containsExactly("late message of an earlier process", "second", "third");
	}

	@Test
	void aMessageThatWaitsForItsVerificationHoldsUpNoOther() {
		breakAt("first", (request) -> {
			this.orders.append(request);
			this.orders.forgetCommitsAfter(-1);
		});
		try (Producer producer = idempotent().maxInFlight(1).ackTimeout(Duration.ofSeconds(4)).build()) {
			assertThat(failure(send(producer, "first")).outcome()).isEqualTo(Outcome.INDETERMINATE);
			assertThat(get(send(producer, "second")).offset()).isEqualTo(1);
			assertThat(get(send(producer, "third")).offset()).isEqualTo(2);
		}
		assertThat(this.orders.values()).containsExactly("first", "second", "third");
	}

	@Test
	void whatMayBeStoredBehindAnotherWritersMessageIsNotCalledRefused() {
		this.broker.onPublish((request, call) -> {
			String value = request.getValue().toStringUtf8();
			if (request.getExpectedOffset() == -2 || value.equals("start") || this.broken.get()) {
				call.store(request);
			}
			else if (value.equals("b")) {
				// Its place was free, although that of the one before was not.
				this.orders.append("foreign");
				this.orders.append(request);
				this.orders.forgetCommitsAfter(1);
				this.broken.set(true);
				end(call);
			}
		});
		try (Producer producer = idempotent().build()) {
			get(send(producer, "start"));
			List<CompletableFuture<Ack>> futures = List.of(send(producer, "a"), send(producer, "b"));
			assertThat(failure(futures.get(0)).outcome()).isEqualTo(Outcome.REFUSED);
			assertThat(failure(futures.get(1)).outcome()).isEqualTo(Outcome.INDETERMINATE);
		}
		assertThat(this.orders.values()).containsExactly("start", "foreign", "b");
	}

	/**
	 * A message that was given up arrives after all, and takes the place of another one.
	 */
	@Test
	void noMessageOvertakesAnotherWhosePlaceIsTakenByALateCopy() {
		List<PublishRequest> held = new CopyOnWriteArrayList<>();
		AtomicBoolean late = new AtomicBoolean();
		this.broker.onPublish((request, call) -> {
			String value = (request.getExpectedOffset() != -2) ? request.getValue().toStringUtf8() : "";
			if (value.equals("held")) {
				held.add(request);
				return;
			}
			if (value.equals("first") && !late.getAndSet(true)) {
				this.orders.append(held.get(0));
			}
			call.store(request);
		});
		try (Producer producer = idempotent().ackTimeout(Duration.ofMillis(2500)).build()) {
			get(send(producer, "start"));
			int calls = this.broker.publishCalls().size();
			assertThat(failure(send(producer, "held")).outcome()).isEqualTo(Outcome.INDETERMINATE);
			end(this.broker.publishCalls().get(calls - 1));
			awaitCalls(calls + 1);
			List<CompletableFuture<Ack>> futures = List.of(send(producer, "first"), send(producer, "second"),
					send(producer, "third"));
			assertThat(getAll(futures)).extracting(Ack::offset).containsExactly(2L, 3L, 4L);
		}
		assertThat(this.orders.values()).containsExactly("start", "held", "first", "second", "third");
	}

	/** What happens beside. */
	private interface Incident {

		void happen(PublishRequest request);

	}

}
