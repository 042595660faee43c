package io.liftbridge.test.conformance;

import io.grpc.Status.Code;
import io.liftbridge.proto.FetchCursorRequest;
import io.liftbridge.proto.SetCursorRequest;
import io.liftbridge.proto.StreamMetadata;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Cursors on a broker that has them switched off, which is a broker's default.
 */
@OwnBroker(cursorPartitions = 0)
abstract class DisabledCursorScenarios extends Scenarios {

	@Test
	void settingIsRefused() {
		SetCursorRequest request = SetCursorRequest.newBuilder().setStream("stream").setCursorId("cursor").build();
		assertRefused(Code.INTERNAL, "Cursors stream does not exist", () -> api().setCursor(request));
	}

	@Test
	void fetchingIsRefused() {
		FetchCursorRequest request = FetchCursorRequest.newBuilder().setStream("stream").setCursorId("cursor").build();
		assertRefused(Code.INTERNAL, "Cursors stream does not exist", () -> api().fetchCursor(request));
	}

	@Test
	void missingArgumentsAreToldFirst() {
		assertRefused(Code.INVALID_ARGUMENT, "No stream provided",
				() -> api().fetchCursor(FetchCursorRequest.getDefaultInstance()));
	}

	@Test
	void cursorsStreamDoesNotExist() {
		assertThat(describe("__cursors").getError()).isEqualTo(StreamMetadata.Error.UNKNOWN_STREAM);
	}

}
