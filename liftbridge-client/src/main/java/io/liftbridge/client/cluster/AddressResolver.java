package io.liftbridge.client.cluster;

/**
 * Translates the address that a broker advertises into one that can be reached from here,
 * for instance behind address translation or in a container.
 */
@FunctionalInterface
public interface AddressResolver {

	/** Takes addresses as they are advertised. */
	AddressResolver ADVERTISED = (address) -> address;

	/**
	 * Translates an address.
	 * @param advertised what the broker says of itself
	 * @return what to connect to
	 */
	Address resolve(Address advertised);

}
