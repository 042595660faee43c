package io.liftbridge.client.entry;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Loads the package anew, as if none of the optional libraries were there.
 */
class MissingLibraryTests {

	@ParameterizedTest
	@CsvSource({ "zstd, com.github.luben:zstd-jni", "lz4, at.yawk.lz4:lz4-java", "lzma, org.tukaani:xz" })
	void namesTheArtifact(String encoding, String artifact) throws Exception {
		ClassLoader bare = new BareClassLoader();
		Class<?> codecs = bare.loadClass(Codecs.class.getName());
		Class<?> compression = bare.loadClass(Compression.class.getName());
		Object standard = codecs.getField("STANDARD").get(null);
		Object named = compression.getMethod("named", String.class).invoke(null, encoding);
		Method check = codecs.getMethod("check", compression, String.class);
		assertThatExceptionOfType(InvocationTargetException.class)
			.isThrownBy(() -> check.invoke(standard, named, "Producer option compression of stream 'orders'"))
			.havingCause()
			.withMessage("Producer option compression of stream 'orders' is '" + encoding
					+ "', which needs the library " + artifact + ". Add it to the class path.");
		Method decompress = codecs.getMethod("decompress", String.class, byte[].class, int.class);
		assertThatExceptionOfType(InvocationTargetException.class)
			.isThrownBy(() -> decompress.invoke(standard, encoding, new byte[10], 1000))
			.havingCause()
			.withMessageContaining(artifact);
		assertThat(codecs.getMethod("isKnown", String.class).invoke(standard, encoding)).isEqualTo(false);
		assertThat(codecs.getMethod("isKnown", String.class).invoke(standard, "zlib")).isEqualTo(true);
	}

	private static final class BareClassLoader extends ClassLoader {

		BareClassLoader() {
			super(MissingLibraryTests.class.getClassLoader());
		}

		@Override
		protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
			if (name.startsWith("com.github.luben.") || name.startsWith("net.jpountz.")
					|| name.startsWith("org.tukaani.")) {
				throw new ClassNotFoundException(name);
			}
			if (!name.startsWith(Codecs.class.getPackageName())) {
				return super.loadClass(name, resolve);
			}
			Class<?> known = findLoadedClass(name);
			return (known != null) ? known : define(name);
		}

		private Class<?> define(String name) throws ClassNotFoundException {
			try (InputStream file = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
				if (file == null) {
					throw new ClassNotFoundException(name);
				}
				byte[] bytes = file.readAllBytes();
				return defineClass(name, bytes, 0, bytes.length);
			}
			catch (IOException ex) {
				throw new ClassNotFoundException(name, ex);
			}
		}

	}

}
