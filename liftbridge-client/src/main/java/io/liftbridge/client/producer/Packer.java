package io.liftbridge.client.producer;

import java.util.List;
import java.util.function.Consumer;

/**
 * Puts a batch into the form in which it goes out.
 */
@FunctionalInterface
interface Packer {

	/**
	 * Packs.
	 * @param messages the messages in order
	 * @param out takes what goes to the server, in order
	 */
	void pack(List<Sending> messages, Consumer<Pending> out);

	/** Messages that go out as they are. */
	static void plain(List<Sending> messages, Consumer<Pending> out) {
		for (Sending sending : messages) {
			out.accept((Pending) sending);
		}
	}

}
