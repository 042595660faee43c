package io.liftbridge.benchmarks;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;

/**
 * Makes records like those of an application, for codecs to work on.
 */
public final class JsonRecords {

	private static final String[] STATES = { "CREATED", "PAID", "PACKED", "SHIPPED", "DELIVERED", "RETURNED" };

	private static final String[] CURRENCIES = { "EUR", "USD", "GBP", "CHF" };

	private JsonRecords() {
	}

	/**
	 * An order as a shop might send it.
	 * @param random chooses what is in it
	 * @param size how many bytes it has: the last item is cut off
	 * @return the order
	 */
	public static byte[] next(Random random, int size) {
		StringBuilder text = new StringBuilder(size + 64);
		text.append(String.format(Locale.ROOT,
				"{\"id\":\"%016x\",\"customer\":%d,\"state\":\"%s\",\"amount\":%d.%02d,\"currency\":\"%s\","
						+ "\"at\":\"2026-11-%02dT%02d:%02d:%02d.%03dZ\",\"items\":[",
				random.nextLong(), random.nextInt(100_000), STATES[random.nextInt(STATES.length)], random.nextInt(1000),
				random.nextInt(100), CURRENCIES[random.nextInt(CURRENCIES.length)], 1 + random.nextInt(30),
				random.nextInt(24), random.nextInt(60), random.nextInt(60), random.nextInt(1000)));
		while (text.length() < size - 2) {
			text.append(String.format(Locale.ROOT, "{\"sku\":\"A-%05d\",\"quantity\":%d,\"price\":%d.%02d},",
					random.nextInt(20_000), 1 + random.nextInt(9), random.nextInt(200), random.nextInt(100)));
		}
		byte[] bytes = Arrays.copyOf(text.toString().getBytes(StandardCharsets.UTF_8), size);
		if (size > 1) {
			bytes[size - 2] = ']';
			bytes[size - 1] = '}';
		}
		return bytes;
	}

}
