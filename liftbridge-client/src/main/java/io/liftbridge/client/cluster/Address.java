package io.liftbridge.client.cluster;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import io.liftbridge.client.message.InvalidRequestException;

/**
 * Where a broker is reached.
 *
 * @param host name or IP address, IPv6 without brackets
 * @param port TCP port, 1 to 65535
 */
public record Address(String host, int port) {

	/**
	 * Creates an address.
	 * @param host name or IP address; brackets around an IPv6 address are removed
	 * @param port TCP port
	 */
	public Address {
		if (host.startsWith("[") && host.endsWith("]")) {
			host = host.substring(1, host.length() - 1);
		}
	}

	/** The port that a broker listens on by default. */
	public static final int DEFAULT_PORT = 9292;

	/**
	 * Reads {@code host:port}, {@code host} (port 9292), {@code [ipv6]:port} or
	 * {@code [ipv6]}.
	 * @param text the address
	 * @return the address
	 * @throws InvalidRequestException if it is not one; the message says why
	 */
	public static Address parse(String text) {
		String trimmed = text.trim();
		int scheme = trimmed.indexOf("://");
		if (scheme >= 0) {
			throw invalid(text, "write it as host:port, without " + trimmed.substring(0, scheme + 3));
		}
		String host;
		String port;
		if (trimmed.startsWith("[")) {
			int end = trimmed.indexOf(']');
			if (end < 0) {
				throw invalid(text, "the bracket of the IPv6 address is not closed");
			}
			host = trimmed.substring(1, end);
			port = rest(text, trimmed.substring(end + 1));
		}
		else {
			int colon = trimmed.indexOf(':');
			host = (colon < 0) ? trimmed : trimmed.substring(0, colon);
			port = (colon < 0) ? "" : rest(text, trimmed.substring(colon));
		}
		if (host.isEmpty()) {
			throw invalid(text, "the host is missing");
		}
		if (host.chars().anyMatch((c) -> Character.isWhitespace(c) || c == '/')) {
			throw invalid(text, "the host contains blanks or slashes");
		}
		return new Address(host, port.isEmpty() ? DEFAULT_PORT : port(text, port));
	}

	/**
	 * Reads a list of addresses.
	 * @param texts addresses, each possibly several separated by commas
	 * @return the addresses, at least one
	 * @throws InvalidRequestException if there is none, or one is not valid
	 */
	public static List<Address> parseAll(Collection<String> texts) {
		List<Address> addresses = new ArrayList<>();
		for (String text : texts) {
			for (String part : text.split(",", -1)) {
				if (!part.isBlank()) {
					addresses.add(parse(part));
				}
			}
		}
		if (addresses.isEmpty()) {
			throw new InvalidRequestException("No seeds: name at least one broker as host:port.", null);
		}
		return List.copyOf(addresses);
	}

	private static String rest(String text, String afterHost) {
		if (afterHost.isEmpty()) {
			return "";
		}
		if (afterHost.charAt(0) != ':' || afterHost.length() == 1) {
			throw invalid(text, "expected host:port");
		}
		String port = afterHost.substring(1);
		if (port.indexOf(':') >= 0) {
			throw invalid(text, "there is more than one colon (write IPv6 addresses in brackets)");
		}
		return port;
	}

	private static int port(String text, String port) {
		int number;
		try {
			if (!port.chars().allMatch((c) -> (c >= '0' && c <= '9') || c == '-')) {
				throw new NumberFormatException(port);
			}
			number = Integer.parseInt(port);
		}
		catch (NumberFormatException ex) {
			throw invalid(text, "the port is not a number");
		}
		if (number < 1 || number > 65535) {
			throw invalid(text, "port must be between 1 and 65535");
		}
		return number;
	}

	private static InvalidRequestException invalid(String text, String why) {
		return new InvalidRequestException("'" + text + "' is not a valid address: " + why + ".", null);
	}

	@Override
	public String toString() {
		return ((this.host.indexOf(':') >= 0) ? "[" + this.host + "]" : this.host) + ":" + this.port;
	}

}
