package io.liftbridge.boot.autoconfigure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static io.liftbridge.boot.autoconfigure.StartupFailures.assertReport;
import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class LiftbridgeBindFailureAnalyzerTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
					connect-timeout | 5 seconds | is not a duration | for instance to 10s, 500ms or 2m
			max-message-size | 1 megabyte | is not a size | for instance to 64KB or 1MB
			admin.fatal | maybe | is neither true nor false | set it to true or false
			producer.max-in-flight | many | is not a whole number | for instance to 4
			retry.multiplier | x2 | is not a number | for instance to 0.5
			broker-selection | nearest | is not possible | one of random, lowest-latency, lowest-load
			""")
	void givesAnExampleOfARightValue(String property, String value, String problem, String remedy,
			CapturedOutput output) {
		StartupFailures.assertFails(StartupFailures.Application.class, "--liftbridge." + property + "=" + value);
		assertThat(output.getOut()).contains("APPLICATION FAILED TO START")
			.contains("liftbridge." + property + " = '" + value + "' " + problem)
			.contains("Correct liftbridge." + property + " (commandLineArgs)", remedy);
	}

	@Test
	void namesTheElementOfAList(CapturedOutput output) {
		assertReport(output, "liftbridge.streams[0].retention = 'a week' is not a duration.",
				"Correct liftbridge.streams[0].retention (commandLineArgs), for instance to 10s, 500ms or 2m (units:"
						+ " ns, us, ms, s, m, h, d).",
				"--liftbridge.streams[0].name=orders", "--liftbridge.streams[0].retention=a week");
	}

	@Test
	void leavesOtherPropertiesToBoot(CapturedOutput output) {
		StartupFailures.assertFails(StartupFailures.Application.class,
				"--spring.lifecycle.timeout-per-shutdown-phase=x");
		assertThat(output.getOut()).contains("Failed to bind properties under");
	}

}
