package io.liftbridge.test.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Certificates that sign themselves, made by the JDK's own keytool.
 */
final class Certificates {

	private static final String PASSWORD = "changeit";

	private final Path directory;

	/**
	 * Begins without any.
	 * @param directory where the files go
	 */
	Certificates(Path directory) {
		this.directory = directory;
	}

	/**
	 * Makes a certificate.
	 * @param name its common name
	 * @param extension a further extension, such as the names of a server
	 */
	Identity make(String name, String extension) throws Exception {
		Path store = this.directory.resolve(name + ".p12");
		List<String> command = List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
				"-genkeypair", "-alias", name, "-keyalg", "EC", "-dname", "O=Tests, CN=" + name, "-validity", "2",
				"-storetype", "PKCS12", "-storepass", PASSWORD, "-keystore", store.toString(), "-ext", extension);
		Process keytool = new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(this.directory.resolve(name + ".log").toFile())
			.start();
		assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
		KeyStore content = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
		return new Identity(pem(name + ".pem", "CERTIFICATE", content.getCertificate(name).getEncoded()),
				pem(name + ".key", "PRIVATE KEY", content.getKey(name, PASSWORD.toCharArray()).getEncoded()));
	}

	private Path pem(String name, String type, byte[] content) throws IOException {
		return Files.writeString(this.directory.resolve(name),
				"-----BEGIN " + type + "-----\n"
						+ Base64.getMimeEncoder(64, new byte[] { '\n' }).encodeToString(content) + "\n-----END " + type
						+ "-----\n");
	}

	/**
	 * One file with the certificates of several.
	 */
	Path together(Identity... identities) throws IOException {
		List<String> lines = new ArrayList<>();
		for (Identity identity : identities) {
			lines.addAll(Files.readAllLines(identity.certificate()));
		}
		return Files.write(Files.createTempFile(this.directory, "authorities", ".pem"), lines);
	}

	/**
	 * A certificate and its key, as PEM files.
	 */
	record Identity(Path certificate, Path key) {
	}

}
