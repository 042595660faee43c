package io.liftbridge.client.group;

import java.util.List;

import io.liftbridge.client.consumer.BatchHandler;
import io.liftbridge.client.consumer.MessageHandler;
import io.liftbridge.client.consumer.SubscriptionBuilder;
import io.liftbridge.client.message.ReceivedMessage;

/**
 * Hands messages to the user and tells how far the user has come.
 */
interface GroupHandler {

	/**
	 * Prepares a subscription.
	 * @param subscription the subscription
	 * @param progress is told after each return of the user's handler
	 */
	SubscriptionBuilder attach(SubscriptionBuilder subscription, Progress progress);

	static GroupHandler each(MessageHandler handler) {
		return (subscription, progress) -> subscription.handler(new MessageHandler() {

			@Override
			public void onMessage(ReceivedMessage<byte[]> message) throws Exception {
				progress.begins();
				handler.onMessage(message);
				progress.processed(message.offset(), 1);
			}

			@Override
			public void onFilteredOut(long offset) throws Exception {
				progress.begins();
				handler.onFilteredOut(offset);
				progress.processed(offset, 0);
			}

		});
	}

	static GroupHandler batches(int maxSize, BatchHandler handler) {
		return (subscription, progress) -> subscription.batchHandler(maxSize, new BatchHandler() {

			@Override
			public void onMessages(List<ReceivedMessage<byte[]>> messages) throws Exception {
				progress.begins();
				handler.onMessages(messages);
				progress.processed(messages.get(messages.size() - 1).offset(), messages.size());
			}

			@Override
			public void onFilteredOut(long offset) throws Exception {
				progress.begins();
				handler.onFilteredOut(offset);
				progress.processed(offset, 0);
			}

		});
	}

	/**
	 * How far the user has come.
	 */
	interface Progress {

		/** Nobody wants to know. */
		Progress NONE = new Progress() {

			@Override
			public void begins() {
				// Nothing to note.
			}

			@Override
			public void processed(long offset, int messages) {
				// Nothing to note.
			}

		};

		void begins();

		void processed(long offset, int messages);

	}

}
