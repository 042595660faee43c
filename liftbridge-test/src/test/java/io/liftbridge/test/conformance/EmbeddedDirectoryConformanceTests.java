package io.liftbridge.test.conformance;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import io.liftbridge.embedded.EmbeddedBroker;
import io.liftbridge.test.conformance.BrokerExtension.Wanted;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The suite on embedded brokers that keep their data in a directory. A restart leaves
 * nothing of the former broker but that.
 */
class EmbeddedDirectoryConformanceTests extends ConformanceSuite {

	@TempDir
	static Path temporary;

	@RegisterExtension
	static final BrokerExtension BROKER = new BrokerExtension("embedded-directory",
			EmbeddedDirectoryConformanceTests::start);

	private static int brokers;

	private static BrokerUnderTest start(Wanted wanted) {
		RestartedBroker broker = new RestartedBroker(wanted, temporary.resolve("broker" + brokers++));
		return new BrokerUnderTest(Map.of("embedded", broker.broker.host() + ":" + broker.broker.port()), false,
				broker);
	}

	private static final class RestartedBroker implements BrokerUnderTest.Process {

		private final Wanted wanted;

		private final Path directory;

		private EmbeddedBroker broker;

		RestartedBroker(Wanted wanted, Path directory) {
			this.wanted = wanted;
			this.directory = directory;
			this.broker = EmbeddedConformanceTests.settings(wanted).directory(directory).start();
		}

		@Override
		public void restart() {
			this.broker.close();
			// Just after a stop the port can still be taken for a moment, by a client's
			// attempt to reach it.
			this.broker = Awaitility.await()
				.atMost(Duration.ofSeconds(15))
				.ignoreException(IllegalStateException.class)
				.until(() -> EmbeddedConformanceTests.settings(this.wanted)
					.directory(this.directory)
					.port(this.broker.port())
					.start(), (started) -> true);
		}

		@Override
		public void close() {
			this.broker.close();
		}

	}

}
