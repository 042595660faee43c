package io.liftbridge.spring.listener.crash;

import java.nio.file.Path;
import java.util.List;

import io.liftbridge.spring.listener.crash.CrashRun.Life;
import io.liftbridge.test.LiftbridgeServer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * The same as {@link AckModeCrashTests} with a real server.
 */
class AckModeCrashIT {

	@ParameterizedTest
	@CsvSource({ "record, RECORD", "record, BATCH", "record, COUNT", "record, TIME", "manual, MANUAL" })
	void noCrashSkipsAMessageAndOnlyWhatWasNotStoredComesAgain(String kind, String mode, @TempDir Path directory)
			throws Exception {
		assumeTrue(LiftbridgeServer.isAvailable(), LiftbridgeServer::unavailableReason);
		try (LiftbridgeServer server = LiftbridgeServer.builder().cursorPartitions(1).start()) {
			CrashRun run = new CrashRun(server.address(), kind + mode, kind, mode, directory);
			List<Life> lives = run.run();
			run.check(lives);
			CrashChecks.repeats(lives, mode);
		}
	}

}
