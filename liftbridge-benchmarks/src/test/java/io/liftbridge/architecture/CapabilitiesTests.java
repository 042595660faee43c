package io.liftbridge.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The tables of capabilities name classes, methods and tests that exist, and leave
 * nothing out of what users of other systems have.
 */
class CapabilitiesTests {

	private static final Pattern TEST = Pattern
		.compile("`([A-Z][A-Za-z]+(?:Tests|IT|Scenarios))(?:#([a-z][A-Za-z0-9]*))?`");

	/** A class, its nested class if any, and a method or constant if any. */
	private static final Pattern MEMBER = Pattern.compile(
			"`([A-Z][A-Za-z]*[a-z][A-Za-z]*)((?:\\.[A-Z][A-Za-z]*[a-z][A-Za-z]*)*)(?:\\.([a-z][A-Za-z]*|[A-Z_]+))?`");

	/** How many capabilities the list of each other system has. */
	private static final Map<String, Integer> OTHERS = Map.of("A.0", 30, "A.1", 45, "A.2", 32, "A.4", 36, "B.2", 34,
			"B.3", 12);

	private static final Pattern ROW = Pattern
		.compile("(?m)^\\| ([AB]\\.\\d+-\\d+) \\|([^|]*)\\|([^|]*)\\|([^|]*)\\|$");

	/** What needs no test, or says why there is nothing to test. */
	private static final Pattern UNTESTED = Pattern.compile("missing: |not on Liftbridge: |CONTRIBUTING|\\.ci/run");

	private static final String DOCUMENT = House.text("docs/capabilities.md");

	private static JavaClasses main;

	private static JavaClasses tests;

	@BeforeAll
	static void read() {
		main = new ClassFileImporter().importPaths(House.classes("classes"));
		tests = new ClassFileImporter().importPaths(House.classes("test-classes"));
	}

	@Test
	void eachTestThatIsNamedExists() {
		Set<String> existing = House.sources("test")
			.stream()
			.map((source) -> source.path().getFileName().toString().replace(".java", ""))
			.collect(Collectors.toSet());
		assertThat(
				TEST.matcher(DOCUMENT).results().map((MatchResult named) -> named.group(1)).collect(Collectors.toSet()))
			.isNotEmpty()
			.isSubsetOf(existing);
	}

	@Test
	void eachMethodOfATestThatIsNamedExists() {
		assertThat(TEST.matcher(DOCUMENT)
			.results()
			.filter((named) -> named.group(2) != null)
			.filter((named) -> !hasMember(tests, named.group(1), named.group(2)))
			.map(MatchResult::group)).isEmpty();
	}

	@Test
	void eachClassAndMethodThatIsNamedExists() {
		List<String> unknown = new ArrayList<>();
		int members = 0;
		for (MatchResult named : rows().stream().flatMap((row) -> MEMBER.matcher(row.group(3)).results()).toList()) {
			String type = named.group(1) + named.group(2).replace('.', '$');
			String member = named.group(3);
			members += (member != null) ? 1 : 0;
			if ((member != null) ? !hasMember(main, type, member) : named(main, type).findAny().isEmpty()) {
				unknown.add(named.group());
			}
		}
		assertThat(unknown).isEmpty();
		assertThat(members).as("methods that are named").isGreaterThan(100);
	}

	@Test
	void eachCapabilityOfOtherSystemsHasOneRow() {
		List<String> expected = new TreeMap<>(OTHERS).entrySet()
			.stream()
			.flatMap((list) -> IntStream.rangeClosed(1, list.getValue()).mapToObj((n) -> list.getKey() + "-" + n))
			.toList();
		assertThat(rows().stream().map((row) -> row.group(1))).containsExactlyElementsOf(expected);
	}

	@Test
	void eachCapabilityOfOtherSystemsHasATestOrSaysWhatIsMissing() {
		assertThat(rows().stream()
			.filter((row) -> row.group(4).isBlank() && !UNTESTED.matcher(row.group(3)).find())
			.map((row) -> row.group(1))).isEmpty();
	}

	private static List<MatchResult> rows() {
		return ROW.matcher(DOCUMENT).results().toList();
	}

	private static boolean hasMember(JavaClasses classes, String type, String member) {
		return named(classes, type).flatMap((found) -> found.getAllMembers().stream())
			.map(JavaMember::getName)
			.anyMatch(member::equals);
	}

	/** Nested classes are named with a dollar sign. */
	private static Stream<JavaClass> named(JavaClasses classes, String type) {
		return classes.stream()
			.filter((candidate) -> candidate.getName().endsWith("." + type)
					|| candidate.getName().endsWith("$" + type));
	}

}
