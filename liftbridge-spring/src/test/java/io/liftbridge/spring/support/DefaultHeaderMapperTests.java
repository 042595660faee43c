package io.liftbridge.spring.support;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

import io.liftbridge.client.message.Headers;
import io.liftbridge.client.message.ReceivedMessage;
import org.junit.jupiter.api.Test;
import org.springframework.util.MimeTypeUtils;

import static org.assertj.core.api.Assertions.assertThat;

class DefaultHeaderMapperTests {

	private final DefaultHeaderMapper mapper = new DefaultHeaderMapper();

	@Test
	void writesTextNumbersAndBytesAndLeavesTheRestOut() {
		UUID uuid = UUID.randomUUID();
		Map<String, Object> headers = new LinkedHashMap<>();
		headers.put("text", "é");
		headers.put("number", 1.5);
		headers.put("flag", true);
		headers.put("unit", TimeUnit.DAYS);
		headers.put("time", Instant.EPOCH);
		headers.put("uuid", uuid);
		headers.put("bytes", new byte[] { -1 });
		headers.put("object", new Object());
		headers.put("id", uuid);
		headers.put("timestamp", 1L);
		headers.put("subject", "forged");
		headers.put("contentType", MimeTypeUtils.APPLICATION_XML);
		headers.put(LiftbridgeHeaders.OFFSET, 3L);
		headers.put(LiftbridgeHeaders.DLT_STREAM, "origin");
		Headers mapped = this.mapper.toLiftbridge(headers);
		assertThat(mapped.names()).containsExactlyInAnyOrder("text", "number", "flag", "unit", "time", "uuid", "bytes",
				"content-type", LiftbridgeHeaders.DLT_STREAM);
		assertThat(mapped.text("text")).isEqualTo("é");
		assertThat(mapped.text("number")).isEqualTo("1.5");
		assertThat(mapped.text("unit")).isEqualTo("DAYS");
		assertThat(mapped.text("time")).isEqualTo("1970-01-01T00:00:00Z");
		assertThat(mapped.get("bytes")).containsExactly(-1);
		assertThat(mapped.text("content-type")).isEqualTo("application/xml");
	}

	@Test
	void sendsAnIdAndATimestampOfTheUsersOwn() {
		Headers mapped = this.mapper.toLiftbridge(Map.of("id", "order-7", "timestamp", "2026-11-21T03:00:00Z"));
		assertThat(mapped.text("id")).isEqualTo("order-7");
		assertThat(mapped.text("timestamp")).isEqualTo("2026-11-21T03:00:00Z");
	}

	@Test
	void readsTextWhereItIsTextAndBytesElsewhere() {
		Headers headers = Headers.empty()
			.with("text", "é")
			.with("bytes", new byte[] { (byte) 0xc3, 0x28 })
			.with("empty", "")
			.with("subject", "s")
			.with("reply", "")
			.with(LiftbridgeHeaders.OFFSET, "forged");
		ReceivedMessage<byte[]> message = ReceivedMessage.of("orders", 2, 7, 1_000_000_000L,
				"k".getBytes(StandardCharsets.UTF_8), new byte[0], headers, "orders.2");
		Map<String, Object> mapped = this.mapper.fromLiftbridge(message);
		assertThat(mapped).containsEntry("text", "é")
			.containsEntry("empty", "")
			.containsEntry(LiftbridgeHeaders.STREAM, "orders")
			.containsEntry(LiftbridgeHeaders.PARTITION, 2)
			.containsEntry(LiftbridgeHeaders.OFFSET, 7L)
			.containsEntry(LiftbridgeHeaders.TIMESTAMP, Instant.ofEpochSecond(1))
			.containsEntry(LiftbridgeHeaders.KEY, "k")
			.containsEntry(LiftbridgeHeaders.SUBJECT, "orders.2")
			.doesNotContainKeys("subject", "reply", LiftbridgeHeaders.REPLY_SUBJECT);
		assertThat((byte[]) mapped.get("bytes")).containsExactly(0xc3, 0x28);
	}

	@Test
	void aKeyThatIsNoTextStaysBytes() {
		ReceivedMessage<byte[]> message = ReceivedMessage.of("orders", 0, 0, 0, new byte[] { (byte) 0xff }, new byte[0],
				Headers.empty(), "orders");
		assertThat(this.mapper.fromLiftbridge(message).get(LiftbridgeHeaders.KEY)).isInstanceOf(byte[].class);
	}

}
