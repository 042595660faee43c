package io.liftbridge.client.consumer;

import java.util.List;

import io.liftbridge.client.message.MalformedEntryException;
import io.liftbridge.client.message.ReceivedMessage;

/**
 * Tells an observer how far the user's handler has come.
 */
final class ObservedHandler {

	private ObservedHandler() {
	}

	static BatchHandler of(BatchHandler handler, HandlerObserver observer) {
		return (handler instanceof SubscriptionBuilder.EachMessage each)
				? new SubscriptionBuilder.EachMessage(new Each(each.handler(), observer))
				: new Batches(handler, observer);
	}

	private record Each(MessageHandler handler, HandlerObserver observer) implements MessageHandler {

		@Override
		public void onMessage(ReceivedMessage<byte[]> message) throws Exception {
			if (this.observer.records().isProcessed(message)) {
				return;
			}
			this.observer.begins();
			this.handler.onMessage(message);
			this.observer.records().processed(message);
			this.observer.processed(message.processedOffset());
		}

		@Override
		public boolean onMalformed(MalformedEntryException malformed) throws Exception {
			this.observer.begins();
			return this.handler.onMalformed(malformed);
		}

		@Override
		public void onFilteredOut(long offset) throws Exception {
			this.observer.begins();
			this.handler.onFilteredOut(offset);
			this.observer.processed(offset);
		}

	}

	private record Batches(BatchHandler handler, HandlerObserver observer) implements BatchHandler {

		@Override
		public void onMessages(List<ReceivedMessage<byte[]>> messages) throws Exception {
			// The list is the handler's own, which may empty it.
			ReceivedMessage<byte[]> last = messages.get(messages.size() - 1);
			messages.removeIf(this.observer.records()::isProcessed);
			if (messages.isEmpty()) {
				return;
			}
			this.observer.begins();
			this.handler.onMessages(messages);
			this.observer.records().processed(last);
			this.observer.processed(last.processedOffset());
		}

		@Override
		public boolean onMalformed(MalformedEntryException malformed) throws Exception {
			this.observer.begins();
			return this.handler.onMalformed(malformed);
		}

		@Override
		public void onFilteredOut(long offset) throws Exception {
			this.observer.begins();
			this.handler.onFilteredOut(offset);
			this.observer.processed(offset);
		}

	}

}
