package io.liftbridge.embedded;

import io.liftbridge.proto.FetchCursorRequest;
import io.liftbridge.proto.SetCursorRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class CursorsTests extends BrokerTest {

	@Override
	protected EmbeddedBroker.Builder configure(EmbeddedBroker.Builder builder) {
		return builder.cursorPartitions(3);
	}

	private void set(String cursorId, String stream, int partition, long offset) {
		this.client.call()
			.setCursor(SetCursorRequest.newBuilder()
				.setCursorId(cursorId)
				.setStream(stream)
				.setPartition(partition)
				.setOffset(offset)
				.build());
	}

	private long fetch(String cursorId, String stream, int partition) {
		return this.client.call().fetchCursor(request(cursorId, stream, partition)).getOffset();
	}

	private static FetchCursorRequest request(String cursorId, String stream, int partition) {
		return FetchCursorRequest.newBuilder().setCursorId(cursorId).setStream(stream).setPartition(partition).build();
	}

	@Test
	void neverSetIsMinusOne() {
		assertThat(fetch("c", "s", 0)).isEqualTo(-1);
	}

	@ParameterizedTest
	@ValueSource(longs = { 5, 0, -1, -99, Long.MAX_VALUE })
	void storesAnyValueOfAnyStream(long offset) {
		set("c", "nope", 7, 42);
		set("c", "nope", 7, offset);
		assertThat(fetch("c", "nope", 7)).isEqualTo(offset);
		assertThat(fetch("c", "nope", 8)).isEqualTo(-1);
		assertThat(fetch("d", "nope", 7)).isEqualTo(-1);
	}

	@Test
	void wantsNamesTheStreamFirst() {
		assertThat(this.client.failure((call) -> call.fetchCursor(request("", "", 0))))
			.isEqualTo("INVALID_ARGUMENT No stream provided");
		assertThat(this.client.failure((call) -> call.fetchCursor(request("", "s", 0))))
			.isEqualTo("INVALID_ARGUMENT No cursorId provided");
		assertThat(this.client.failure((call) -> call.setCursor(SetCursorRequest.getDefaultInstance())))
			.isEqualTo("INVALID_ARGUMENT No stream provided");
	}

	@Test
	void isAMessageInTheCursorsStream() throws Exception {
		set("c", "s", 2, 9);
		for (int partition = 0; partition < 3; partition++) {
			if (this.client.partition("__cursors", partition).getNewestOffset() == 0) {
				var stored = this.client.subscribe(RawClient.fromEarliest("__cursors").setPartition(partition))
					.awaitMessages(1)
					.get(0);
				assertThat(stored.getKey().toStringUtf8()).isEqualTo("c,s,2");
				assertThat(SetCursorRequest.parseFrom(stored.getValue()).getOffset()).isEqualTo(9);
				return;
			}
		}
		throw new AssertionError("The cursor is nowhere");
	}

	@Test
	void findsMoreCursorsThanItRemembers() {
		for (int i = 0; i < 1000; i++) {
			set("c" + i, "s", 0, i);
		}
		assertThat(fetch("c0", "s", 0)).isZero();
		assertThat(fetch("c999", "s", 0)).isEqualTo(999);
		assertThat(fetch("c1", "s", 0)).isOne();
	}

	@Test
	void resumesThePausedCursorsStream() {
		set("c", "s", 0, 1);
		this.client.pause("__cursors");
		assertThat(fetch("c", "s", 0)).isOne();
		assertThat(fetch("d", "s", 0)).isEqualTo(-1);
		set("c", "s", 0, 2);
		assertThat(fetch("c", "s", 0)).isEqualTo(2);
	}

	@Test
	void failsInsideOnAReadonlyCursorsStream() {
		this.client.setReadonly("__cursors", true);
		assertThat(this.client.failure((call) -> call
			.setCursor(SetCursorRequest.newBuilder().setCursorId("c").setStream("s").setOffset(1).build())))
			.startsWith("INTERNAL rpc error: code = FailedPrecondition desc = readonly partition: ");
	}

	@Test
	void canBeSwitchedOff() {
		try (EmbeddedBroker without = EmbeddedBroker.builder().cursorPartitions(0).start();
				RawClient other = new RawClient(without)) {
			assertThat(other.failure((call) -> call.fetchCursor(request("c", "s", 0))))
				.isEqualTo("INTERNAL Cursors stream does not exist");
		}
	}

}
