package io.liftbridge.spring.listener.delivery;

import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.support.Acknowledgment;
import io.liftbridge.spring.support.ListenerContext;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.support.GenericMessage;

/**
 * A message as it was read, for the resolvers of arguments. Its headers are translated
 * when somebody asks for them: that takes longer than everything else. Used by one thread
 * at a time.
 */
final class RawMessage extends GenericMessage<byte[]> {

	private static final long serialVersionUID = 1L;

	private final transient PayloadReader reader;

	private final transient ReceivedMessage<byte[]> message;

	private final transient Acknowledgment acknowledgment;

	private final transient @Nullable ListenerContext context;

	private transient @Nullable MessageHeaders translated;

	private transient @Nullable Object payload;

	RawMessage(PayloadReader reader, ReceivedMessage<byte[]> message, Acknowledgment acknowledgment,
			@Nullable ListenerContext context) {
		super(message.value(), RecordHeaders.NONE);
		this.reader = reader;
		this.message = message;
		this.acknowledgment = acknowledgment;
		this.context = context;
	}

	@Override
	public MessageHeaders getHeaders() {
		MessageHeaders headers = this.translated;
		if (headers == null) {
			headers = this.reader.headers(this.message, this.acknowledgment, this.context);
			this.translated = headers;
		}
		return headers;
	}

	ReceivedMessage<byte[]> message() {
		return this.message;
	}

	Acknowledgment acknowledgment() {
		return this.acknowledgment;
	}

	@Nullable ListenerContext context() {
		return this.context;
	}

	/** What was converted already, to choose a method by it. */
	@Nullable Object payload() {
		return this.payload;
	}

	void payload(Object payload) {
		this.payload = payload;
	}

	@Override
	public String toString() {
		return "RawMessage [" + this.message + "]";
	}

}
