package io.liftbridge.client.cluster;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/**
 * Finds what a broker's name stands for. May block.
 */
@FunctionalInterface
interface HostLookup {

	/**
	 * As the system does it. The JVM remembers answers for 30 s, failures for 10 s
	 * ({@code networkaddress.cache.ttl}).
	 */
	HostLookup SYSTEM = (address) -> Arrays.stream(InetAddress.getAllByName(address.host()))
		.map((found) -> new InetSocketAddress(found, address.port()))
		.toList();

	List<InetSocketAddress> find(Address address) throws UnknownHostException;

}
