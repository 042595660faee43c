package io.liftbridge.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class DirectoryLockTests {

	private static final int LOCKED = 7;

	@TempDir
	Path temporary;

	@Test
	void aRefusedBrokerDoesNotUnlockTheDirectoryForOtherProcesses() throws Exception {
		Path directory = this.temporary.resolve("broker");
		Path otherName = this.temporary.resolve("other");
		try (EmbeddedBroker broker = EmbeddedBroker.builder().directory(directory).start()) {
			assertThat(lockInAnotherProcess(directory)).isEqualTo(LOCKED);
			Files.createSymbolicLink(otherName, directory);
			for (Path name : new Path[] { directory, otherName }) {
				assertThatExceptionOfType(BrokerDirectoryException.class)
					.isThrownBy(() -> EmbeddedBroker.builder().directory(name).start())
					.withMessageContaining("in use by another");
			}
			assertThat(broker.isRunning()).isTrue();
			assertThat(lockInAnotherProcess(directory)).isEqualTo(LOCKED);
		}
		assertThat(lockInAnotherProcess(directory)).isZero();
	}

	private static int lockInAnotherProcess(Path directory) throws IOException, InterruptedException {
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
				System.getProperty("java.class.path"), OtherProcess.class.getName(),
				directory.resolve("lock").toString())
			.inheritIO()
			.start();
		try {
			assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
			return process.exitValue();
		}
		finally {
			process.destroyForcibly();
		}
	}

	/** Tries to lock a file. */
	static final class OtherProcess {

		private OtherProcess() {
		}

		public static void main(String[] args) throws IOException {
			try (FileChannel file = FileChannel.open(Path.of(args[0]), StandardOpenOption.WRITE)) {
				if (file.tryLock() == null) {
					System.exit(LOCKED);
				}
			}
		}

	}

}
