package io.liftbridge.spring.listener;

import java.util.UUID;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Names members of groups, so that people recognise them and no two have the same name.
 */
final class MemberIds {

	private static final Pattern UNFIT = Pattern.compile("[^A-Za-z0-9_-]");

	private static final int LONGEST = 100;

	private static final int RANDOM_LENGTH = 8;

	private MemberIds() {
	}

	static String of(@Nullable String configured, String listenerId) {
		if (configured != null) {
			return configured;
		}
		String readable = UNFIT.matcher(listenerId).replaceAll("_");
		return readable.substring(0, Math.min(LONGEST, readable.length())) + "-"
				+ UUID.randomUUID().toString().substring(0, RANDOM_LENGTH);
	}

}
