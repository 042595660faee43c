package io.liftbridge.client.producer;

/**
 * Is told what became of a message, exactly once, also when the producer is closed before
 * the answer.
 */
@FunctionalInterface
public interface ConfirmationHandler {

	/**
	 * The fate of a message is known. What it throws is logged.
	 * @param confirmation the message, and its acknowledgement or failure
	 */
	void onConfirmation(Confirmation confirmation);

}
