package io.liftbridge.boot.autoconfigure;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import io.liftbridge.spring.annotation.LiftbridgeListener;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the documentation enumerates is what there is.
 */
class ReferenceDocumentationTests {

	private static final Path DOCS = Path.of("..", "docs");

	@Test
	void eachPropertyIsInTheReference() throws IOException {
		String generated = PropertiesReference.render(ConfigurationMetadataTests.METADATA);
		Path copy = Files.writeString(Path.of("target", "properties.md"), generated);
		assertThat(Files.readString(DOCS.resolve("properties.md"))).as("Copy %s to docs", copy).isEqualTo(generated);
	}

	@Test
	void eachAttributeOfTheAnnotationIsDocumented() throws IOException {
		String page = Files.readString(DOCS.resolve("listener.md"));
		int begin = page.indexOf("## Attributes");
		List<String> documented = Pattern.compile("^\\| `(\\w+)` \\|", Pattern.MULTILINE)
			.matcher(page.substring(begin, page.indexOf("\n## ", begin)))
			.results()
			.map((MatchResult row) -> row.group(1))
			.toList();
		assertThat(documented).containsExactlyInAnyOrderElementsOf(
				Arrays.stream(LiftbridgeListener.class.getDeclaredMethods()).map(Method::getName).toList());
	}

}
