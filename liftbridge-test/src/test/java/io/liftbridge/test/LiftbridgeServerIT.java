package io.liftbridge.test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.liftbridge.proto.APIGrpc;
import io.liftbridge.proto.Broker;
import io.liftbridge.proto.CreateStreamRequest;
import io.liftbridge.proto.FetchCursorRequest;
import io.liftbridge.proto.FetchMetadataRequest;
import io.liftbridge.proto.NullableBool;
import io.liftbridge.proto.PublishRequest;
import io.liftbridge.proto.SetCursorRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link LiftbridgeServer}.
 */
@EnabledIf(value = "io.liftbridge.test.LiftbridgeServer#isAvailable",
		disabledReason = "no liftbridge server: LIFTBRIDGE_SERVER names none, and there is none on the PATH")
class LiftbridgeServerIT {

	private final LiftbridgeServer server = LiftbridgeServer.builder().build();

	private ManagedChannel channel;

	@TempDir
	Path directory;

	@AfterEach
	void close() {
		if (this.channel != null) {
			this.channel.shutdownNow();
		}
		this.server.close();
	}

	@Test
	void isReadyForWritesAndCursorsOnceStarted() {
		this.server.start();
		createStream();
		assertThat(publish()).isZero();
		assertThat(cursor()).isEqualTo(-1);
		List<Broker> brokers = api().fetchMetadata(FetchMetadataRequest.getDefaultInstance()).getBrokersList();
		assertThat(brokers).singleElement()
			.satisfies(
					(broker) -> assertThat(broker.getHost() + ":" + broker.getPort()).isEqualTo(this.server.address()));
	}

	@Test
	void telemetryIsOff() {
		this.server.start();
		assertThat(this.server.log()).content().isNotEmpty().doesNotContainIgnoringCase("telemetry");
	}

	@Test
	void restartKeepsPortsAndData() {
		int port = this.server.start().port();
		createStream();
		publish();
		setCursor();
		this.server.restart();
		assertThat(this.server.port()).isEqualTo(port);
		assertThat(publish()).isEqualTo(1);
		assertThat(cursor()).isEqualTo(7);
	}

	@Test
	void killedServerCanBeStartedAgain() {
		this.server.start();
		createStream();
		publish();
		this.server.kill();
		assertThat(this.server.isRunning()).isFalse();
		this.server.start();
		assertThat(publish()).isEqualTo(1);
	}

	@Test
	void pausedServerAnswersOnlyAfterResume() {
		this.server.start();
		createStream();
		this.server.pause();
		assertThat(this.server.isRunning()).isTrue();
		assertThatExceptionOfType(StatusRuntimeException.class)
			.isThrownBy(() -> api(Duration.ofMillis(300)).fetchMetadata(FetchMetadataRequest.getDefaultInstance()))
			.satisfies((ex) -> assertThat(ex.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED));
		this.server.resume();
		assertThat(publish()).isZero();
	}

	@Test
	void pausedServerCanBeStopped() {
		this.server.start();
		this.server.pause();
		this.server.stop();
		assertThat(this.server.isRunning()).isFalse();
	}

	@Test
	void closeDeletesTheTemporaryData() {
		Path data = this.server.start().log().getParent();
		assertThat(data).isDirectory();
		this.server.close();
		assertThat(data).doesNotExist();
		assertThatIllegalStateException().isThrownBy(this.server::start).withMessage("The server is closed");
	}

	@Test
	void givenDataDirectoryOutlivesTheServer() {
		try (LiftbridgeServer first = LiftbridgeServer.builder().dataDirectory(this.directory).start()) {
			connect(first);
			createStream();
			publish();
		}
		try (LiftbridgeServer second = LiftbridgeServer.builder().dataDirectory(this.directory).start()) {
			connect(second);
			assertThat(publish()).isEqualTo(1);
		}
	}

	@Test
	void environmentReachesTheServer() {
		try (LiftbridgeServer encrypting = LiftbridgeServer.builder()
			.environment("LIFTBRIDGE_ENCRYPTION_KEY", "0123456789abcdef")
			.start()) {
			connect(encrypting);
			api().createStream(CreateStreamRequest.newBuilder()
				.setName("orders")
				.setSubject("orders")
				.setEncryption(NullableBool.newBuilder().setValue(true))
				.build());
			assertThat(publish()).isZero();
		}
	}

	@Test
	void serverThatDiesAtStartTellsItsLog() {
		assertThatIllegalStateException()
			.isThrownBy(() -> LiftbridgeServer.builder().setting("no.such.setting", 1).start())
			.withMessageContaining("Unknown configuration setting \"no.such.setting\"");
	}

	@Test
	void serverThatIsNotReadyInTimeIsKilled() {
		try (LiftbridgeServer slow = LiftbridgeServer.builder().startTimeout(Duration.ofMillis(100)).build()) {
			assertThatIllegalStateException().isThrownBy(slow::start)
				.withMessageContaining("not ready after PT0.1S")
				.withMessageContaining("Starting");
			assertThat(slow.isRunning()).isFalse();
		}
	}

	@Test
	void restartWithoutItsPortSaysSo() throws IOException {
		try (LiftbridgeServer other = LiftbridgeServer.builder().startTimeout(Duration.ofSeconds(4)).start()) {
			other.stop();
			try (ServerSocket thief = new ServerSocket(other.port(), 1, InetAddress.getByName("127.0.0.1"))) {
				assertThat(thief.isBound()).isTrue();
				assertThatIllegalStateException().isThrownBy(other::start)
					.withMessageContaining("address already in use");
			}
			other.start();
			assertThat(other.isRunning()).isTrue();
		}
	}

	@Test
	void twoServersRunSideBySide() throws IOException {
		try (LiftbridgeServer other = LiftbridgeServer.builder().start()) {
			this.server.start();
			assertThat(other.port()).isNotEqualTo(this.server.port());
			createStream();
			connect(other);
			createStream();
			assertThat(Files.readString(other.log())).contains("127.0.0.1:" + other.natsPort());
		}
	}

	private void connect(LiftbridgeServer server) {
		if (this.channel != null) {
			this.channel.shutdownNow();
		}
		this.channel = NettyChannelBuilder.forAddress(server.host(), server.port()).usePlaintext().build();
	}

	private APIGrpc.APIBlockingStub api() {
		return api(Duration.ofSeconds(10));
	}

	private APIGrpc.APIBlockingStub api(Duration deadline) {
		if (this.channel == null) {
			connect(this.server);
		}
		return APIGrpc.newBlockingStub(this.channel)
			.withWaitForReady()
			.withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS);
	}

	private void createStream() {
		api().createStream(CreateStreamRequest.newBuilder().setName("orders").setSubject("orders").build());
	}

	private long publish() {
		return api()
			.publish(PublishRequest.newBuilder()
				.setStream("orders")
				.setValue(ByteString.copyFromUtf8("value"))
				.setExpectedOffset(-1)
				.build())
			.getAck()
			.getOffset();
	}

	private void setCursor() {
		api().setCursor(SetCursorRequest.newBuilder().setStream("orders").setCursorId("c").setOffset(7).build());
	}

	private long cursor() {
		return api().fetchCursor(FetchCursorRequest.newBuilder().setStream("orders").setCursorId("c").build())
			.getOffset();
	}

}
