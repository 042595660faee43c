package io.liftbridge.client.cursor;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.fake.FakeCluster;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.proto.FetchCursorResponse;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Whatever number a cursor has, it is a position, none, or refused.
 */
class CursorStorePropertyTests {

	private static final AtomicLong answer = new AtomicLong();

	private static FakeCluster stored;

	private static FakeCluster answering;

	private static LiftbridgeClient client;

	private static LiftbridgeClient asking;

	@BeforeContainer
	static void start() {
		stored = new FakeCluster(1);
		stored.stream("__cursors", 1);
		client = LiftbridgeClient.builder().seeds(stored.seeds()).build();
		answering = new FakeCluster(1);
		answering.stream("__cursors", 1);
		answering.broker(1).<Object, FetchCursorResponse>on("FetchCursor", (request, observer, usual) -> {
			observer.onNext(FetchCursorResponse.newBuilder().setOffset(answer.get()).build());
			observer.onCompleted();
		});
		asking = LiftbridgeClient.builder().seeds(answering.seeds()).build();
	}

	@AfterContainer
	static void stop() {
		client.close(Duration.ZERO);
		asking.close(Duration.ZERO);
		stored.close();
		answering.close();
	}

	@Property(tries = 200)
	void anyAnswerIsAPositionOrNone(@ForAll CursorConvention convention, @ForAll long number) {
		answer.set(number);
		long first = (convention == CursorConvention.NEXT_OFFSET) ? 1 : 0;
		if (number < first) {
			assertThat(asking.cursors(convention).find("c", "orders", 0)).isEmpty();
		}
		else {
			assertThat(asking.cursors(convention).find("c", "orders", 0)).hasValue(number - first);
		}
	}

	@Property(tries = 200)
	void anyPositionIsStoredOrRefused(@ForAll CursorConvention convention, @ForAll long position) {
		CursorStore cursors = client.cursors(convention);
		try {
			cursors.set("c", "orders", 0, position);
		}
		catch (InvalidRequestException ex) {
			assertThat(ex).hasMessageContaining("offset " + position);
			assertThat(position < -1 || position == Long.MAX_VALUE).isTrue();
			return;
		}
		assertThat(cursors.find("c", "orders", 0).orElse(-1)).isEqualTo(position);
	}

	@Example
	void refusesAPositionWithoutANextOne() {
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> client.cursors(CursorConvention.NEXT_OFFSET).set("c", "orders", 0, Long.MAX_VALUE))
			.withMessageContaining("cannot be set to offset " + Long.MAX_VALUE);
	}

}
