package io.liftbridge.client.producer;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

import io.liftbridge.client.message.Message;
import io.liftbridge.proto.PublishRequest;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class WindowTests {

	private enum Step {

		ADD, TRANSMIT, REMOVE, AGAIN, FAIL_SPENT

	}

	/** Compares the ring with a sorted map that does the same slowly. */
	@Property(tries = 400)
	void behavesLikeASortedMap(@ForAll("steps") List<Tuple2<Step, Integer>> steps) {
		Window window = new Window();
		TreeMap<Long, Pending> model = new TreeMap<>();
		long next = 0;
		long transmitted = 0;
		for (Tuple2<Step, Integer> step : steps) {
			int number = step.get2();
			switch (step.get1()) {
				case ADD -> {
					for (int i = 0; i <= number % 40; i++) {
						Pending pending = pending(number, (number % 5 == 0) ? 3 : Message.ANY_OFFSET);
						window.add(pending);
						assertThat(pending.sequence).isEqualTo(next);
						model.put(next++, pending);
					}
				}
				case TRANSMIT -> {
					for (int i = 0; i <= number % 50; i++) {
						Pending pending = window.nextToTransmit();
						Long expected = model.ceilingKey(transmitted);
						assertThat(pending).isSameAs((expected != null) ? model.get(expected) : null);
						if (pending != null && expected != null) {
							pending.given(null);
							transmitted = expected + 1;
						}
					}
				}
				case REMOVE -> {
					long sequence = (number % 2 == 0 || model.isEmpty()) ? number % (next + 3) - 1
							: model.firstKey() + number % 4;
					window.remove(sequence);
					model.remove(sequence);
					assertThat(window.get(sequence)).isNull();
				}
				case AGAIN -> {
					window.transmitAgain();
					transmitted = 0;
				}
				case FAIL_SPENT -> {
					List<Pending> expected = new ArrayList<>(model.values());
					expected.removeIf((p) -> !p.sent || p.message.expectedOffset() == Message.ANY_OFFSET);
					assertThat(window.removeSpent()).containsExactlyElementsOf(expected);
					model.values().removeAll(expected);
				}
			}
			assertThat(window.size()).isEqualTo(model.size());
			assertThat(window.isEmpty()).isEqualTo(model.isEmpty());
			assertThat(window.next()).isEqualTo(next);
			assertThat(window.oldest()).isSameAs(model.isEmpty() ? null : model.firstEntry().getValue());
			model.forEach((sequence, pending) -> assertThat(window.get(sequence)).isSameAs(pending));
		}
	}

	@Provide
	Arbitrary<List<Tuple2<Step, Integer>>> steps() {
		return Arbitraries.of(Step.class)
			.flatMap((step) -> Arbitraries.integers().between(0, 1000).map((number) -> Tuple.of(step, number)))
			.list()
			.ofMaxSize(80);
	}

	@Test
	void knowsNoNumbersThatItDidNotGive() {
		Window window = new Window();
		window.add(pending(1, Message.ANY_OFFSET));
		assertThat(window.get(-1)).isNull();
		assertThat(window.get(1)).isNull();
		assertThat(window.get(64)).as("the same place in the ring").isNull();
		assertThat(window.get(Long.MAX_VALUE)).isNull();
		window.remove(64);
		assertThat(window.size()).isOne();
	}

	@Test
	void findsTheLargestThatWasSent() {
		Window window = new Window();
		assertThat(window.largestSent()).isNull();
		for (int size : new int[] { 5, 9, 7, 100 }) {
			window.add(pending(size, Message.ANY_OFFSET));
		}
		for (int i = 0; i < 3; i++) {
			window.nextToTransmit().sent = true;
		}
		assertThat(window.largestSent().bytes).isEqualTo(9);
	}

	@Test
	void keepsTheOldestWhileManyPassIt() {
		Window window = new Window();
		Pending first = pending(1, Message.ANY_OFFSET);
		window.add(first);
		for (int i = 1; i < 10_000; i++) {
			window.add(pending(1, Message.ANY_OFFSET));
			window.remove(i);
		}
		assertThat(window.oldest()).isSameAs(first);
		assertThat(window.get(0)).isSameAs(first);
		assertThat(window.size()).isOne();
	}

	private static Pending pending(int bytes, long expectedOffset) {
		Message message = Message.builder().expectedOffset(expectedOffset).build();
		return new Pending(message, PublishRequest.newBuilder(), bytes, true, false, Integer.MAX_VALUE);
	}

}
