package io.liftbridge.spring.aot;

import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;

/**
 * What is found by name at run time, whatever listeners there are: what filters see of a
 * message, and the optional codecs.
 */
class LiftbridgeRuntimeHints implements RuntimeHintsRegistrar {

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		ReflectionHints reflection = hints.reflection();
		for (String seen : new String[] { "io.liftbridge.spring.annotation.FilterExpression$Root",
				"io.liftbridge.client.message.ReceivedMessage", "io.liftbridge.client.message.Headers" }) {
			reflection.registerType(TypeReference.of(seen), MemberCategory.INVOKE_PUBLIC_METHODS);
		}
		for (String codec : new String[] { "com.github.luben.zstd.Zstd", "net.jpountz.lz4.LZ4FrameInputStream",
				"org.tukaani.xz.XZInputStream", "tools.jackson.databind.json.JsonMapper" }) {
			reflection.registerTypeIfPresent(classLoader, codec);
		}
	}

}
