package io.liftbridge.spring.sink;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.liftbridge.client.message.Headers;
import io.liftbridge.client.message.ReceivedMessage;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PiecesTests {

	@Test
	void findsEachMessageThatCannotBeWrittenAndKeepsTheOrder() {
		Random random = new Random(42);
		for (int round = 0; round < 200; round++) {
			int size = 1 + random.nextInt(70);
			int bad = random.nextInt(6);
			Set<Long> poison = IntStream.range(0, bad)
				.mapToObj((i) -> (long) random.nextInt(size))
				.collect(Collectors.toSet());
			List<Long> written = new ArrayList<>();
			List<Long> passed = new ArrayList<>();
			int attempts = work(size, poison, written, passed, random.nextBoolean());
			assertThat(passed).isSorted().containsExactlyInAnyOrderElementsOf(poison);
			assertThat(written).isSorted().hasSize(size - poison.size()).noneMatch(poison::contains);
			assertThat(attempts).isLessThanOrEqualTo(2 + poison.size() * 18);
		}
	}

	private static int work(int size, Set<Long> poison, List<Long> written, List<Long> passed, boolean named) {
		Pieces pieces = new Pieces(IntStream.range(0, size).mapToObj(PiecesTests::message).toList());
		long last = -1;
		int attempts = 0;
		while (true) {
			Pieces.Piece piece = pieces.first();
			if (piece == null) {
				return attempts;
			}
			attempts++;
			SinkBatch batch = piece.batch();
			assertThat(batch.last().offset()).isGreaterThan(last);
			List<Long> offsets = batch.messages().stream().map(ReceivedMessage::offset).toList();
			int first = IntStream.range(0, offsets.size())
				.filter((i) -> poison.contains(offsets.get(i)))
				.findFirst()
				.orElse(-1);
			if (piece.poison() != null) {
				assertThat(offsets).isEmpty();
				passed.add(batch.last().offset());
			}
			else if (first >= 0) {
				IllegalStateException cause = new IllegalStateException("poison");
				if (named) {
					pieces.isolate(first, cause);
				}
				else {
					pieces.halve(cause);
				}
				continue;
			}
			else {
				written.addAll(offsets);
			}
			last = batch.last().offset();
			pieces.done();
		}
	}

	private static Buffered message(int offset) {
		return new Buffered(ReceivedMessage.of("s", 0, offset, 0, null,
				Integer.toString(offset).getBytes(StandardCharsets.UTF_8), Headers.empty(), "s"), 0, 0, null);
	}

}
