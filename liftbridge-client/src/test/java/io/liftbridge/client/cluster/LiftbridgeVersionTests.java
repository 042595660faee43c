package io.liftbridge.client.cluster;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class LiftbridgeVersionTests {

	private static final String NAME = LiftbridgeVersion.class.getName();

	@Test
	void isThatOfTheJar(@TempDir Path folder) throws Exception {
		Manifest manifest = new Manifest();
		manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
		manifest.getMainAttributes().put(Attributes.Name.IMPLEMENTATION_VERSION, "1.2.3");
		assertThat(versionIn(folder, manifest)).isEqualTo("1.2.3");
	}

	@Test
	void isUnknownWithoutAnEntry(@TempDir Path folder) throws Exception {
		Manifest manifest = new Manifest();
		manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
		assertThat(versionIn(folder, manifest)).isEqualTo("unknown");
	}

	private static Object versionIn(Path folder, Manifest manifest) throws Exception {
		Path jar = folder.resolve("client.jar");
		String entry = NAME.replace('.', '/') + ".class";
		try (OutputStream file = Files.newOutputStream(jar);
				JarOutputStream content = new JarOutputStream(file, manifest);
				InputStream code = LiftbridgeVersion.class.getClassLoader().getResourceAsStream(entry)) {
			content.putNextEntry(new JarEntry(entry));
			code.transferTo(content);
		}
		try (URLClassLoader loader = new URLClassLoader(new URL[] { jar.toUri().toURL() }, null)) {
			return loader.loadClass(NAME).getMethod("text").invoke(null);
		}
	}

}
