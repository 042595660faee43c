package io.liftbridge.client.group;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.grpc.Status;
import io.liftbridge.client.cursor.OffsetTracking;
import io.liftbridge.client.message.CursorsDisabledException;
import io.liftbridge.client.message.InvalidRequestException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What a member of a group reads, and what becomes of it when its handler or the server
 * does what it should not.
 */
class GroupConsumerTests extends FakeGroupTest {

	@Test
	void readsItsPartitionsAsAMemberAndKeepsTheCursorAsGoLiftbridgeDoes() {
		this.orders.append("a");
		GroupConsumer consumer = start(member());
		this.orders.append("b");
		awaitReceived("a", "b");
		awaitCursor(1);
		assertThat(consumer.member().partitions()).containsExactly(new GroupPartition("orders", 0));
		assertThat(consumer.member().coordinator()).isEqualTo("b1");
		assertThat(lastCall().request().getConsumer().getGroupId()).isEqualTo("billing");
		assertThat(lastCall().request().getConsumer().getConsumerId()).startsWith("me/");
		assertThat(lastCall().request().getConsumer().getGroupEpoch()).isEqualTo(this.groups.epoch());
	}

	@Test
	void aHandlerThatFailsGetsTheMessageAgainAndOthersAreNotDisturbed() {
		this.cluster.remove("orders");
		this.cluster.stream("orders", 2).get(0).append("poison");
		this.cluster.stream("orders", 2);
		AtomicBoolean failing = new AtomicBoolean(true);
		start(member().handler((message) -> {
			if (failing.get()) {
				throw new IllegalStateException("no database");
			}
			this.received.add(message.text());
		}));
		await().atMost(LONG).until(() -> this.told.failures.size() >= 2);
		assertThat(this.told.failures).allSatisfy((failure) -> assertThat(failure).hasMessage("no database"));
		assertThat(this.cluster.cursors()).doesNotContainKey(CURSOR);
		failing.set(false);
		awaitReceived("poison");
		awaitCursor(0);
	}

	@Test
	void saysAtOnceThatTheServerKeepsNoCursors() {
		this.cluster.remove("__cursors");
		client(builder());
		GroupConsumer consumer = member().start();
		assertThat(failure(consumer.ended())).isInstanceOf(CursorsDisabledException.class)
			.hasMessageContaining("cursors.stream.partitions");
		assertThat(this.groups.log()).containsExactly("join me", "leave me");
	}

	@Test
	void needsNoCursorsWhereTheUserKeepsThePosition() {
		this.cluster.remove("__cursors");
		client(builder());
		this.orders.append("a");
		GroupConsumer consumer = start(member().tracking(OffsetTracking.none()));
		awaitReceived("a");
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(consumer::commit)
			.withMessageContaining("none()");
	}

	@Test
	void joinsAGroupThatAnotherMemberCreatesInTheSameMoment() {
		AtomicInteger attempts = new AtomicInteger();
		this.broker.on("JoinConsumerGroup", (request, observer, usual) -> {
			if (attempts.incrementAndGet() == 1) {
				observer.onError(Status.FAILED_PRECONDITION.withDescription("consumer group already exists")
					.asRuntimeException());
			}
			else {
				usual.run();
			}
		});
		this.orders.append("a");
		start(member());
		awaitReceived("a");
		assertThat(attempts).hasValue(2);
	}

	@Test
	void refusesWhatCannotBe() {
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> this.client.group("a b"))
			.withMessageContaining("Group name");
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> this.client.group("g").handler((message) -> {
			}).start())
			.withMessageContaining("streams(...)");
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> this.client.group("g").streams("orders").start())
			.withMessageContaining("handler(...)");
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> member().prefetch(0).start())
			.withMessageContaining("prefetch");
		assertThat(this.groups.log()).isEmpty();
	}

}
