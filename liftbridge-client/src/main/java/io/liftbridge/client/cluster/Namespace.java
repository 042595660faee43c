package io.liftbridge.client.cluster;

import java.util.regex.Pattern;

import com.google.protobuf.MessageLite;
import io.liftbridge.proto.Ack;
import io.liftbridge.proto.CreateStreamRequest;
import io.liftbridge.proto.DeleteStreamRequest;
import io.liftbridge.proto.FetchConsumerGroupAssignmentsResponse;
import io.liftbridge.proto.FetchCursorRequest;
import io.liftbridge.proto.FetchMetadataRequest;
import io.liftbridge.proto.FetchMetadataResponse;
import io.liftbridge.proto.FetchPartitionMetadataRequest;
import io.liftbridge.proto.JoinConsumerGroupRequest;
import io.liftbridge.proto.Message;
import io.liftbridge.proto.PauseStreamRequest;
import io.liftbridge.proto.PublishRequest;
import io.liftbridge.proto.PublishResponse;
import io.liftbridge.proto.PublishToSubjectResponse;
import io.liftbridge.proto.SetCursorRequest;
import io.liftbridge.proto.SetStreamReadonlyRequest;
import io.liftbridge.proto.StreamMetadata;
import io.liftbridge.proto.SubscribeRequest;

/**
 * Adds a prefix to the names of streams on their way to the server, and removes it on the
 * way back. The rest of the client does not know of it. Immutable. For use inside the
 * client.
 */
public final class Namespace {

	/** Leaves names as they are. */
	public static final Namespace NONE = new Namespace("");

	/** Begins the names of streams outside; no stream's own name has it. */
	private static final String OUTSIDE = "/";

	private final String prefix;

	private final Pattern mention;

	/**
	 * Creates a namespace.
	 * @param prefix what its names begin with
	 */
	public Namespace(String prefix) {
		this.prefix = prefix;
		this.mention = Pattern.compile("(?<=(?:stream: |resource ))" + Pattern.quote(prefix) + "(?=[^\\s])");
	}

	/**
	 * Tells a stream's name on the server.
	 * @param stream its name here
	 * @return its name there
	 */
	public String outer(String stream) {
		return (stream.isEmpty() || stream.startsWith("__")) ? stream : this.prefix + stream;
	}

	/** A stream's name here; with a slash in front if it belongs to somebody else. */
	private String inner(String stream) {
		if (stream.isEmpty() || stream.startsWith("__")) {
			return stream;
		}
		return stream.startsWith(this.prefix) ? stream.substring(this.prefix.length()) : OUTSIDE + stream;
	}

	boolean isNone() {
		return this.prefix.isEmpty();
	}

	/**
	 * The server's words without the prefix, where they name a stream: anywhere else they
	 * may just begin alike, and would not be recognised any more.
	 */
	String innerText(String text) {
		return this.mention.matcher(text).replaceAll("");
	}

	/** What is sent instead of a request. */
	MessageLite outer(Object request) {
		if (request instanceof PublishRequest publish) {
			return publish.toBuilder().setStream(outer(publish.getStream())).build();
		}
		if (request instanceof SubscribeRequest subscribe) {
			return subscribe.toBuilder().setStream(outer(subscribe.getStream())).build();
		}
		if (request instanceof SetCursorRequest cursor) {
			return cursor.toBuilder().setStream(outer(cursor.getStream())).build();
		}
		if (request instanceof FetchCursorRequest cursor) {
			return cursor.toBuilder().setStream(outer(cursor.getStream())).build();
		}
		if (request instanceof FetchPartitionMetadataRequest partition) {
			return partition.toBuilder().setStream(outer(partition.getStream())).build();
		}
		return outerAdministration(request);
	}

	private MessageLite outerAdministration(Object request) {
		if (request instanceof CreateStreamRequest create) {
			String name = outer(create.getName());
			String subject = create.getSubject().equals(create.getName()) ? name : create.getSubject();
			return create.toBuilder().setName(name).setSubject(subject).build();
		}
		if (request instanceof DeleteStreamRequest delete) {
			return delete.toBuilder().setName(outer(delete.getName())).build();
		}
		if (request instanceof PauseStreamRequest pause) {
			return pause.toBuilder().setName(outer(pause.getName())).build();
		}
		if (request instanceof SetStreamReadonlyRequest readonly) {
			return readonly.toBuilder().setName(outer(readonly.getName())).build();
		}
		if (request instanceof FetchMetadataRequest metadata) {
			return metadata.toBuilder()
				.clearStreams()
				.addAllStreams(metadata.getStreamsList().stream().map(this::outer).toList())
				.build();
		}
		if (request instanceof JoinConsumerGroupRequest join) {
			return join.toBuilder()
				.clearStreams()
				.addAllStreams(join.getStreamsList().stream().map(this::outer).toList())
				.build();
		}
		return (MessageLite) request;
	}

	/** What is received instead of a response. */
	MessageLite inner(Object response) {
		if (response instanceof Message message) {
			return message.toBuilder().setStream(inner(message.getStream())).build();
		}
		if (response instanceof PublishResponse publish) {
			PublishResponse.Builder inner = publish.toBuilder();
			if (publish.hasAck()) {
				inner.setAck(inner(publish.getAck()));
			}
			if (publish.hasAsyncError()) {
				inner.getAsyncErrorBuilder().setMessage(innerText(publish.getAsyncError().getMessage()));
			}
			return inner.build();
		}
		if (response instanceof PublishToSubjectResponse publish) {
			return publish.hasAck() ? publish.toBuilder().setAck(inner(publish.getAck())).build() : publish;
		}
		if (response instanceof FetchMetadataResponse metadata) {
			FetchMetadataResponse.Builder inner = metadata.toBuilder().clearStreamMetadata();
			for (StreamMetadata stream : metadata.getStreamMetadataList()) {
				String name = inner(stream.getName());
				if (!name.startsWith(OUTSIDE)) {
					inner.addStreamMetadata(stream.toBuilder().setName(name));
				}
			}
			return inner.build();
		}
		if (response instanceof FetchConsumerGroupAssignmentsResponse group) {
			FetchConsumerGroupAssignmentsResponse.Builder inner = group.toBuilder();
			inner.getAssignmentsBuilderList().forEach((part) -> part.setStream(inner(part.getStream())));
			return inner.build();
		}
		return (MessageLite) response;
	}

	private Ack inner(Ack ack) {
		return ack.toBuilder().setStream(inner(ack.getStream())).build();
	}

	@Override
	public String toString() {
		return this.prefix;
	}

}
