package io.liftbridge.spring.support;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * Compares media types.
 */
final class ContentTypes {

	private ContentTypes() {
	}

	/** Whether two are the same but for their parameters. */
	static boolean isSame(@Nullable String one, @Nullable String other) {
		return one != null && other != null && bare(one).equals(bare(other));
	}

	/** Whether it is JSON, also that of a vendor. */
	static boolean isJson(String contentType) {
		String bare = bare(contentType);
		return bare.equals("application/json") || bare.endsWith("+json");
	}

	private static String bare(String contentType) {
		int parameters = contentType.indexOf(';');
		return ((parameters < 0) ? contentType : contentType.substring(0, parameters)).trim().toLowerCase(Locale.ROOT);
	}

}
