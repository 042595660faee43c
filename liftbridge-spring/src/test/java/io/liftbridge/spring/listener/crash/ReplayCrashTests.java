package io.liftbridge.spring.listener.crash;

import java.nio.file.Path;

import io.liftbridge.embedded.EmbeddedBroker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whoever puts dead letters back is killed at random points.
 */
class ReplayCrashTests {

	@Test
	void noCrashLosesADeadLetterAndOnlyTheLastOnesArePutBackAgain(@TempDir Path directory) throws Exception {
		try (EmbeddedBroker broker = EmbeddedBroker.start()) {
			new ReplayRuns(broker.address(), directory).check();
		}
	}

}
