package io.liftbridge.boot.autoconfigure;

import io.liftbridge.client.LiftbridgeClientBuilder;

/**
 * Has the last word on how the client is built. All beans of this type are called, in
 * their order.
 */
@FunctionalInterface
public interface LiftbridgeClientBuilderCustomizer {

	/**
	 * Changes the client that is about to be built.
	 * @param builder the builder, with all properties applied
	 */
	void customize(LiftbridgeClientBuilder builder);

}
