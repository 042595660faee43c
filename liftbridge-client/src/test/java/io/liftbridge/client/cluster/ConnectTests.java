package io.liftbridge.client.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.fake.FakeCable;
import io.liftbridge.client.fake.FakeCluster;
import io.liftbridge.client.fake.FakeClusterTest;
import io.liftbridge.client.fake.SilentServer;
import io.liftbridge.client.message.BrokerUnavailableException;
import io.liftbridge.client.message.Message;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Tests for how connections come about, and how those that are dead are found. */
class ConnectTests extends FakeClusterTest {

	private static final Path OPEN_FILES = Path.of("/proc/self/fd");

	private static final Address NAME = new Address("broker.example", 9292);

	static ClusterOptions options(Address seed, Duration connectTimeout) {
		return new ClusterOptions("connect", List.of(seed), connectTimeout, LONG, Duration.ofMinutes(1), null, 1 << 20,
				1 << 20, (advertised) -> seed, ConnectionListener.NONE, BrokerSelection.RANDOM, RetryPolicy.DEFAULT, 0,
				Namespace.NONE, ChannelCustomizer.NONE);
	}

	private static InetSocketAddress local(int port) {
		return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
	}

	private static InetSocketAddress dead() {
		return local(Address.parse(SilentServer.deadAddress()).port());
	}

	/** The port of NATS instead of Liftbridge's is easily given. */
	@Test
	void saysWhatToCheckIfAServerDoesNotSpeakGrpc() throws Exception {
		try (ServerSocket nats = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
			Thread greeter = new Thread(() -> greet(nats));
			greeter.setDaemon(true);
			greeter.start();
			client(builder().seeds("127.0.0.1:" + nats.getLocalPort()));
			assertThatExceptionOfType(BrokerUnavailableException.class).isThrownBy(() -> this.client.streams().list())
				.withMessageContaining("if it is the NATS server, name Liftbridge's own port");
		}
	}

	private static void greet(ServerSocket server) {
		List<Socket> open = new ArrayList<>();
		try {
			while (true) {
				Socket socket = server.accept();
				open.add(socket);
				socket.getOutputStream().write("INFO {\"server_id\":\"N\",\"max_payload\":1048576}\r\n".getBytes());
			}
		}
		catch (IOException ex) {
			// The test is over.
		}
	}

	@Test
	void saysOnceThatANameCannotBeResolved() {
		List<String> lines = new CopyOnWriteArrayList<>();
		AtomicInteger lookups = new AtomicInteger();
		ch.qos.logback.classic.Logger own = ((LoggerContext) LoggerFactory.getILoggerFactory())
			.getLogger("io.liftbridge");
		Level before = own.getLevel();
		ListAppender<ILoggingEvent> appender = new ListAppender<>();
		appender.start();
		own.setLevel(Level.INFO);
		own.addAppender(appender);
		Logger grpc = Logger.getLogger("io.grpc");
		java.util.logging.Level quiet = grpc.getLevel();
		Handler handler = new Collector(lines);
		grpc.setLevel(java.util.logging.Level.INFO);
		grpc.addHandler(handler);
		try (Cluster unknown = new Cluster(options(NAME, Duration.ofSeconds(5)), (address) -> {
			lookups.incrementAndGet();
			throw new UnknownHostException(address.host());
		})) {
			for (int i = 0; i < 30; i++) {
				assertThat(failure(unknown.refresh())).isInstanceOf(BrokerUnavailableException.class)
					.hasMessageContaining("the host name 'broker.example' cannot be resolved")
					.hasMessageContaining("DNS")
					.hasMessageContaining("liftbridge.seeds");
			}
			await().untilAsserted(() -> assertThat(lookups).hasValueGreaterThan(5));
			appender.list.forEach((event) -> lines.add(event.getFormattedMessage()));
			assertThat(lines).singleElement().asString().contains("'broker.example' cannot be resolved");
		}
		finally {
			grpc.removeHandler(handler);
			grpc.setLevel(quiet);
			own.detachAppender(appender);
			own.setLevel(before);
		}
	}

	@Test
	void leavesNoSocketBehindWhereThereIsNoAddress() {
		assumeTrue(Files.isDirectory(OPEN_FILES), () -> "no " + OPEN_FILES);
		AtomicInteger lookups = new AtomicInteger();
		try (Cluster unknown = new Cluster(options(NAME, Duration.ofSeconds(5)), (address) -> {
			lookups.incrementAndGet();
			throw new UnknownHostException(address.host());
		})) {
			failure(unknown.refresh());
			long before = openFiles();
			int attempts = lookups.get() + 60;
			await().atMost(Duration.ofMinutes(2)).until(() -> {
				failure(unknown.refresh());
				return lookups.get() > attempts;
			});
			await().atMost(LONG).untilAsserted(() -> assertThat(openFiles() - before).isLessThan(30));
		}
	}

	private static long openFiles() {
		try (Stream<Path> files = Files.list(OPEN_FILES)) {
			return files.count();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "[::1]:9292", "[2001:db8::7]", "[fe80::1%eth0]:9292" })
	void reachesBrokersByIpv6(String seed) {
		Address address = Address.parse(seed);
		try (Cluster six = new Cluster(options(address, Duration.ofSeconds(5)), (asked) -> {
			assertThat(asked).isEqualTo(address);
			return List.of(local(this.broker.port()));
		})) {
			assertThat(get(six.latest()).isEmpty()).isFalse();
		}
	}

	@Test
	void findsANameThatIsKnownLaterOnly() {
		AtomicInteger lookups = new AtomicInteger();
		try (Cluster late = new Cluster(options(NAME, Duration.ofSeconds(5)), (address) -> {
			if (lookups.incrementAndGet() < 3) {
				throw new UnknownHostException(address.host());
			}
			return List.of(local(this.broker.port()));
		})) {
			await().atMost(LONG).untilAsserted(() -> assertThat(late.refresh()).succeedsWithin(LONG));
		}
	}

	@Test
	void saysWhatToLookAtIfTheConnectionIsReset() throws Exception {
		try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
			Thread resetting = new Thread(() -> {
				try {
					while (true) {
						Socket socket = server.accept();
						socket.getInputStream().read();
						socket.setSoLinger(true, 0);
						socket.close();
					}
				}
				catch (IOException ex) {
					// The test is over.
				}
			}, "resetting");
			resetting.setDaemon(true);
			resetting.start();
			try (Cluster reset = new Cluster(
					options(new Address("127.0.0.1", server.getLocalPort()), Duration.ofSeconds(5)))) {
				assertThat(failure(reset.refresh())).isInstanceOf(BrokerUnavailableException.class)
					.hasMessageContaining("closed the connection without an answer")
					.hasMessageContaining("speaks TLS")
					.hasMessageContaining("liftbridge.ssl.enabled=true");
			}
		}
	}

	/** Whichever comes first. */
	@Test
	void triesEachAddressOfAName() throws IOException {
		try (SilentServer silent = new SilentServer(); FullServer full = new FullServer()) {
			List<InetSocketAddress> addresses = List.of(dead(), local(silent.port()), full.address(),
					local(this.broker.port()));
			for (int i = 0; i < 3; i++) {
				try (Cluster several = new Cluster(options(NAME, Duration.ofSeconds(4)), (address) -> addresses)) {
					assertThat(get(several.latest()).isEmpty()).isFalse();
				}
			}
		}
	}

	@Test
	void spreadsClientsOverTheAddressesOfAName() {
		try (FakeCluster two = new FakeCluster(2)) {
			List<InetSocketAddress> addresses = List.of(local(two.broker(1).port()), local(two.broker(2).port()));
			await().atMost(LONG).until(() -> {
				try (Cluster some = new Cluster(options(NAME, Duration.ofSeconds(5)), (address) -> addresses)) {
					get(some.latest());
				}
				return two.broker(1).count("FetchMetadata") > 0 && two.broker(2).count("FetchMetadata") > 0;
			});
		}
	}

	@Test
	void findsABrokerThatCameBackUnderAnotherAddress() {
		List<InetSocketAddress> addresses = new CopyOnWriteArrayList<>(List.of(local(this.broker.port())));
		try (FakeCluster moved = new FakeCluster(1);
				Cluster moving = new Cluster(options(NAME, Duration.ofSeconds(5)), (address) -> addresses)) {
			get(moving.latest());
			addresses.set(0, local(moved.broker(1).port()));
			this.broker.kill();
			await().atMost(LONG).untilAsserted(() -> assertThat(moving.refresh()).succeedsWithin(LONG));
			assertThat(moved.broker(1).count("FetchMetadata")).isPositive();
		}
	}

	/** It is asked again once it answers, on a new connection. */
	@Test
	void givesUpAPeerThatAcceptsAndStaysSilent() throws IOException {
		try (SilentServer silent = new SilentServer()) {
			List<InetSocketAddress> addresses = new CopyOnWriteArrayList<>(List.of(local(silent.port())));
			try (Cluster moving = new Cluster(options(NAME, Duration.ofMillis(500)), (address) -> addresses)) {
				// The call's deadline or the connection's, which end at the same time.
				assertThat(failure(moving.refresh())).hasMessageContaining("answer within 500 ms");
				addresses.set(0, local(this.broker.port()));
				await().atMost(LONG).untilAsserted(() -> assertThat(moving.refresh()).succeedsWithin(LONG));
			}
		}
	}

	/** No packet says so, and a subscription sends nothing by itself. */
	@Test
	void findsAConnectionThatWasDroppedSilently() throws IOException {
		List<String> received = new CopyOnWriteArrayList<>();
		try (FakeCable cable = new FakeCable(this.broker, false)) {
			Address address = new Address("127.0.0.1", cable.port());
			client(builder().seeds(address.toString())
				.addressResolver((advertised) -> address)
				.connectTimeout(Duration.ofSeconds(1)));
			get(this.client.subscribe("orders")
				.from(StartPosition.earliest())
				.handler((message) -> received.add(message.text()))
				.start()
				.started());
			get(this.client.producer("orders").build().send(Message.of("k", "one")));
			await().atMost(LONG).until(() -> received.size() == 1);
			cable.cut();
			get(builder().build().producer("orders").build().send(Message.of("k", "two")));
			await().atMost(Duration.ofSeconds(60))
				.untilAsserted(() -> assertThat(received).containsExactly("one", "two"));
		}
	}

	@Test
	void goesThroughAProxyButNotToThisMachine() throws IOException {
		System.setProperty("https.proxyHost", "127.0.0.1");
		System.setProperty("http.nonProxyHosts", "");
		try (FakeCable proxy = new FakeCable(this.broker, true)) {
			System.setProperty("https.proxyPort", String.valueOf(proxy.port()));
			try (Cluster outside = new Cluster(options(NAME, Duration.ofSeconds(5)), (address) -> {
				throw new UnknownHostException("only the proxy knows it");
			})) {
				get(outside.latest());
			}
			assertThat(proxy.requests()).isNotEmpty()
				.allSatisfy((line) -> assertThat(line).startsWith("CONNECT broker.example:9292"));
			int before = proxy.requests().size();
			for (String host : List.of("localhost", "127.0.0.1")) {
				try (Cluster inside = new Cluster(
						options(new Address(host, this.broker.port()), Duration.ofSeconds(5)))) {
					get(inside.latest());
				}
			}
			assertThat(proxy.requests()).hasSize(before);
		}
		finally {
			System.clearProperty("https.proxyHost");
			System.clearProperty("https.proxyPort");
			System.clearProperty("http.nonProxyHosts");
		}
	}

	/** Packets to it are swallowed, as nobody accepts and nobody else fits in. */
	private static final class FullServer implements AutoCloseable {

		private final ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());

		private final List<Socket> waiting = new ArrayList<>();

		FullServer() throws IOException {
			try {
				for (int i = 0; i < 64; i++) {
					Socket socket = new Socket();
					this.waiting.add(socket);
					socket.connect(this.server.getLocalSocketAddress(), 200);
				}
			}
			catch (IOException ex) {
				// Now it is full.
			}
		}

		InetSocketAddress address() {
			return local(this.server.getLocalPort());
		}

		@Override
		public void close() throws IOException {
			for (Socket socket : this.waiting) {
				socket.close();
			}
			this.server.close();
		}

	}

	private static final class Collector extends Handler {

		private final List<String> lines;

		Collector(List<String> lines) {
			this.lines = lines;
		}

		@Override
		public void publish(LogRecord line) {
			this.lines.add(line.getLoggerName() + ": " + line.getMessage());
		}

		@Override
		public void flush() {
		}

		@Override
		public void close() {
		}

	}

}
