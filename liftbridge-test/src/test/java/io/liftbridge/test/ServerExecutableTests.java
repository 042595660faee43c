package io.liftbridge.test;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ServerExecutable}.
 */
class ServerExecutableTests {

	@TempDir
	Path directory;

	private Path program;

	@BeforeEach
	void createProgram() throws IOException {
		this.program = Files.createFile(this.directory.resolve("liftbridge"));
		assertThat(this.program.toFile().setExecutable(true)).isTrue();
	}

	@Test
	void variableNamesTheExecutable() throws IOException {
		Path other = Files.createFile(this.directory.resolve("other"));
		assertThat(other.toFile().setExecutable(true)).isTrue();
		assertThat(ServerExecutable.find(other.toString(), this.directory.toString())).contains(other);
	}

	@Test
	void wrongVariableIsNotReplacedByThePath() {
		assertThat(ServerExecutable.find("/does/not/exist", this.directory.toString())).isEmpty();
	}

	@Test
	void executableIsFoundOnThePath() {
		String path = "/does/not/exist" + File.pathSeparator + File.pathSeparator + this.directory;
		assertThat(ServerExecutable.find(null, path)).contains(this.program);
	}

	@Test
	void blankVariableCountsAsUnset() {
		assertThat(ServerExecutable.find(" ", this.directory.toString())).contains(this.program);
	}

	@Test
	void fileThatIsNotExecutableIsIgnored() {
		assertThat(this.program.toFile().setExecutable(false)).isTrue();
		assertThat(ServerExecutable.find(null, this.directory.toString())).isEmpty();
		assertThat(ServerExecutable.find(this.program.toString(), null)).isEmpty();
	}

}
