package io.liftbridge.client.producer;

import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.Message;
import org.jspecify.annotations.Nullable;

/**
 * A producer that the user has made, and closes.
 */
record ProducerTarget(PipelinedProducer producer) implements BulkTarget<Message>, BulkOutlet {

	@Override
	public Message message(Message request) {
		return request;
	}

	@Override
	public BulkOutlet outlet(Message request) {
		return this;
	}

	@Override
	public CompletableFuture<Ack> send(Message message) {
		return this.producer.queue(message, true);
	}

	@Override
	public void taken(@Nullable LiftbridgeException failure) {
	}

	@Override
	public void checkOpen() {
		this.producer.checkOpen();
	}

	@Override
	public void close() {
	}

}
