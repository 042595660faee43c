package io.liftbridge.client.fake;

import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The class path of the tests without some optional libraries. gRPC is the tests' own, as
 * the native libraries of Netty can only be used by the one class loader that loaded
 * them: tests that follow would fail with it.
 */
public final class ClassPathWithout extends URLClassLoader {

	/**
	 * Creates it.
	 * @param libraries beginnings of the names of jars that are missing
	 * @throws IOException if a path is not one
	 */
	public ClassPathWithout(String... libraries) throws IOException {
		super(rest(libraries), new GrpcOnly());
	}

	private static URL[] rest(String... libraries) throws IOException {
		List<URL> urls = new ArrayList<>();
		for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
			String name = Path.of(entry).getFileName().toString();
			if (List.of(libraries).stream().noneMatch(name::startsWith)) {
				urls.add(Path.of(entry).toUri().toURL());
			}
		}
		return urls.toArray(URL[]::new);
	}

	private static final class GrpcOnly extends ClassLoader {

		GrpcOnly() {
			super(getPlatformClassLoader());
		}

		@Override
		protected Class<?> findClass(String name) throws ClassNotFoundException {
			if (name.startsWith("io.grpc.") || name.startsWith("com.google.")) {
				return ClassPathWithout.class.getClassLoader().loadClass(name);
			}
			throw new ClassNotFoundException(name);
		}

	}

}
