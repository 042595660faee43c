package io.liftbridge.test.conformance;

import org.junit.jupiter.api.Nested;

/**
 * All families of scenarios. A subclass says which broker they run on.
 */
abstract class ConformanceSuite {

	@Nested
	class CreateStream extends CreateStreamScenarios {

	}

}
