package io.liftbridge.client.consumer;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.liftbridge.client.message.Headers;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.proto.Message;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever a message consists of, it is read without an exception.
 */
class ReceivedMessagePropertyTests {

	@Property
	void anyHeadersAreRead(@ForAll("headers") Headers headers, @ForAll byte[] key, @ForAll byte[] value,
			@ForAll long offset, @ForAll long timestamp) {
		Message.Builder wire = Message.newBuilder()
			.setStream("orders")
			.setOffset(offset)
			.setTimestamp(timestamp)
			.setKey(ByteString.copyFrom(key))
			.setValue(ByteString.copyFrom(value));
		headers.forEach((name, content) -> wire.putHeaders(name, ByteString.copyFrom(content)));
		ReceivedMessage<byte[]> message = Delivery.convert(wire.build());
		assertThat(message.headers()).isEqualTo(headers);
		assertThat(message.value()).isEqualTo(value);
		assertThat(message.key()).isEqualTo((key.length > 0) ? key : null);
		assertThat(message.timestampNanos()).isEqualTo(timestamp);
		assertThat(message.offset()).isEqualTo(offset);
		assertReadable(message);
	}

	@Property
	void anyBytesThatAreAMessageAreRead(@ForAll @Size(max = 300) byte[] bytes) {
		parse(bytes).map(Delivery::convert).ifPresent(ReceivedMessagePropertyTests::assertReadable);
	}

	@Property
	void aMessageWithADamagedByteIsReadOrNone(@ForAll("headers") Headers headers, @ForAll @Size(max = 20) byte[] value,
			@ForAll int position, @ForAll byte damage) {
		Message.Builder wire = Message.newBuilder().setStream("orders").setOffset(7).setSubject("orders");
		wire.setValue(ByteString.copyFrom(value));
		headers.forEach((name, content) -> wire.putHeaders(name, ByteString.copyFrom(content)));
		byte[] bytes = wire.build().toByteArray();
		bytes[Math.floorMod(position, bytes.length)] = damage;
		parse(bytes).map(Delivery::convert).ifPresent(ReceivedMessagePropertyTests::assertReadable);
	}

	@Property
	void aFilterDecidesAboutAnyHeader(@ForAll("headers") Headers headers, @ForAll byte[] value) {
		ReceivedMessage<byte[]> message = ReceivedMessage.of("orders", 0, 0, 0, null, value,
				headers.with("kind", value), "orders");
		MessageFilter filter = MessageFilter.ALL.header("kind", message.text());
		assertThat(filter.matches(message)).isTrue();
		assertThat(
				filter.matches(ReceivedMessage.of("orders", 0, 0, 0, null, value, headers.without("kind"), "orders")))
			.isFalse();
	}

	@Provide
	Arbitrary<Headers> headers() {
		Arbitrary<String> names = Arbitraries.strings().ofMaxLength(20).filter(ReceivedMessagePropertyTests::isUnicode);
		Arbitrary<byte[]> values = Arbitraries.bytes().array(byte[].class).ofMaxSize(30);
		return Combinators.combine(Arbitraries.maps(names, values).ofMaxSize(5), values)
			.as((all, one) -> Headers.received(all));
	}

	/** The protocol knows no halves of characters. */
	private static boolean isUnicode(String text) {
		return ByteString.copyFromUtf8(text).toStringUtf8().equals(text);
	}

	private static Optional<Message> parse(byte[] bytes) {
		try {
			return Optional.of(Message.parseFrom(bytes));
		}
		catch (InvalidProtocolBufferException ex) {
			return Optional.empty();
		}
	}

	private static void assertReadable(ReceivedMessage<byte[]> message) {
		assertThat(message.timestamp()).isNotNull();
		assertThat(message.text()).isNotNull();
		assertThat((message.keyText() == null)).isEqualTo(message.key() == null);
		assertThat(message.subject()).isNotNull();
		assertThat(message.replySubject()).isNotNull();
		assertThat(message).hasToString(
				"ReceivedMessage[" + message.stream() + "/" + message.partition() + "@" + message.offset() + "]");
		for (String name : List.copyOf(message.headers().names())) {
			assertThat(message.headers().text(name)).isNotNull();
			assertThat(message.headers().without(name).get(name)).isNull();
		}
		assertCopied(message);
	}

	/** A dead letter, for one, has the headers of what it is made of. */
	private static void assertCopied(ReceivedMessage<byte[]> message) {
		io.liftbridge.client.message.Message.Builder copy = io.liftbridge.client.message.Message.builder()
			.key(message.key())
			.value(message.value());
		try {
			message.headers().forEach(copy::header);
			assertThat(Arrays.equals(copy.build().value(), message.value())).isTrue();
		}
		catch (InvalidRequestException ex) {
			assertThat(ex).hasMessageContaining("Header name");
		}
	}

}
