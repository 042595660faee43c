package io.liftbridge.client.cluster;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class BurstTests {

	private final Deque<Runnable> loop = new ArrayDeque<>();

	private final List<List<String>> seen = new ArrayList<>();

	@Test
	void handsOverOncePerBurst() {
		Burst<String> burst = new Burst<>(this.loop::add, this.seen::add);
		burst.add("a");
		burst.add("b");
		assertThat(this.loop).hasSize(1);
		assertThat(this.seen).isEmpty();
		this.loop.remove().run();
		burst.add("c");
		assertThat(this.loop).hasSize(1);
		this.loop.remove().run();
		assertThat(this.seen).containsExactly(List.of("a", "b"), List.of("c"));
	}

	@Test
	void keepsTheOrderWhenFlushedEarlier() {
		Burst<String> burst = new Burst<>(this.loop::add, this.seen::add);
		burst.add("a");
		burst.flush();
		burst.add("b");
		this.loop.forEach(Runnable::run);
		assertThat(this.seen).containsExactly(List.of("a"), List.of("b"));
	}

	@Test
	void handsNothingOverWhenEmpty() {
		new Burst<String>(this.loop::add, this.seen::add).flush();
		assertThat(this.seen).isEmpty();
	}

	@Test
	void handsOverAtOnceWhenTheLoopHasEnded() {
		Burst<String> burst = new Burst<>((task) -> {
			throw new RejectedExecutionException();
		}, this.seen::add);
		burst.add("a");
		burst.add("b");
		assertThat(this.seen).containsExactly(List.of("a"), List.of("b"));
	}

}
