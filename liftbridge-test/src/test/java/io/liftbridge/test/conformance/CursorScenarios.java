package io.liftbridge.test.conformance;

import io.grpc.Status.Code;
import io.liftbridge.proto.FetchCursorRequest;
import io.liftbridge.proto.SetCursorRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Storing and reading cursors.
 */
abstract class CursorScenarios extends Scenarios {

	@Test
	void cursorThatWasNeverSetIsMinusOne() {
		assertThat(fetch(newStream(), 0, uniqueName("cursor"))).isEqualTo(-1);
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, 42, Long.MAX_VALUE, -1, -99 })
	void anyOffsetIsKept(long offset) {
		String stream = newStream();
		set(stream, 0, "cursor", offset);
		assertThat(fetch(stream, 0, "cursor")).isEqualTo(offset);
	}

	@Test
	void cursorMayMoveBackwards() {
		String stream = newStream();
		set(stream, 0, "cursor", 10);
		set(stream, 0, "cursor", 3);
		assertThat(fetch(stream, 0, "cursor")).isEqualTo(3);
	}

	@Test
	void cursorsDifferByIdStreamAndPartition() {
		String stream = newStream();
		String other = newStream();
		set(stream, 0, "a", 1);
		set(stream, 0, "b", 2);
		set(stream, 1, "a", 3);
		set(other, 0, "a", 4);
		assertThat(fetch(stream, 0, "a")).isEqualTo(1);
		assertThat(fetch(stream, 0, "b")).isEqualTo(2);
		assertThat(fetch(stream, 1, "a")).isEqualTo(3);
		assertThat(fetch(other, 0, "a")).isEqualTo(4);
	}

	@Test
	void manyCursorsAreKept() {
		String stream = newStream();
		for (int index = 0; index < 30; index++) {
			set(stream, index, "cursor", index);
		}
		for (int index = 0; index < 30; index++) {
			assertThat(fetch(stream, index, "cursor")).isEqualTo(index);
		}
	}

	@Test
	void streamAndPartitionNeedNotExist() {
		String stream = uniqueName("unknown");
		set(stream, 7, "cursor", 5);
		assertThat(fetch(stream, 7, "cursor")).isEqualTo(5);
	}

	@Test
	void cursorOutlivesItsStream() {
		String stream = newStream();
		set(stream, 0, "cursor", 5);
		delete(stream);
		assertThat(fetch(stream, 0, "cursor")).isEqualTo(5);
	}

	@Test
	void cursorOutlivesAPauseOfItsPartition() {
		String stream = newStream();
		set(stream, 0, "cursor", 5);
		pause("__cursors");
		assertThat(fetch(stream, 0, "cursor")).isEqualTo(5);
		pause("__cursors");
		set(stream, 0, "cursor", 6);
		assertThat(fetch(stream, 0, "cursor")).isEqualTo(6);
	}

	@Test
	void idMayHaveAnyCharacters() {
		String stream = newStream();
		set(stream, 0, "__group:größe, 1", 5);
		assertThat(fetch(stream, 0, "__group:größe, 1")).isEqualTo(5);
	}

	@Test
	void missingArgumentsAreRefused() {
		assertRefused(Code.INVALID_ARGUMENT, "No stream provided", () -> set("", 0, "cursor", 1));
		assertRefused(Code.INVALID_ARGUMENT, "No cursorId provided", () -> set("stream", 0, "", 1));
		assertRefused(Code.INVALID_ARGUMENT, "No stream provided", () -> set("", 0, "", 1));
		assertRefused(Code.INVALID_ARGUMENT, "No stream provided", () -> fetch("", 0, "cursor"));
		assertRefused(Code.INVALID_ARGUMENT, "No cursorId provided", () -> fetch("stream", 0, ""));
		assertRefused(Code.INVALID_ARGUMENT, "No stream provided", () -> fetch("", 0, ""));
	}

	private void set(String stream, int partition, String cursorId, long offset) {
		api().setCursor(SetCursorRequest.newBuilder()
			.setStream(stream)
			.setPartition(partition)
			.setCursorId(cursorId)
			.setOffset(offset)
			.build());
	}

	private long fetch(String stream, int partition, String cursorId) {
		return api().fetchCursor(
				FetchCursorRequest.newBuilder().setStream(stream).setPartition(partition).setCursorId(cursorId).build())
			.getOffset();
	}

}
