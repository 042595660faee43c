package io.liftbridge.spring.listener.crash;

import java.util.concurrent.locks.LockSupport;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.spring.core.DefaultProducerFactory;
import io.liftbridge.spring.listener.delivery.DeadLetterReplayer;

/**
 * Puts dead letters back, to be killed meanwhile.
 */
public final class CrashedReplayer {

	/** So long that a run can be hit. */
	private static final long WORK_NANOS = 2_000_000;

	private CrashedReplayer() {
	}

	/**
	 * Runs until all are put back, or until it is killed.
	 * @param args address of the broker, name of the dead-letter stream
	 */
	public static void main(String[] args) throws Exception {
		try (LiftbridgeClient client = LiftbridgeClient.builder().seeds(args[0]).build()) {
			DefaultProducerFactory producers = new DefaultProducerFactory(client);
			new DeadLetterReplayer(client, producers).from(args[1]).filter((letter) -> {
				LockSupport.parkNanos(WORK_NANOS);
				return true;
			}).run();
			producers.destroy();
		}
	}

}
