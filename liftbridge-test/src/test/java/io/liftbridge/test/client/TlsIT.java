package io.liftbridge.test.client;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.LiftbridgeClientBuilder;
import io.liftbridge.client.cluster.TlsFiles;
import io.liftbridge.client.cluster.TlsOptions;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.message.BrokerUnavailableException;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.client.producer.Producer;
import io.liftbridge.client.stream.StreamSpec;
import io.liftbridge.test.LiftbridgeServer;
import io.liftbridge.test.ServerTls;
import io.liftbridge.test.client.Certificates.Identity;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Encrypted connections to a real server, with and without certificates of clients.
 */
@EnabledIf(value = "io.liftbridge.test.LiftbridgeServer#isAvailable",
		disabledReason = "no liftbridge server: LIFTBRIDGE_SERVER names none, and there is none on the PATH")
class TlsIT {

	private static final Duration LONG = Duration.ofSeconds(30);

	@TempDir
	static Path directory;

	private static Identity broker;

	private static Identity elsewhere;

	private static Identity user;

	private static Identity stranger;

	private static Certificates certificates;

	private LiftbridgeServer server;

	@BeforeAll
	static void makeCertificates() throws Exception {
		certificates = new Certificates(directory);
		broker = certificates.make("broker", "SAN=ip:127.0.0.1");
		elsewhere = certificates.make("elsewhere", "SAN=dns:elsewhere.example");
		user = certificates.make("user", "BC=ca:false");
		stranger = certificates.make("stranger", "BC=ca:false");
	}

	@AfterEach
	void closeServer() {
		if (this.server != null) {
			this.server.close();
		}
	}

	@Test
	void messagesTravelEncrypted() {
		start(ServerTls.of(broker.certificate(), broker.key()));
		try (LiftbridgeClient client = client(trusting(broker))) {
			passMessages(client);
		}
		try (LiftbridgeClient client = client(trusting(stranger))) {
			refuses(client, "certificat");
		}
	}

	@Test
	void serverUnderAnotherNameIsRefused() {
		start(ServerTls.of(elsewhere.certificate(), elsewhere.key()));
		try (LiftbridgeClient client = client(trusting(elsewhere))) {
			refuses(client, "127.0.0.1");
		}
	}

	@Test
	void serverKnowsItsClientsByTheirCertificates() {
		startMutual();
		try (LiftbridgeClient client = client(showing(user, trusting(broker)))) {
			passMessages(client);
		}
		try (LiftbridgeClient nobody = client(trusting(broker))) {
			refuses(nobody, "liftbridge.ssl.bundle");
		}
		try (LiftbridgeClient client = client(showing(stranger, trusting(broker)))) {
			refuses(client, "liftbridge.ssl.bundle");
		}
	}

	@Test
	void changedCertificateIsShownWithoutARestart() throws Exception {
		startMutual();
		Path certificate = Files.copy(stranger.certificate(), directory.resolve("shown.pem"));
		Path key = Files.copy(stranger.key(), directory.resolve("shown.key"));
		TlsFiles files = trusting(broker).identityPem(certificate, key).checkInterval(Duration.ZERO);
		try (LiftbridgeClient client = client(files)) {
			refuses(client, this.server.address());
			replace(certificate, user.certificate());
			replace(key, user.key());
			await().atMost(LONG).untilAsserted(() -> assertThat(client.connect()).succeedsWithin(LONG));
			passMessages(client);
		}
	}

	/** The size of another certificate may be the same. */
	private static void replace(Path file, Path by) throws Exception {
		Files.write(file, Files.readAllBytes(by));
		Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(60)));
	}

	private void startMutual() {
		start(ServerTls.of(broker.certificate(), broker.key())
			.clients(user.certificate(), user.certificate(), user.key()));
	}

	private void start(ServerTls tls) {
		this.server = LiftbridgeServer.builder().tls(tls).start();
	}

	private LiftbridgeClient client(TlsFiles files) {
		LiftbridgeClientBuilder builder = LiftbridgeClient.builder().seeds(this.server.address());
		return builder.requestTimeout(Duration.ofSeconds(5)).tls(files.build()).build();
	}

	private static TlsFiles trusting(Identity identity) {
		return TlsOptions.files().trustPem(identity.certificate());
	}

	private static TlsFiles showing(Identity identity, TlsFiles files) {
		return files.identityPem(identity.certificate(), identity.key());
	}

	private static void passMessages(LiftbridgeClient client) {
		client.streams().create(StreamSpec.named("orders"));
		try (Producer producer = client.producer("orders").build()) {
			producer.sendAndWait(Message.of("k", "sent"), LONG);
		}
		List<ReceivedMessage<byte[]>> read = client.reader().read("orders", 0, StartPosition.earliest(), 1, LONG);
		assertThat(read).extracting(ReceivedMessage::text).containsExactly("sent");
	}

	private static void refuses(LiftbridgeClient client, String why) {
		assertThatExceptionOfType(BrokerUnavailableException.class).isThrownBy(() -> client.streams().list())
			.withMessageContaining(why)
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("\n"));
	}

}
