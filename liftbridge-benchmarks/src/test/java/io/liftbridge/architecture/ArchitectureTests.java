package io.liftbridge.architecture;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which module and which package may know which, over the compiled classes of the whole
 * house.
 */
class ArchitectureTests {

	private static final String PROTO = "io.liftbridge.proto..";

	private static JavaClasses main;

	private static JavaClasses tests;

	@BeforeAll
	static void read() {
		main = new ClassFileImporter().importPaths(House.classes("classes"));
		tests = new ClassFileImporter().importPaths(House.classes("test-classes"));
		assertThat(main.size()).as("classes were compiled before this test").isGreaterThan(200);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			client   | client proto
			embedded | embedded proto
			test     | test client embedded proto
			spring   | spring client
			boot     | boot spring client embedded
			sample   | sample boot spring client embedded
			""")
	void modulesDependDownwardsOnly(String module, String allowed) {
		String[] packages = Arrays.stream(allowed.split(" "))
			.map((name) -> "io.liftbridge." + name + "..")
			.toArray(String[]::new);
		rule(noClasses().that(resideInAPackage("io.liftbridge." + module + ".."))
			.should()
			.dependOnClassesThat(ours().and(DescribedPredicate.not(resideInAnyPackage(packages)))));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			message  | message
			cluster  | cluster message
			stream   | stream cluster message
			cursor   | cursor stream cluster message
			entry    | entry message
			producer | producer entry stream cluster message
			consumer | consumer entry cursor stream cluster message
			nats     | nats stream cluster message
			group    | group consumer entry cursor stream cluster message
			activity | activity consumer stream cluster message
			topic    | topic producer consumer entry cursor stream cluster message
			""")
	void roomsOfTheClientKnowOnlyThoseBelow(String room, String allowed) {
		String[] packages = Arrays.stream((allowed).split(" "))
			.map((name) -> "io.liftbridge.client." + name)
			.toArray(String[]::new);
		rule(noClasses().that(resideInAPackage("io.liftbridge.client." + room))
			.should()
			.dependOnClassesThat(resideInAPackage("io.liftbridge.client..")
				.and(DescribedPredicate.not(resideInAnyPackage(packages)))));
	}

	@Test
	void theClientKnowsNoSpring() {
		rule(noClasses().that(resideInAPackage("io.liftbridge.client.."))
			.should()
			.dependOnClassesThat(resideInAPackage("org.springframework..")));
	}

	@Test
	void jsonStaysInTheTopicPackage() {
		rule(noClasses()
			.that(resideInAPackage("io.liftbridge.client..")
				.and(DescribedPredicate.not(resideInAPackage("io.liftbridge.client.topic"))))
			.should()
			.dependOnClassesThat(resideInAnyPackage("tools.jackson..", "com.networknt..")));
	}

	@Test
	void springKnowsNoBoot() {
		rule(noClasses().that(resideInAPackage("io.liftbridge.spring.."))
			.should()
			.dependOnClassesThat(resideInAPackage("org.springframework.boot..")));
	}

	@Test
	void grpcStaysInTheClusterPackage() {
		rule(noClasses()
			.that(resideInAnyPackage("io.liftbridge.client..", "io.liftbridge.spring..", "io.liftbridge.boot..",
					"io.liftbridge.sample..")
				.and(DescribedPredicate.not(resideInAPackage("io.liftbridge.client.cluster"))))
			.should()
			.dependOnClassesThat(resideInAPackage("io.grpc..")));
	}

	@Test
	void packagesHaveNoCycles() {
		rule(slices().matching("io.liftbridge.(**)").should().beFreeOfCycles());
	}

	@Test
	void eachPackageIsNullMarked() {
		assertThat(main.stream()
			.filter((type) -> !type.getPackageName().startsWith("io.liftbridge.proto"))
			.map(JavaClass::getPackage)
			.distinct()
			.filter((place) -> !place.isAnnotatedWith("org.jspecify.annotations.NullMarked"))
			.map((place) -> place.getName())).isEmpty();
	}

	@Test
	void nothingIsSynchronized() {
		// Monitors pin virtual threads on older JVMs and cannot be interrupted.
		rule(noMethods().that()
			.areDeclaredInClassesThat(ours().and(DescribedPredicate.not(resideInAPackage(PROTO))))
			.should()
			.haveModifier(JavaModifier.SYNCHRONIZED)
			.allowEmptyShould(true));
		assertThat(House.sources("main")).noneSatisfy((source) -> assertThat(source.code()).contains("synchronized ("));
	}

	@Test
	void testsDoNotSleep() {
		ArchRule rule = noClasses().should().callMethod(Thread.class, "sleep", long.class);
		rule.check(tests);
		noClasses().should().callMethod(TimeUnit.class, "sleep", long.class).check(tests);
	}

	@Test
	void noClassIsOverFiveHundredLines() {
		assertThat(House.sources("main")).isNotEmpty()
			.allSatisfy((source) -> assertThat(source.lines()).as(source.path().toString()).isLessThanOrEqualTo(500));
	}

	@Test
	void publicTypesLiveWhereTheDesignPutsThem() {
		rule(classes().that(resideInAPackage("io.liftbridge.."))
			.should()
			.resideInAnyPackage("io.liftbridge.proto", "io.liftbridge.client..", "io.liftbridge.spring..",
					"io.liftbridge.boot..", "io.liftbridge.embedded..", "io.liftbridge.test..",
					"io.liftbridge.sample..", "io.liftbridge.benchmarks.."));
	}

	private static DescribedPredicate<JavaClass> ours() {
		return resideInAPackage("io.liftbridge..");
	}

	private static void rule(ArchRule rule) {
		rule.allowEmptyShould(true).check(main);
	}

}
