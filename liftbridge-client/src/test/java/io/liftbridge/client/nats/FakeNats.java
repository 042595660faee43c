package io.liftbridge.client.nats;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

import io.liftbridge.client.message.Message;
import io.liftbridge.proto.Ack;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.MessageHandler;
import io.nats.client.impl.NatsMessage;

/**
 * A connection to a NATS whose one listener answers as it is told.
 */
final class FakeNats {

	volatile String subject;

	volatile byte[] data;

	volatile Function<Message, byte[]> answer = (message) -> null;

	volatile RuntimeException refusal;

	/** How the next attempt to listen fails. */
	volatile RuntimeException deafness;

	/** How many answers each message gets. */
	volatile int answers = 1;

	/** What was done to listeners. */
	final List<String> listening = new CopyOnWriteArrayList<>();

	private volatile MessageHandler acks;

	Connection connection() {
		Dispatcher dispatcher = proxy(Dispatcher.class, (name, args) -> {
			RuntimeException failure = this.deafness;
			this.deafness = null;
			if (failure != null) {
				throw failure;
			}
			this.listening.add(name + " " + args[0]);
			return null;
		});
		return proxy(Connection.class, (name, args) -> switch (name) {
			case "createInbox" -> "_INBOX.test";
			case "getMaxPayload" -> 1000L;
			case "getStatus" -> Connection.Status.CONNECTED;
			case "createDispatcher" -> {
				this.acks = (MessageHandler) args[0];
				yield dispatcher;
			}
			case "closeDispatcher" -> this.listening.add(name);
			case "publish" -> publish((String) args[0], (byte[]) args[1]);
			default -> null;
		});
	}

	private Object publish(String to, byte[] bytes) throws InterruptedException {
		if (this.refusal != null) {
			throw this.refusal;
		}
		this.subject = to;
		this.data = bytes;
		Message message = NatsEnvelope.decode(bytes).map(NatsEnvelope::message).orElse(null);
		byte[] reply = (message != null) ? this.answer.apply(message) : null;
		for (int i = 0; reply != null && i < this.answers; i++) {
			this.acks.onMessage(NatsMessage.builder().subject(message.ackInbox()).data(reply).build());
		}
		return null;
	}

	static Function<Message, byte[]> acknowledging(Ack.Builder ack) {
		return (message) -> NatsEnvelopeTests.ack(ack.setCorrelationId(message.correlationId()).build());
	}

	@SuppressWarnings("unchecked")
	private static <T> T proxy(Class<T> type, Calls calls) {
		return (T) Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type },
				(self, method, args) -> calls.call(method.getName(), args));
	}

	private interface Calls {

		Object call(String name, Object[] args) throws Exception;

	}

}
