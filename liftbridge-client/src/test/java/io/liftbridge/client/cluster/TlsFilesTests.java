package io.liftbridge.client.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.AlgorithmParameters;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.PBEParameterSpec;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.LiftbridgeClientBuilder;
import io.liftbridge.client.fake.FakeCluster;
import io.liftbridge.client.fake.FakeTls;
import io.liftbridge.client.message.InvalidRequestException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** Tests for {@link TlsFiles}. Certificates are made by the JDK's own keytool. */
class TlsFilesTests {

	private static final String PASSWORD = "open-sesame";

	private static final Duration LONG = Duration.ofSeconds(20);

	@TempDir
	Path directory;

	private Path keyStore(String name, String type, String algorithm) throws Exception {
		Path file = this.directory.resolve(name + "." + type);
		keytool("-genkeypair", "-alias", name, "-keyalg", algorithm, "-dname", "CN=" + name, "-validity", "2",
				"-storetype", type, "-keypass", PASSWORD, "-storepass", PASSWORD, "-keystore", file.toString(), "-ext",
				"SAN=ip:127.0.0.1");
		return file;
	}

	private void keytool(String... arguments) throws Exception {
		List<String> command = new ArrayList<>(List.of(arguments));
		command.add(0, Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
		Process process = new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(this.directory.resolve("keytool.log").toFile())
			.start();
		assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
	}

	private Path certificate(Path store, String name) throws Exception {
		return pem(name, "CERTIFICATE", load(store).getCertificate(name).getEncoded());
	}

	private Path key(Path store, String name) throws Exception {
		return pem(name, "PRIVATE KEY", load(store).getKey(name, PASSWORD.toCharArray()).getEncoded());
	}

	private static KeyStore load(Path file) throws Exception {
		return KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
	}

	private Path pem(String name, String type, byte[] content) throws IOException {
		Path file = this.directory.resolve(name + "-" + type.toLowerCase().replace(' ', '-') + ".pem");
		return Files.writeString(file, "-----BEGIN " + type + "-----\n"
				+ Base64.getMimeEncoder().encodeToString(content) + "\n-----END " + type + "-----\n");
	}

	private static LiftbridgeClientBuilder client(FakeCluster cluster, TlsFiles files) {
		return LiftbridgeClient.builder()
			.seeds(cluster.seeds())
			.requestTimeout(LONG)
			.tls(files.checkInterval(Duration.ZERO).build());
	}

	private FakeCluster cluster(Path server, Path authority) throws Exception {
		return new FakeCluster(1, new FakeTls(certificate(server, "server").toFile(), key(server, "server").toFile(),
				authority.toFile()));
	}

	@Test
	void pemFilesServeForMutualTls() throws Exception {
		Path server = keyStore("server", "pkcs12", "EC");
		Path user = keyStore("user", "pkcs12", "RSA");
		try (FakeCluster cluster = cluster(server, certificate(user, "user"));
				LiftbridgeClient client = client(cluster,
						TlsOptions.files()
							.trustPem(certificate(server, "server"))
							.identityPem(certificate(user, "user"), key(user, "user")))
					.build()) {
			assertThat(client.streams().list()).isEmpty();
		}
	}

	@Test
	void keyStoresServeForMutualTls() throws Exception {
		Path server = keyStore("server", "pkcs12", "EC");
		for (String type : List.of("jks", "pkcs12")) {
			Path user = keyStore("user", type, "EC");
			Path trust = this.directory.resolve("trust." + type);
			keytool("-importcert", "-noprompt", "-alias", "server", "-file", certificate(server, "server").toString(),
					"-storetype", type, "-storepass", PASSWORD, "-keystore", trust.toString());
			try (FakeCluster cluster = cluster(server, certificate(user, "user"));
					LiftbridgeClient client = client(cluster,
							TlsOptions.files().trustStore(trust, PASSWORD).identityStore(user, PASSWORD))
						.build()) {
				assertThat(client.streams().list()).isEmpty();
			}
		}
	}

	@Test
	void newConnectionsUseWhatHasChanged() throws Exception {
		Path server = keyStore("server", "pkcs12", "EC");
		Path user = keyStore("user", "pkcs12", "EC");
		Path stranger = keyStore("stranger", "pkcs12", "EC");
		Path trusted = Files.copy(certificate(stranger, "stranger"), this.directory.resolve("trusted.pem"));
		Path shown = Files.copy(certificate(stranger, "stranger"), this.directory.resolve("shown.pem"));
		Path key = Files.copy(key(stranger, "stranger"), this.directory.resolve("shown.key"));
		try (FakeCluster cluster = cluster(server, certificate(user, "user"));
				LiftbridgeClient client = client(cluster, TlsOptions.files().trustPem(trusted).identityPem(shown, key))
					.requestTimeout(Duration.ofSeconds(5))
					.build()) {
			assertThat(client.connect()).failsWithin(LONG).withThrowableThat().withMessageContaining("certificat");
			replace(trusted, certificate(server, "server"));
			assertThat(client.connect()).as("its own certificate is not accepted").failsWithin(LONG);
			replace(shown, certificate(user, "user"));
			replace(key, key(user, "user"));
			await().atMost(LONG).untilAsserted(() -> assertThat(client.connect()).succeedsWithin(LONG));
			Files.writeString(trusted, "nonsense");
			cluster.broker(1).kill();
			cluster.broker(1).start();
			await().atMost(LONG).untilAsserted(() -> assertThat(client.connect()).succeedsWithin(LONG));
		}
	}

	/** The size of another certificate may be the same. */
	private static void replace(Path file, Path by) throws IOException {
		Files.write(file, Files.readAllBytes(by));
		Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(file.hashCode() % 1000)));
	}

	@Test
	void whatCannotBeReadIsNamedWithoutItsContent() throws Exception {
		Path user = keyStore("user", "pkcs12", "EC");
		Path key = key(user, "user");
		Path certificate = certificate(user, "user");
		Path odd = pem("odd", "RSA PRIVATE KEY", new byte[] { 1, 2, 3 });
		Path missing = this.directory.resolve("missing.pem");
		refuses(TlsOptions.files().trustPem(missing), missing);
		refuses(TlsOptions.files().trustPem(key), key);
		refuses(TlsOptions.files().trustStore(user, PASSWORD + "-not"), user);
		refuses(TlsOptions.files().identityStore(user, PASSWORD + "-not"), user);
		refuses(TlsOptions.files().identityPem(certificate, certificate), certificate);
		refuses(TlsOptions.files().identityPem(certificate, odd), odd);
		refuses(TlsOptions.files().identityPem(certificate, pem("locked", "ENCRYPTED PRIVATE KEY", new byte[10])),
				this.directory.resolve("locked-encrypted-private-key.pem"));
	}

	private static void refuses(TlsFiles files, Path file) {
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(files::build)
			.withMessageContaining(file.toString())
			.satisfies((ex) -> {
				for (Throwable cause = ex; cause != null; cause = cause.getCause()) {
					assertThat(String.valueOf(cause.getMessage())).doesNotContain(PASSWORD);
				}
			});
	}

	@Test
	void lockedKeysAreOpenedWithTheirPassword() throws Exception {
		Path user = keyStore("user", "pkcs12", "EC");
		byte[] locked = lock(load(user).getKey("user", PASSWORD.toCharArray()).getEncoded());
		Path key = pem("user", "ENCRYPTED PRIVATE KEY", locked);
		TlsOptions tls = TlsOptions.files().identityPem(certificate(user, "user"), key, PASSWORD).build();
		assertThat(tls.keys()).isNotNull();
		refuses(TlsOptions.files().identityPem(certificate(user, "user"), key, PASSWORD + "-not"), key);
	}

	private static byte[] lock(byte[] key) throws Exception {
		String algorithm = "PBEWithHmacSHA256AndAES_128";
		Cipher cipher = Cipher.getInstance(algorithm);
		cipher.init(Cipher.ENCRYPT_MODE,
				SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec(PASSWORD.toCharArray())),
				new PBEParameterSpec(new byte[16], 1000));
		AlgorithmParameters parameters = AlgorithmParameters.getInstance("PBES2");
		parameters.init(cipher.getParameters().getEncoded());
		return new EncryptedPrivateKeyInfo(parameters, cipher.doFinal(key)).getEncoded();
	}

	@Test
	void nothingSecretIsInTheirWords() throws Exception {
		Path user = keyStore("user", "pkcs12", "EC");
		TlsFiles files = TlsOptions.files().trustStore(user, PASSWORD).identityStore(user, PASSWORD);
		assertThat(files.toString()).doesNotContain(PASSWORD).contains(user.toString());
		assertThat(files.build()).hasToString("TlsOptions[client certificate: true]");
	}

}
