package io.liftbridge.client.cluster;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.LiftbridgeClientBuilder;
import io.liftbridge.client.fake.FakeCluster;
import io.liftbridge.client.fake.FakeTls;
import io.liftbridge.client.message.BrokerUnavailableException;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.Message;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** Certificates are made by the JDK's own keytool. */
class TlsTests {

	private static final char[] PASSWORD = "changeit".toCharArray();

	@TempDir
	static Path directory;

	private static KeyStore server;

	private static KeyStore stranger;

	private static KeyStore user;

	@BeforeAll
	static void makeCertificates() throws Exception {
		server = keyStore("server", "SAN=ip:127.0.0.1");
		stranger = keyStore("stranger", "SAN=dns:elsewhere.example");
		user = keyStore("user", "BC=ca:false");
	}

	private static KeyStore keyStore(String name, String extension) throws Exception {
		Path file = directory.resolve(name + ".p12");
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias",
						name, "-keyalg", "EC", "-dname", "CN=" + name, "-validity", "2", "-storetype", "PKCS12",
						"-storepass", new String(PASSWORD), "-keystore", file.toString(), "-ext", extension));
		Process process = new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(directory.resolve(name + ".log").toFile())
			.start();
		assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
		KeyStore store = KeyStore.getInstance("PKCS12");
		try (InputStream in = Files.newInputStream(file)) {
			store.load(in, PASSWORD);
		}
		return store;
	}

	private static Path pem(String name, String type, byte[] content) throws Exception {
		Path file = directory.resolve(name + "-" + type.toLowerCase().replace(' ', '-') + ".pem");
		try (OutputStream out = Files.newOutputStream(file)) {
			out.write(("-----BEGIN " + type + "-----\n"
					+ Base64.getMimeEncoder(64, new byte[] { '\n' }).encodeToString(content) + "\n-----END " + type
					+ "-----\n")
				.getBytes());
		}
		return file;
	}

	private static FakeTls identity(KeyStore store, String name, boolean clientsNeedCertificates) throws Exception {
		Key key = store.getKey(name, PASSWORD);
		return new FakeTls(pem(name, "CERTIFICATE", store.getCertificate(name).getEncoded()).toFile(),
				pem(name, "PRIVATE KEY", key.getEncoded()).toFile(), clientsNeedCertificates
						? pem("user", "CERTIFICATE", user.getCertificate("user").getEncoded()).toFile() : null);
	}

	private static TlsOptions trusting(KeyStore store, String name, boolean withCertificate) throws Exception {
		KeyStore trusted = KeyStore.getInstance("PKCS12");
		trusted.load(null, null);
		trusted.setCertificateEntry(name, store.getCertificate(name));
		TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		trust.init(trusted);
		KeyManagerFactory keys = null;
		if (withCertificate) {
			keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
			keys.init(user, PASSWORD);
		}
		return new TlsOptions(trust, keys);
	}

	private static LiftbridgeClientBuilder client(FakeCluster cluster, @Nullable TlsOptions tls) {
		return LiftbridgeClient.builder()
			.seeds(cluster.seeds())
			.requestTimeout(Duration.ofSeconds(10))
			.connectTimeout(Duration.ofSeconds(5))
			.tls(tls);
	}

	@Test
	void speaksWithAServerThatItTrusts() throws Exception {
		try (FakeCluster cluster = new FakeCluster(1, identity(server, "server", false));
				LiftbridgeClient client = client(cluster, trusting(server, "server", false))
					.requestTimeout(Duration.ofSeconds(10))
					.build()) {
			cluster.stream("orders");
			assertThat(client.streams().exists("orders")).isTrue();
			assertThat(client.producer("orders").build().sendAndWait(Message.of("k", "v"), Duration.ofSeconds(10)))
				.isNotNull();
		}
	}

	@Test
	void refusesAServerThatItDoesNotTrust() throws Exception {
		try (FakeCluster cluster = new FakeCluster(1, identity(server, "server", false));
				LiftbridgeClient client = client(cluster, trusting(stranger, "stranger", false)).build()) {
			refuses(client, "certification path to requested target; trust its authority");
		}
	}

	@Test
	void refusesAServerUnderAnotherName() throws Exception {
		try (FakeCluster cluster = new FakeCluster(1, identity(stranger, "stranger", false));
				LiftbridgeClient client = client(cluster, trusting(stranger, "stranger", false)).build()) {
			refuses(client, "127.0.0.1");
		}
	}

	private static void refuses(LiftbridgeClient client, String why) {
		assertThatExceptionOfType(BrokerUnavailableException.class).isThrownBy(() -> client.streams().list())
			.withMessageContaining(why)
			.withMessageContaining("certificat")
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("\n").hasSizeLessThan(1500));
		assertThat(client.brokers()).hasSize(1)
			.allSatisfy((status) -> assertThat(status.state()).isEqualTo(BrokerStatus.State.DOWN));
	}

	@Test
	void showsItsOwnCertificate() throws Exception {
		try (FakeCluster cluster = new FakeCluster(1, identity(server, "server", true));
				LiftbridgeClient client = client(cluster, trusting(server, "server", true))
					.requestTimeout(Duration.ofSeconds(10))
					.build();
				LiftbridgeClient nobody = client(cluster, trusting(server, "server", false)).build()) {
			assertThat(client.streams().list()).isEmpty();
			assertThatExceptionOfType(BrokerUnavailableException.class).isThrownBy(() -> nobody.streams().list())
				.withMessageContaining("LiftbridgeClientBuilder.tls (liftbridge.ssl.bundle)");
		}
	}

	/** With the protocol or the suites left open both would agree on something. */
	@Test
	void usesNoOtherProtocolsAndSuitesThanAllowed() throws Exception {
		try (FakeCluster cluster = new FakeCluster(1, identity(server, "server", false));
				LiftbridgeClient fitting = client(cluster, allowing("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"))
					.requestTimeout(Duration.ofSeconds(10))
					.build();
				LiftbridgeClient other = client(cluster, allowing("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256")).build()) {
			assertThat(fitting.streams().list()).isEmpty();
			assertThatExceptionOfType(BrokerUnavailableException.class).isThrownBy(() -> other.streams().list());
		}
	}

	@Test
	void refusesSuitesThatDoNotExist() throws Exception {
		TlsOptions unknown = allowing("TLS_WITH_NOTHING");
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> LiftbridgeClient.builder().tls(unknown).build().close())
			.withMessageContaining("TLS_WITH_NOTHING");
	}

	private static TlsOptions allowing(String cipher) throws Exception {
		return new TlsOptions(trusting(server, "server", false).trust(), null, List.of(cipher), List.of("TLSv1.2"));
	}

	@Test
	void cannotSpeakPlainlyWithAnEncryptingServer() throws Exception {
		try (FakeCluster cluster = new FakeCluster(1, identity(server, "server", false));
				LiftbridgeClient client = client(cluster, null).build()) {
			assertThatExceptionOfType(BrokerUnavailableException.class).isThrownBy(() -> client.streams().list())
				.withMessageContaining(cluster.seeds()[0])
				.withMessageContaining("speaks TLS")
				.withMessageContaining("liftbridge.ssl.enabled=true")
				.withMessageContaining("TlsOptions")
				.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("\n"));
		}
	}

	@Test
	void cannotEncryptWithAPlainServer() throws Exception {
		try (FakeCluster cluster = new FakeCluster(1);
				LiftbridgeClient client = client(cluster, trusting(server, "server", false)).build()) {
			assertThatExceptionOfType(BrokerUnavailableException.class).isThrownBy(() -> client.streams().list())
				.withMessageContaining("does not speak TLS")
				.withMessageContaining("remove liftbridge.ssl.enabled=true and liftbridge.ssl.bundle")
				.withMessageContaining("TlsOptions");
		}
	}

	@Test
	void newConnectionsUseWhatWasReplaced() throws Exception {
		ReplaceableTls tls = new ReplaceableTls(trusting(stranger, "stranger", false));
		try (FakeCluster cluster = new FakeCluster(1, identity(server, "server", true));
				LiftbridgeClient client = client(cluster, tls.options()).build()) {
			assertThatExceptionOfType(BrokerUnavailableException.class).isThrownBy(() -> client.streams().list());
			tls.replace(trusting(server, "server", true));
			await().atMost(Duration.ofSeconds(30))
				.ignoreExceptions()
				.untilAsserted(() -> assertThat(client.streams().list()).isEmpty());
		}
	}

	@Test
	void hidesItsSecretsFromLogs() throws Exception {
		assertThat(trusting(server, "server", true)).hasToString("TlsOptions[client certificate: true]");
	}

}
