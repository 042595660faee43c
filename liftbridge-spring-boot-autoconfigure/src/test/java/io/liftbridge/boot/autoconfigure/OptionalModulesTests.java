package io.liftbridge.boot.autoconfigure;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.regex.Pattern;

import io.liftbridge.embedded.EmbeddedBroker;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A whole application with jars missing from its class path, as it is for users who do
 * not have them.
 */
class OptionalModulesTests {

	@Test
	void haveAllTheirBeansWithEverythingThere() {
		assertThat(run("nothing")).containsExactlyInAnyOrder("liftbridgeHealthContributor", "liftbridgeEndpoint",
				"liftbridgeProducerMeters");
	}

	@Test
	void noHealthWithoutItsModule() {
		assertThat(run("spring-boot-health")).doesNotContain("liftbridgeHealthContributor");
	}

	@Test
	void noEndpointWithoutTheActuator() {
		assertThat(run("spring-boot-actuator")).doesNotContain("liftbridgeEndpoint")
			.contains("liftbridgeProducerMeters");
	}

	@Test
	void noMetersWithoutBootsMetrics() {
		assertThat(run("spring-boot-micrometer-metrics")).doesNotContain("liftbridgeProducerMeters");
	}

	@Test
	void aPlainStarterIsEnough() {
		assertThat(run("spring-boot-(health|actuator|micrometer|validation)|micrometer-core|liftbridge-embedded|"
				+ "jakarta.validation|hibernate-validator"))
			.isEmpty();
	}

	@Test
	void jacksonIsNotNeededForText() {
		assertThat(run("spring-boot-(health|actuator|micrometer|jackson|starter-jackson)|micrometer-core|jackson"))
			.isEmpty();
	}

	private static Set<String> run(String missing) {
		try (EmbeddedBroker broker = EmbeddedBroker.start(); URLClassLoader loader = without(missing)) {
			broker.createStream("orders", 1);
			Thread current = Thread.currentThread();
			ClassLoader original = current.getContextClassLoader();
			current.setContextClassLoader(loader);
			try {
				@SuppressWarnings("unchecked")
				BiFunction<String, Integer, Set<String>> application = (BiFunction<String, Integer, Set<String>>) loader
					.loadClass(OptionalModulesApplication.class.getName())
					.getConstructor()
					.newInstance();
				return application.apply(broker.host(), broker.port());
			}
			finally {
				current.setContextClassLoader(original);
			}
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(ex);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static URLClassLoader without(String missing) {
		Pattern pattern = Pattern.compile("(" + missing + ")[^/]*\\.jar|(" + missing + ")/target/classes");
		String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
		List<String> entries = Arrays.asList(classPath.split(File.pathSeparator));
		URL[] kept = entries.stream()
			.filter((entry) -> !pattern.matcher(entry.replace(File.separatorChar, '/')).find())
			.map(OptionalModulesTests::url)
			.toArray(URL[]::new);
		if (!missing.equals("nothing")) {
			assertThat(kept).as("without " + missing).hasSizeLessThan(entries.size());
		}
		return new URLClassLoader(kept, ClassLoader.getPlatformClassLoader());
	}

	private static URL url(String entry) {
		try {
			return Path.of(entry).toUri().toURL();
		}
		catch (MalformedURLException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
