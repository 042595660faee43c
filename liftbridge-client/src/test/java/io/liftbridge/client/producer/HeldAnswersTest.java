package io.liftbridge.client.producer;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

import io.liftbridge.client.fake.FakeClusterTest;
import io.liftbridge.client.fake.PublishCall;
import io.liftbridge.proto.PublishRequest;

import static org.awaitility.Awaitility.await;

/**
 * A test with a broker whose answers it holds back.
 */
abstract class HeldAnswersTest extends FakeClusterTest {

	private final Deque<Runnable> held = new ArrayDeque<>();

	/**
	 * What was held back and on which call: after a second or more of silence the
	 * producer asks once more, which would count twice on a slow machine.
	 */
	private final Set<Map.Entry<PublishCall, PublishRequest>> arrived = new HashSet<>();

	private final ReentrantLock lock = new ReentrantLock();

	private boolean holding;

	/** From now on messages are stored and answered when the test says so. */
	void holdAnswers() {
		this.holding = true;
		this.broker.onPublish((request, call) -> {
			this.lock.lock();
			try {
				if (this.arrived.contains(Map.entry(call, request))) {
					return;
				}
				if (this.holding) {
					this.arrived.add(Map.entry(call, request));
					this.held.add(() -> call.store(request));
					return;
				}
			}
			finally {
				this.lock.unlock();
			}
			call.store(request);
		});
	}

	/** Tells how many messages arrived that have no answer. */
	int held() {
		this.lock.lock();
		try {
			return this.held.size();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Waits for messages and answers the first of them. */
	void answer(int count) {
		awaitHeld(count);
		this.lock.lock();
		try {
			for (int i = 0; i < count; i++) {
				this.held.remove().run();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	void awaitHeld(int count) {
		await().atMost(LONG).until(() -> held() >= count);
	}

	/** Answers everything, also what comes. */
	void answerAll() {
		this.lock.lock();
		try {
			this.holding = false;
			this.held.forEach(Runnable::run);
			this.held.clear();
		}
		finally {
			this.lock.unlock();
		}
	}

}
