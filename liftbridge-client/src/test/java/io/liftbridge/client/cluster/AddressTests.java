package io.liftbridge.client.cluster;

import java.util.List;

import io.liftbridge.client.message.InvalidRequestException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class AddressTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "localhost:9292 | localhost | 9292", "[::1]:9292 | ::1 | 9292", "host | host | 9292",
					"host:1 | host | 1", "host:65535 | host | 65535", "10.0.0.1:80 | 10.0.0.1 | 80",
					"[::1]:9293 | ::1 | 9293", "[::1] | ::1 | 9292", "[fe80::1%eth0]:7 | fe80::1%eth0 | 7",
					"'  host:7  ' | host | 7", "broker-1.example.org:9292 | broker-1.example.org | 9292" })
	void reads(String text, String host, int port) {
		assertThat(Address.parse(text)).isEqualTo(new Address(host, port));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "'' | host is missing", "'  ' | host is missing", ":9292 | host is missing",
					"[]:9292 | host is missing", "host: | expected host:port", "host:0 | between 1 and 65535",
					"host:65536 | between 1 and 65535", "host:92920 | between 1 and 65535", "host:-1 | port",
					"host:x | not a number", "localhost:ff | not a number", "localhost:x:1000 | more than one colon",
					"host:+9292 | not a number", "host:9 2 | not a number", "host:99999999999 | port",
					"a:b:c | more than one colon", "::1 | brackets", "fe80::1:9292 | brackets", "[::1 | bracket",
					"[::1]9292 | expected host:port", "[::1]: | expected host:port", "a b:9292 | blanks",
					"a/b:9292 | slashes", "http://host:9292 | without http://", "nats://host | without nats://" })
	void refuses(String text, String why) {
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> Address.parse(text))
			.withMessageContaining("'" + text + "' is not a valid address")
			.withMessageContaining(why);
	}

	@Test
	void writesWhatItReads() {
		assertThat(new Address("host", 7)).hasToString("host:7");
		assertThat(new Address("::1", 7)).hasToString("[::1]:7");
		assertThat(Address.parse(new Address("::1", 7).toString())).isEqualTo(new Address("::1", 7));
	}

	@Test
	void readsListsWithCommas() {
		assertThat(Address.parseAll(List.of("a:1, b:2", "c", " ", "d:4,"))).containsExactly(new Address("a", 1),
				new Address("b", 2), new Address("c", 9292), new Address("d", 4));
	}

	@Test
	void refusesListsWithoutAnAddress() {
		for (List<String> texts : List.of(List.<String>of(), List.of(""), List.of(" , "))) {
			assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> Address.parseAll(texts))
				.withMessageContaining("No seeds");
		}
	}

	@Test
	void refusesListsWithOneBadAddress() {
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> Address.parseAll(List.of("a:1,b:92920")))
			.withMessageContaining("'b:92920'");
	}

}
