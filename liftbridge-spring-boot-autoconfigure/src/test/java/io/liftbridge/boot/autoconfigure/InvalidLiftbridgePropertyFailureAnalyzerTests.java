package io.liftbridge.boot.autoconfigure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static io.liftbridge.boot.autoconfigure.StartupFailures.assertReport;
import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class InvalidLiftbridgePropertyFailureAnalyzerTests {

	@Test
	void namesTheSeedTheFileAndTheLine(CapturedOutput output) {
		assertReport(output,
				"liftbridge.seeds[1] = 'broker-2:92920' is not a valid address: port must be between 1 and 65535.",
				"Correct liftbridge.seeds (application.yml:3), as host:port.",
				"--spring.config.location=classpath:/bad-seeds/");
	}

	@Test
	void namesTheCommandLine(CapturedOutput output) {
		assertReport(output, "liftbridge.seeds[0] = ':9292' is not a valid address: the host is missing.",
				"Correct liftbridge.seeds (commandLineArgs), as host:port.", "--liftbridge.seeds=:9292");
	}

	@Test
	void namesTheElementIfItWasSetByItself(CapturedOutput output) {
		assertReport(output, "liftbridge.seeds[1] = 'b:x' is not a valid address: the port is not a number.",
				"Correct liftbridge.seeds[1] (commandLineArgs), as host:port.", "--liftbridge.seeds[0]=a:1",
				"--liftbridge.seeds[1]=b:x");
	}

	@Test
	void refusesAnEmptyListOfSeeds(CapturedOutput output) {
		assertReport(output, "liftbridge.seeds = '' names no broker.",
				"Correct liftbridge.seeds (commandLineArgs): name at least one, as host:port.", "--liftbridge.seeds=");
	}

	@Test
	void refusesASeedThatIsMissingInTheMiddle(CapturedOutput output) {
		assertReport(output, "liftbridge.seeds[1] = '' is not a valid address: the host is missing.",
				"Correct liftbridge.seeds (commandLineArgs), as host:port.", "--liftbridge.seeds=a:1,,b:1");
	}

	@Test
	void repeatsTheValueAsItWasWritten(CapturedOutput output) {
		assertReport(output, "liftbridge.connect-timeout = '-1s' is not possible: it must be more than zero.",
				"Correct liftbridge.connect-timeout (commandLineArgs), for instance to 10s.",
				"--liftbridge.connect-timeout=-1s");
	}

	@Test
	void resolvesPlaceholdersInTheValue(CapturedOutput output) {
		assertReport(output, "liftbridge.producer.max-in-flight = '-5' is not possible: it must be 1 or more.",
				"Correct liftbridge.producer.max-in-flight (commandLineArgs).",
				"--liftbridge.producer.max-in-flight=${app.limit}", "--app.limit=-5");
	}

	@Test
	void refusesFatalDifferencesThatNobodyWouldLookAt(CapturedOutput output) {
		assertReport(output,
				"liftbridge.admin.fatal-differences = 'true' does nothing without liftbridge.admin.fatal=true.",
				"Correct liftbridge.admin.fatal-differences (commandLineArgs)"
						+ ": set liftbridge.admin.fatal to true, too.",
				"--liftbridge.admin.fatal-differences=true");
	}

	@Test
	void namesTheStreamsOption(CapturedOutput output) {
		assertReport(output, "liftbridge.streams[1].partitions = '0' is not possible: it must be 1 or more.",
				"Correct liftbridge.streams[1].partitions (application.yml:7).",
				"--spring.config.location=classpath:/bad-stream/");
	}

	@Test
	void saysWhatHidesAnElementOfAList(CapturedOutput output) {
		assertReport(output,
				"liftbridge.streams[0].name = '' is missing: each stream needs a name. liftbridge.streams[0].name"
						+ " (application.yml:4) has 'orders', but liftbridge.streams[0].retention (commandLineArgs)"
						+ " hides it: a place that sets any part of a list replaces the whole list.",
				"Write the whole list in one place, or set liftbridge.streams[0].name in the other one, too.",
				"--spring.config.location=classpath:/bad-stream/", "--liftbridge.streams[0].retention=7d");
	}

	@Test
	void namesTheSslBundlesThatThereAre(CapturedOutput output) {
		assertReport(output, "liftbridge.ssl.bundle = 'mine' does not exist: the SSL bundles are other.",
				"Correct liftbridge.ssl.bundle (commandLineArgs), or define the bundle under "
						+ "spring.ssl.bundle.pem.mine or spring.ssl.bundle.jks.mine.",
				"--liftbridge.ssl.bundle=mine",
				"--spring.ssl.bundle.pem.other.truststore.certificate=classpath:ssl/none.crt");
	}

	@Test
	void namesTheSslBundleWhoseOptionsCannotBeUsed(CapturedOutput output) {
		StartupFailures.assertFails(StartupFailures.Application.class, "--liftbridge.ssl.bundle=mine",
				"--spring.ssl.bundle.pem.mine.truststore.certificate=classpath:ssl/ca.crt",
				"--spring.ssl.bundle.pem.mine.options.ciphers=TLS_WITH_NOTHING");
		assertThat(output.getOut())
			.contains("liftbridge.ssl.bundle = 'mine' cannot be used: TLS cannot be set up: ", "TLS_WITH_NOTHING")
			.contains("Correct liftbridge.ssl.bundle (commandLineArgs), or the bundle under spring.ssl.bundle.");
	}

	@Test
	void checksTheSslBundleAlsoForTheEmbeddedBroker(CapturedOutput output) {
		assertReport(output, "liftbridge.ssl.bundle = 'mine' does not exist: no SSL bundle is defined.",
				"Correct liftbridge.ssl.bundle (commandLineArgs), or define the bundle under "
						+ "spring.ssl.bundle.pem.mine or spring.ssl.bundle.jks.mine.",
				"--liftbridge.embedded.enabled=true", "--liftbridge.ssl.bundle=mine");
	}

	@Test
	void namesTheReplicationFactorThatTheClusterIsTooSmallFor(CapturedOutput output) {
		assertReport(output,
				"liftbridge.streams[1].replication-factor = '3' is not possible: the cluster has only 1 broker(s).",
				"Correct liftbridge.streams[1].replication-factor (commandLineArgs): set it to 1 at most, or to max for"
						+ " as many as there are, or add brokers.",
				"--liftbridge.embedded.enabled=true", "--liftbridge.admin.fatal=true",
				"--liftbridge.streams[0].name=orders", "--liftbridge.streams[1].name=invoices",
				"--liftbridge.streams[1].replication-factor=3");
	}

	@Test
	void saysThatThereIsNoSslBundle(CapturedOutput output) {
		assertReport(output, "liftbridge.ssl.bundle = 'mine' does not exist: no SSL bundle is defined.",
				"Correct liftbridge.ssl.bundle (commandLineArgs), or define the bundle under "
						+ "spring.ssl.bundle.pem.mine or spring.ssl.bundle.jks.mine.",
				"--liftbridge.ssl.bundle=mine");
	}

}
