package io.liftbridge.client.producer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SequencerTests {

	private final Sequencer sequencer = new Sequencer();

	private final List<Long> done = Collections.synchronizedList(new ArrayList<>());

	@Test
	void runsTurnsInTheOrderOfTickets() {
		assertThat(List.of(this.sequencer.take(), this.sequencer.take(), this.sequencer.take())).containsExactly(0L, 1L,
				2L);
		arrive(2);
		arrive(1);
		assertThat(this.done).isEmpty();
		arrive(0);
		assertThat(this.done).containsExactly(0L, 1L, 2L);
	}

	@Test
	void tellsWhenAllTicketsHaveHadTheirTurn() {
		assertThat(this.sequencer.passed()).isDone();
		long first = this.sequencer.take();
		CompletableFuture<Void> one = this.sequencer.passed();
		long second = this.sequencer.take();
		CompletableFuture<Void> both = this.sequencer.passed();
		arrive(first);
		assertThat(one).isDone();
		assertThat(both).isNotDone();
		arrive(second);
		assertThat(both).isDone();
	}

	@Test
	void aTurnThatThrowsHoldsNobodyUp() {
		long first = this.sequencer.take();
		long second = this.sequencer.take();
		this.sequencer.arrive(first, () -> {
			throw new IllegalStateException("on purpose");
		});
		arrive(second);
		assertThat(this.done).containsExactly(second);
		assertThat(this.sequencer.passed()).isDone();
	}

	@Test
	void aTurnMayBringTheNextOne() {
		long first = this.sequencer.take();
		long second = this.sequencer.take();
		this.sequencer.arrive(first, () -> {
			arrive(second);
			this.done.add(first);
		});
		assertThat(this.done).containsExactly(first, second);
	}

	@Test
	void keepsTheOrderOfManyThreads() throws Exception {
		int count = 20_000;
		ExecutorService threads = Executors.newFixedThreadPool(8);
		List<Long> tickets = new ArrayList<>(
				LongStream.range(0, count).map((i) -> this.sequencer.take()).boxed().toList());
		Collections.shuffle(tickets, new Random(5));
		tickets.forEach((ticket) -> threads.execute(() -> arrive(ticket)));
		this.sequencer.passed().get(60, TimeUnit.SECONDS);
		threads.shutdown();
		assertThat(this.done).hasSize(count).isSorted();
	}

	private void arrive(long ticket) {
		this.sequencer.arrive(ticket, () -> this.done.add(ticket));
	}

}
