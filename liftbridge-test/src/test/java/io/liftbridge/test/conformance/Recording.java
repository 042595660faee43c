package io.liftbridge.test.conformance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;

/**
 * Keeps what a streaming call answers, and how it ended.
 *
 * @param <Q> what is sent
 * @param <R> what is answered
 */
class Recording<Q, R> implements ClientResponseObserver<Q, R> {

	private static final Duration PATIENCE = Duration.ofSeconds(15);

	private final BlockingQueue<R> answers = new LinkedBlockingQueue<>();

	private final CompletableFuture<Status> end = new CompletableFuture<>();

	private volatile ClientCallStreamObserver<Q> call;

	@Override
	public void beforeStart(ClientCallStreamObserver<Q> call) {
		this.call = call;
	}

	@Override
	public void onNext(R answer) {
		this.answers.add(answer);
	}

	@Override
	public void onError(Throwable error) {
		this.end.complete(Status.fromThrowable(error));
	}

	@Override
	public void onCompleted() {
		this.end.complete(Status.OK);
	}

	/**
	 * The next answer, which must arrive.
	 */
	R next() {
		R answer = poll(PATIENCE);
		if (answer == null) {
			throw new AssertionError("Nothing arrived within " + PATIENCE + ", the call "
					+ (this.end.isDone() ? "ended with " + this.end.join() : "is open"));
		}
		return answer;
	}

	List<R> next(int count) {
		return IntStream.range(0, count).mapToObj((index) -> next()).toList();
	}

	/**
	 * The next answer if one arrives in this time, else {@code null}.
	 */
	R poll(Duration time) {
		try {
			long deadline = System.nanoTime() + time.toNanos();
			R answer = this.answers.poll();
			while (answer == null && System.nanoTime() < deadline) {
				// In slices, as a call that has ended answers nothing more.
				boolean over = this.end.isDone();
				answer = this.answers.poll(over ? 0 : 10, TimeUnit.MILLISECONDS);
				if (over) {
					break;
				}
			}
			return answer;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AssertionError("Interrupted", ex);
		}
	}

	/**
	 * How the call ended, which it must do by itself.
	 */
	Status end() {
		try {
			return this.end.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (Exception ex) {
			throw new AssertionError("The call did not end within " + PATIENCE + ", unread: " + this.answers, ex);
		}
	}

	boolean hasEnded() {
		return this.end.isDone();
	}

	/**
	 * What arrived until the end and was not read yet.
	 */
	List<R> untilEnd() {
		end();
		List<R> rest = new ArrayList<>();
		this.answers.drainTo(rest);
		return rest;
	}

	void cancel() {
		ClientCallStreamObserver<Q> call = this.call;
		if (call != null) {
			call.cancel("The scenario is over", null);
		}
	}

}
