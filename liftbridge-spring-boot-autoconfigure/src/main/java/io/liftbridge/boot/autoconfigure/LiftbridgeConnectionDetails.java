package io.liftbridge.boot.autoconfigure;

import java.util.List;

import io.liftbridge.client.cluster.AddressResolver;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;
import org.springframework.boot.ssl.SslBundle;

/**
 * How to reach a Liftbridge cluster. A bean of this type replaces
 * {@code liftbridge.seeds} and {@code liftbridge.ssl}.
 */
public interface LiftbridgeConnectionDetails extends ConnectionDetails {

	/**
	 * Brokers to ask first.
	 * @return their addresses as {@code host:port}, at least one
	 */
	List<String> getSeeds();

	/**
	 * How connections are encrypted.
	 * @return the bundle, or {@code null} for plain text (default)
	 */
	default @Nullable SslBundle getSslBundle() {
		return null;
	}

	/**
	 * Translates the addresses that brokers advertise into such that can be reached from
	 * here, for instance when they run in containers.
	 * @return the translation; by default addresses are taken as they are
	 */
	default AddressResolver getAddressResolver() {
		return AddressResolver.ADVERTISED;
	}

}
