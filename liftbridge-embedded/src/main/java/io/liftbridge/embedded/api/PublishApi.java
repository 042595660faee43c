package io.liftbridge.embedded.api;

import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.grpc.ServerServiceDefinition;
import io.liftbridge.embedded.stream.IncomingMessage;
import io.liftbridge.embedded.stream.Partition;
import io.liftbridge.embedded.stream.RefusedException;
import io.liftbridge.embedded.stream.Subject;
import io.liftbridge.embedded.stream.Subjects;
import io.liftbridge.proto.APIGrpc;
import io.liftbridge.proto.Ack;
import io.liftbridge.proto.AckPolicy;
import io.liftbridge.proto.PublishAsyncError.Code;
import io.liftbridge.proto.PublishRequest;
import io.liftbridge.proto.PublishResponse;
import io.liftbridge.proto.PublishToSubjectRequest;
import io.liftbridge.proto.PublishToSubjectResponse;
import org.jspecify.annotations.Nullable;

/**
 * Publishes messages to streams and to subjects. Whether a message is acknowledged is
 * known as soon as it was sent, so a call that waits for an acknowledgement that does not
 * come is simply left alone until its deadline.
 */
final class PublishApi {

	private final Publisher publisher;

	private final Subjects subjects;

	private final Supplier<ScheduledExecutorService> currentLoop;

	PublishApi(Publisher publisher, Subjects subjects, Supplier<ScheduledExecutorService> currentLoop) {
		this.publisher = publisher;
		this.subjects = subjects;
		this.currentLoop = currentLoop;
	}

	void addTo(ServerServiceDefinition.Builder service) {
		service.addMethod(Calls.unary(APIGrpc.getPublishMethod(), this::publish));
		service.addMethod(Calls.unary(APIGrpc.getPublishToSubjectMethod(), this::publishToSubject));
		service.addMethod(
				Calls.define(APIGrpc.getPublishAsyncMethod(), APIGrpc.getPublishAsyncMethod().getResponseMarshaller(),
						(call, headers) -> new PublishAsyncCall(call, this.publisher, this.currentLoop.get())));
	}

	private void publish(PublishRequest request, Reply<PublishResponse> reply) {
		try {
			if (request.getStream().isEmpty()) {
				throw new PublishRefusedException(Code.BAD_REQUEST, "no stream provided");
			}
			Partition partition = this.publisher.open(request);
			boolean waits = waits(reply, request.getAckPolicyValue());
			String inbox = ackInbox(request.getAckInbox(), waits);
			FirstAck first = new FirstAck();
			this.publisher.publish(partition, request, inbox, first);
			if (!waits) {
				reply.send(PublishResponse.getDefaultInstance());
			}
			else if (first.ack != null) {
				PublishRefusedException refusal = Publisher.refusalIn(first.ack);
				if (refusal != null) {
					throw refusal;
				}
				reply.send(PublishResponse.newBuilder().setAck(first.ack).build());
			}
		}
		catch (PublishRefusedException ex) {
			throw new RefusedException(ex.status());
		}
	}

	/**
	 * Publishes to a subject. What goes wrong at a partition does not fail the call, it
	 * is only told in the ack.
	 */
	private void publishToSubject(PublishToSubjectRequest request, Reply<PublishToSubjectResponse> reply) {
		boolean waits = waits(reply, request.getAckPolicyValue());
		String inbox = ackInbox(request.getAckInbox(), waits);
		if (request.getSubject().isEmpty()) {
			throw RefusedException.unknown("failed to publish to NATS: nats: invalid subject");
		}
		// In the NATS protocol a second word is the reply subject, and nobody looks for
		// it beforehand.
		String[] words = request.getSubject().strip().split("\\s+", 2);
		FirstAck first = new FirstAck();
		this.subjects.publish(new IncomingMessage(words[0], (words.length > 1) ? words[1] : "", "", request.getKey(),
				request.getValue(), request.getHeadersMap(), inbox, request.getCorrelationId(),
				request.getAckPolicyValue(), 0), first);
		if (!waits) {
			reply.send(PublishToSubjectResponse.getDefaultInstance());
		}
		else if (first.ack != null) {
			reply.send(PublishToSubjectResponse.newBuilder().setAck(first.ack).build());
		}
	}

	private static boolean waits(Reply<?> reply, int ackPolicy) {
		return reply.hasDeadline() && ackPolicy != AckPolicy.NONE_VALUE;
	}

	private String ackInbox(String requested, boolean waits) {
		if (requested.isEmpty()) {
			return this.publisher.newAckInbox();
		}
		if (waits && !Subject.isValid(requested)) {
			throw RefusedException.unknown("failed to subscribe to ack inbox: nats: invalid subject");
		}
		return requested;
	}

	/**
	 * Keeps the first of the acknowledgements: several streams may listen to one subject.
	 */
	private static final class FirstAck implements Consumer<Ack> {

		private @Nullable Ack ack;

		@Override
		public void accept(Ack received) {
			if (this.ack == null) {
				this.ack = received;
			}
		}

	}

}
