package io.liftbridge.client.fake;

import java.util.concurrent.locks.ReentrantLock;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;

/**
 * One open call, as the broker sees it.
 *
 * @param <R> what the broker sends
 */
public abstract class FakeCall<R> {

	private final ReentrantLock lock = new ReentrantLock();

	private final ServerCallStreamObserver<R> observer;

	private volatile boolean ended;

	FakeCall(ServerCallStreamObserver<R> observer) {
		this.observer = observer;
		observer.setOnCancelHandler(() -> {
			this.ended = true;
			onEnd();
		});
	}

	/** The call has ended, on either side. */
	void onEnd() {
	}

	/**
	 * Whether the call has ended.
	 * @return whether it has
	 */
	public boolean isEnded() {
		return this.ended;
	}

	/**
	 * Sends anything, unless the call has ended.
	 * @param response what to send
	 */
	public void send(R response) {
		this.lock.lock();
		try {
			if (!this.ended && !this.observer.isCancelled()) {
				this.observer.onNext(response);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Ends the call.
	 * @param status how
	 */
	public void end(Status status) {
		this.lock.lock();
		try {
			if (!this.ended) {
				this.ended = true;
				if (status.isOk()) {
					this.observer.onCompleted();
				}
				else {
					this.observer.onError(status.asRuntimeException());
				}
			}
		}
		finally {
			this.lock.unlock();
		}
		onEnd();
	}

}
