package io.liftbridge.spring.listener;

import java.util.List;
import java.util.stream.Stream;

import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.EmbeddedBrokerTest;
import io.liftbridge.spring.annotation.LiftbridgeListener;
import io.liftbridge.spring.support.LiftbridgeHeaders;
import jakarta.validation.Valid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.validation.Errors;
import org.springframework.validation.Validator;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ListenerSignatureTests extends EmbeddedBrokerTest {

	@Test
	void refusesToIgnoreValidBecauseNobodyValidates() {
		assertThatThrownBy(() -> application().listener("orders", new Validated()).start())
			.isInstanceOf(IllegalStateException.class)
			.hasMessageContaining("of bean 'orders'")
			.hasMessageContaining("checked) has @Valid, and there is no Validator")
			.hasMessageContaining("spring-boot-starter-validation");
		assertThatThrownBy(() -> application().listener("orders", new Validated())
			.bean("validator", Validator.class, NoValidator::new)
			.start()).isInstanceOf(IllegalStateException.class)
			.hasMessageContaining("the Validator does not know this type");
	}

	@ParameterizedTest
	@MethodSource
	void refusesABatchMethodThatCannotWork(Object listener, String parameter, String remedy) {
		assertThatThrownBy(() -> application().listener("orders", listener).start())
			.isInstanceOf(IllegalStateException.class)
			.hasMessageContaining("@LiftbridgeListener on " + listener.getClass().getSimpleName() + ".on(")
			.hasMessageContaining("of bean 'orders': " + parameter)
			.hasMessageContaining(remedy);
	}

	static Stream<Arguments> refusesABatchMethodThatCannotWork() {
		return Stream.of(
				Arguments.of(new HeaderInBatch(), "parameter 2 (String region) needs the header 'region'",
						"declare List<ReceivedMessage<T>>"),
				Arguments.of(new HeaderListInBatch(),
						"parameter 2 (List offsets) asks for one header 'liftbridge_offset' per message",
						"declare List<ReceivedMessage<T>>"),
				Arguments.of(new MessageInBatch(), "parameter 2 (ReceivedMessage message) has no value in a batch",
						"remove it, or remove batch = 'true'"),
				Arguments.of(new NoBatch(), "parameter 1 (List messages) is a list of messages", "set batch = 'true'"),
				Arguments.of(new Expression(), "parameter 1 (String name) has @Payload with the expression 'name'",
						"remove it"));
	}

	record Checked(int value) {
	}

	static class Validated {

		@LiftbridgeListener(streams = "${in}")
		void single(@Valid Checked checked) {
		}

	}

	static class HeaderInBatch {

		@LiftbridgeListener(streams = "${in}", batch = "true")
		void on(List<String> texts, @Header("region") String region) {
		}

	}

	static class HeaderListInBatch {

		@LiftbridgeListener(streams = "${in}", batch = "true")
		void on(List<String> texts, @Header(LiftbridgeHeaders.OFFSET) List<Long> offsets) {
		}

	}

	static class MessageInBatch {

		@LiftbridgeListener(streams = "${in}", batch = "true")
		void on(List<String> texts, ReceivedMessage<String> message) {
		}

	}

	static class NoBatch {

		@LiftbridgeListener(streams = "${in}")
		void on(List<Message<String>> messages) {
		}

	}

	static class Expression {

		@LiftbridgeListener(streams = "${in}")
		void on(@Payload("name") String name) {
		}

	}

	/** As Boot's, where the validation starter is missing. */
	static class NoValidator implements Validator {

		@Override
		public boolean supports(Class<?> type) {
			return false;
		}

		@Override
		public void validate(Object target, Errors errors) {
		}

	}

}
