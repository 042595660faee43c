package io.liftbridge.client.message;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class HeadersTests {

	@Test
	void isImmutable() {
		Headers none = Headers.empty();
		Headers one = none.with("a", "1");
		Headers two = one.with("b", new byte[] { 2 });
		assertThat(none.isEmpty()).isTrue();
		assertThat(one.names()).containsExactly("a");
		assertThat(two.names()).containsExactly("a", "b");
		assertThat(two.without("a").names()).containsExactly("b");
		assertThat(two.size()).isEqualTo(2);
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> two.names().clear());
	}

	@Test
	void copiesTheMap() {
		Map<String, byte[]> map = new LinkedHashMap<>(Map.of("a", new byte[] { 1 }));
		Headers headers = Headers.of(map);
		map.put("b", new byte[0]);
		assertThat(headers.names()).containsExactly("a");
	}

	@Test
	void readsTextAsUtf8() {
		Headers headers = Headers.empty().with("k", "日本語");
		assertThat(headers.get("k")).isEqualTo("日本語".getBytes(StandardCharsets.UTF_8));
		assertThat(headers.text("k")).isEqualTo("日本語");
		assertThat(headers.text("none")).isNull();
		assertThat(headers.get("none")).isNull();
	}

	@Test
	void replacesAValue() {
		assertThat(Headers.empty().with("a", "1").with("a", "2").text("a")).isEqualTo("2");
	}

	@Test
	void keepsTheOrderOfAddition() {
		List<String> seen = new ArrayList<>();
		Headers.empty().with("z", "").with("a", "").with("m", "").forEach((name, value) -> seen.add(name));
		assertThat(seen).containsExactly("z", "a", "m");
	}

	@Test
	void comparesValuesByContent() {
		Headers one = Headers.empty().with("a", "1").with("b", "2");
		Headers other = Headers.empty().with("b", "2").with("a", "1");
		assertThat(one).isEqualTo(other).hasSameHashCodeAs(other);
		assertThat(one).isNotEqualTo(other.with("a", "3")).isNotEqualTo(other.without("a"));
	}

	@Test
	void refusesNamesThatStopTheServer() {
		String longest = "n".repeat(Headers.MAX_NAME_BYTES);
		assertThat(Headers.empty().with(longest, "").size()).isOne();
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> Headers.empty().with("", ""))
			.withMessageContaining("empty");
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> Headers.empty().with(longest + "n", ""))
			.withMessageContaining("32768");
		// Two bytes each.
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> Headers.of(Map.of("ü".repeat(16384), new byte[0])))
			.withMessageContaining("32768");
	}

	@Test
	void whatWasReceivedIsNotSentOnIfTheServerCannotTakeIt() {
		Map<String, byte[]> tooMany = new HashMap<>();
		for (int i = 0; i <= Headers.MAX_COUNT; i++) {
			tooMany.put("h" + i, new byte[0]);
		}
		Message.Builder message = Message.builder().headers(Headers.received(tooMany));
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(message::build)
			.withMessageContaining("32766 headers");
		Map<String, byte[]> tooLong = Map.of("n".repeat(Headers.MAX_NAME_BYTES + 1), new byte[0]);
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> Message.builder().headers(Headers.received(tooLong)).build())
			.withMessageContaining("32768");
		// Does no harm, and a dead letter may have it.
		assertThat(Message.builder().headers(Headers.received(Map.of("", new byte[0]))).build().headers().size())
			.isOne();
	}

	@Test
	void hidesValuesFromLogs() {
		assertThat(Headers.empty().with("token", "secret")).asString().contains("token").doesNotContain("secret");
	}

}
