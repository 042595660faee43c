package io.liftbridge.embedded;

import com.google.protobuf.ByteString;
import io.liftbridge.proto.CreateStreamRequest;
import io.liftbridge.proto.StopPosition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static io.liftbridge.embedded.PauseAndReadonlyTests.number;
import static io.liftbridge.embedded.PauseAndReadonlyTests.yes;
import static io.liftbridge.embedded.RawClient.fromEarliest;
import static io.liftbridge.embedded.RawClient.message;
import static io.liftbridge.embedded.RawClient.stream;
import static org.assertj.core.api.Assertions.assertThat;

class RetentionTests extends BrokerTest {

	/** One message per segment. */
	private static CreateStreamRequest.Builder tiny(String name) {
		return stream(name).setSegmentMaxBytes(number(1)).setCleanerInterval(number(20));
	}

	private Iterable<String> stored(String stream) {
		Subscriber subscriber = this.client.subscribe(fromEarliest(stream).setStopPosition(StopPosition.STOP_LATEST));
		subscriber.awaitEnd();
		return subscriber.values();
	}

	@Test
	void keepsTheNewestMessages() {
		this.client.create(tiny("s").setRetentionMaxMessages(number(3)));
		this.client.publishAll("s", "m0", "m1", "m2", "m3", "m4", "m5");
		Awaitility.await().untilAsserted(() -> {
			// The newest segment is rolled by the cleaner, and the new, empty one counts
			// as none.
			assertThat(stored("s")).hasSizeLessThanOrEqualTo(3).last().isEqualTo("m5");
		});
		assertThat(this.client.publish("s", "m6").getOffset()).isEqualTo(6);
	}

	@Test
	void keepsTheNewestBytes() {
		this.client.create(tiny("s").setRetentionMaxBytes(number(250)));
		for (int i = 0; i < 10; i++) {
			this.client.publish("s", "x".repeat(30));
		}
		Awaitility.await().untilAsserted(() -> assertThat(stored("s")).hasSizeBetween(1, 2));
	}

	@Test
	void keepsYoungMessagesOnlyAndGoesOnAtTheNextOffset() {
		this.client.create(stream("s").setSegmentMaxAge(number(300))
			.setRetentionMaxAge(number(1000))
			.setCleanerInterval(number(20)));
		// Before anything may be too old.
		Subscriber early = this.client.subscribe(fromEarliest("s")).awaitLive();
		this.client.publishAll("s", "m0", "m1", "m2");
		assertThat(early.awaitMessages(3)).hasSize(3);
		Awaitility.await().untilAsserted(() -> {
			Subscriber subscriber = this.client.subscribe(fromEarliest("s")).awaitLive();
			this.client.withoutDeadline().publish(message("s", "next").build());
			assertThat(subscriber.awaitMessages(1).get(0).getOffset()).isGreaterThanOrEqualTo(3);
			subscriber.cancel();
		});
		early.awaitMessages(4);
		assertThat(early.values()).startsWith("m0", "m1", "m2", "next");
	}

	@Test
	void keepsTheLastMessageOfEachKey() {
		this.client.create(tiny("s").setCompactEnabled(yes()));
		String[][] messages = { { "a", "1" }, { "b", "1" }, { "", "1" }, { "a", "2" }, { "", "2" }, { "a", "" },
				{ "c", "1" } };
		for (String[] each : messages) {
			this.client.publish(message("s", each[1]).setKey(ByteString.copyFromUtf8(each[0])));
		}
		Awaitility.await().untilAsserted(() -> {
			Subscriber subscriber = this.client.subscribe(fromEarliest("s").setStopPosition(StopPosition.STOP_LATEST));
			subscriber.awaitEnd();
			assertThat(subscriber.offsets()).containsExactly(1L, 2L, 4L, 5L, 6L);
		});
		Subscriber fromGap = this.client.subscribe(RawClient.fromOffset("s", 3));
		assertThat(fromGap.awaitMessages(3).get(0).getOffset()).isEqualTo(4);
		Subscriber reverse = this.client.subscribe(RawClient.fromOffset("s", 3).setReverse(true));
		reverse.awaitEnd();
		assertThat(reverse.offsets()).containsExactly(2L, 1L);
	}

}
