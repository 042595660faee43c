package io.liftbridge.test.conformance;

import io.grpc.Status.Code;
import io.liftbridge.proto.CreateStreamRequest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

/**
 * Requests that kill a real server, most of them for good. A broker that survives them
 * refuses them.
 */
abstract class DangerousRequestScenarios extends Scenarios {

	@BeforeEach
	void requireSurvivor() {
		assumeFalse(broker().isCrashable(), "this kind of broker is killed by such requests");
	}

	@Test
	void negativePartitionsAreRefused() {
		assertInvalid(request().setPartitions(-1));
	}

	@ParameterizedTest
	@ValueSource(strings = { "a b", "a\tb", "a\nb", ".a", "a.", "a..b", ">" })
	void illegalNameIsRefused(String name) {
		assertInvalid(request().setName(name));
	}

	@Test
	void overlongNameIsRefused() {
		assertInvalid(request().setName("n".repeat(256)));
	}

	@Test
	void groupWithWhitespaceIsRefused() {
		assertInvalid(request().setGroup("a b"));
	}

	@Test
	void greaterThanInsideOfSubjectIsRefused() {
		assertInvalid(request().setSubject("a.>.b"));
	}

	@Test
	void greaterThanWithPartitionsIsRefused() {
		assertInvalid(request().setSubject("a.>").setPartitions(2));
	}

	private static CreateStreamRequest.Builder request() {
		return CreateStreamRequest.newBuilder().setName(uniqueName("stream")).setSubject(uniqueName("subject"));
	}

	private void assertInvalid(CreateStreamRequest.Builder request) {
		assertThat(codeOf(() -> api().createStream(request.build()))).isEqualTo(Code.INVALID_ARGUMENT);
		assertThat(publish(newStream(), "still alive").getOffset()).isZero();
	}

}
