package io.liftbridge.architecture;

import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The table of capabilities names tests that exist.
 */
class CapabilitiesTests {

	private static final Pattern TEST = Pattern.compile("`([A-Z][A-Za-z]+(?:Tests|IT|Scenarios))[#`]");

	@Test
	void eachTestThatIsNamedExists() {
		Set<String> existing = House.sources("test")
			.stream()
			.map((source) -> source.path().getFileName().toString().replace(".java", ""))
			.collect(Collectors.toSet());
		assertThat(TEST.matcher(House.text("docs/capabilities.md"))
			.results()
			.map((MatchResult named) -> named.group(1))
			.collect(Collectors.toSet())).isNotEmpty().isSubsetOf(existing);
	}

}
