package io.liftbridge.spring.aot;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.annotation.LiftbridgeHandler;
import io.liftbridge.spring.annotation.LiftbridgeListener;
import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.annotation.ReflectiveRuntimeHintsRegistrar;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.SendTo;
import org.springframework.util.ReflectionUtils;

import static org.assertj.core.api.Assertions.assertThat;

class ListenerReflectiveProcessorTests {

	/** By the way that Spring goes for each bean. */
	private static RuntimeHints hints(Class<?> type) {
		RuntimeHints hints = new RuntimeHints();
		new ReflectiveRuntimeHintsRegistrar().registerRuntimeHints(hints, type);
		return hints;
	}

	@Test
	void keepsMethodsAndWhatTheyReceiveAndAnswer() {
		RuntimeHints hints = hints(Billing.class);
		for (String name : List.of("on", "each", "several", "together")) {
			assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(method(Billing.class, name))).as(name)
				.accepts(hints);
		}
		for (Class<?> payload : List.of(Order.class, Line.class, Refund.class, Invoice.class, Note.class)) {
			assertThat(RuntimeHintsPredicates.reflection().onType(payload)).as(payload.getSimpleName()).accepts(hints);
		}
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(method(Order.class, "customer")))
			.accepts(hints);
	}

	@Test
	void keepsHandlersOfAClass() {
		RuntimeHints hints = hints(Handlers.class);
		assertThat(RuntimeHintsPredicates.reflection().onType(Handlers.class)).accepts(hints);
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(method(Handlers.class, "refund")))
			.accepts(hints);
		assertThat(RuntimeHintsPredicates.reflection().onType(Refund.class)).accepts(hints);
	}

	@Test
	void leavesOtherMethodsAndWrappersAlone() {
		RuntimeHints hints = hints(Billing.class);
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(method(Billing.class, "other")))
			.rejects(hints);
		assertThat(RuntimeHintsPredicates.reflection().onType(CompletableFuture.class)).rejects(hints);
		assertThat(RuntimeHintsPredicates.reflection().onType(Message.class)).rejects(hints);
	}

	@Test
	void anElementOfAnotherKindIsNoMistake() {
		RuntimeHints hints = new RuntimeHints();
		AnnotatedElement parameter = method(Billing.class, "on").getParameters()[0];
		new ListenerReflectiveProcessor().registerReflectionHints(hints.reflection(), parameter);
		assertThat(hints.reflection().typeHints()).isEmpty();
	}

	@Test
	void whatFiltersSeeIsKept() throws ClassNotFoundException {
		RuntimeHints hints = new RuntimeHints();
		new LiftbridgeRuntimeHints().registerHints(hints, getClass().getClassLoader());
		for (String seen : List.of("io.liftbridge.spring.annotation.FilterExpression$Root",
				"io.liftbridge.client.message.ReceivedMessage", "io.liftbridge.client.message.Headers")) {
			assertThat(RuntimeHintsPredicates.reflection()
				.onType(Class.forName(seen))
				.withMemberCategory(MemberCategory.INVOKE_PUBLIC_METHODS)).as(seen).accepts(hints);
		}
	}

	private static Method method(Class<?> type, String name) {
		return Arrays.stream(ReflectionUtils.getDeclaredMethods(type))
			.filter((method) -> method.getName().equals(name))
			.findFirst()
			.orElseThrow();
	}

	record Order(String customer, List<Line> lines) {
	}

	record Line(String article) {
	}

	record Refund(String customer) {
	}

	record Invoice(String customer) {
	}

	record Note(String text) {
	}

	static class Billing {

		@LiftbridgeListener(streams = "orders")
		@SendTo("invoices")
		CompletableFuture<Invoice> on(Order order) {
			return CompletableFuture.completedFuture(new Invoice(order.customer()));
		}

		@LiftbridgeListener(streams = "refunds", batch = "true")
		void each(List<ReceivedMessage<Refund>> refunds) {
		}

		@LiftbridgeListener(streams = "notes")
		@LiftbridgeListener(streams = "more-notes")
		void several(Message<Note> note) {
		}

		@LiftbridgeListener(streams = "raw")
		void together(byte[] value) {
		}

		void other(Order order) {
		}

	}

	@LiftbridgeListener(streams = "orders")
	static class Handlers {

		@LiftbridgeHandler
		void refund(Refund refund) {
		}

	}

}
