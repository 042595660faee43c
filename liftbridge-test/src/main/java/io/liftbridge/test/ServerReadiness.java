package io.liftbridge.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.liftbridge.proto.APIGrpc;
import io.liftbridge.proto.CreateStreamRequest;
import io.liftbridge.proto.DeleteStreamRequest;
import io.liftbridge.proto.FetchMetadataRequest;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether a server accepts metadata writes. An open port, the health service
 * and readable metadata come more than a second earlier, while streams of a restarted
 * server are still unknown to it.
 */
final class ServerReadiness implements AutoCloseable {

	/**
	 * What names of streams begin with that are created to find out.
	 */
	static final String PROBE = "readiness-probe-";

	private static final Duration CALL_TIMEOUT = Duration.ofSeconds(1);

	private final ManagedChannel channel;

	private final String probe = PROBE + UUID.randomUUID();

	private final boolean cursors;

	private @Nullable Status lastRefusal;

	ServerReadiness(int port, @Nullable ServerTls tls, boolean cursors) {
		NettyChannelBuilder builder = NettyChannelBuilder.forAddress(LiftbridgeServer.HOST, port);
		this.channel = ((tls != null) ? encrypted(builder, tls) : builder.usePlaintext()).build();
		this.cursors = cursors;
	}

	private static NettyChannelBuilder encrypted(NettyChannelBuilder builder, ServerTls tls) {
		try {
			return builder.sslContext(tls.probe());
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Cannot use " + tls, ex);
		}
	}

	boolean isReady() {
		this.channel.resetConnectBackoff();
		try {
			return writeMetadata() && cursorsExist();
		}
		catch (StatusRuntimeException ex) {
			this.lastRefusal = ex.getStatus();
			return false;
		}
	}

	/**
	 * What the server, or the way to it, said last.
	 */
	@Nullable Status lastRefusal() {
		return this.lastRefusal;
	}

	private boolean writeMetadata() {
		try {
			stub().createStream(CreateStreamRequest.newBuilder().setName(this.probe).setSubject(this.probe).build());
		}
		catch (StatusRuntimeException ex) {
			// An earlier attempt that timed out here may still have succeeded there.
			if (ex.getStatus().getCode() != Status.Code.ALREADY_EXISTS) {
				throw ex;
			}
		}
		stub().deleteStream(DeleteStreamRequest.newBuilder().setName(this.probe).build());
		return true;
	}

	private boolean cursorsExist() {
		return !this.cursors || stub().fetchMetadata(FetchMetadataRequest.getDefaultInstance())
			.getStreamMetadataList()
			.stream()
			.anyMatch((stream) -> stream.getName().equals("__cursors"));
	}

	private APIGrpc.APIBlockingStub stub() {
		return APIGrpc.newBlockingStub(this.channel).withDeadlineAfter(CALL_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
	}

	@Override
	public void close() {
		this.channel.shutdownNow();
	}

}
