package io.liftbridge.spring.listener.crash;

import java.nio.file.Path;

import io.liftbridge.test.LiftbridgeServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * The same as {@link ReplayCrashTests} with a real server.
 */
class ReplayCrashIT {

	@Test
	void noCrashLosesADeadLetterAndOnlyTheLastOnesArePutBackAgain(@TempDir Path directory) throws Exception {
		assumeTrue(LiftbridgeServer.isAvailable(), LiftbridgeServer::unavailableReason);
		try (LiftbridgeServer server = LiftbridgeServer.builder().cursorPartitions(1).start()) {
			new ReplayRuns(server.address(), directory).check();
		}
	}

}
