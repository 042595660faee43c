package io.liftbridge.spring.listener.crash;

import java.nio.file.Path;
import java.util.List;

import io.liftbridge.embedded.EmbeddedBroker;
import io.liftbridge.spring.listener.crash.CrashRun.Life;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A listener in a process of its own is killed at random points, with each ack mode.
 */
class AckModeCrashTests {

	@ParameterizedTest
	@CsvSource({ "record, RECORD", "batch, RECORD", "record, BATCH", "record, COUNT", "record, TIME", "manual, MANUAL",
			"record, NONE" })
	void noCrashSkipsAMessageAndOnlyWhatWasNotStoredComesAgain(String kind, String mode, @TempDir Path directory)
			throws Exception {
		try (EmbeddedBroker broker = EmbeddedBroker.builder().directory(directory.resolve("broker")).start()) {
			CrashRun run = new CrashRun(broker.address(), kind + mode, kind, mode, directory);
			List<Life> lives = run.run();
			run.check(lives);
			CrashChecks.repeats(lives, mode);
		}
	}

}
