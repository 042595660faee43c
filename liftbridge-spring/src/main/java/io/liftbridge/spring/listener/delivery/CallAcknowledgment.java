package io.liftbridge.spring.listener.delivery;

import io.liftbridge.spring.support.Acknowledgment;

/**
 * The acknowledgment of one call of the listener, which learns how that ended.
 */
interface CallAcknowledgment extends Acknowledgment {

	/**
	 * The listener has succeeded.
	 * @return {@link Outcome#PROCESSED}, unless it has given messages back
	 */
	Outcome succeeded();

	/**
	 * The listener has failed.
	 * @return how many of the first elements of a batch count nevertheless
	 */
	int failed();

}
