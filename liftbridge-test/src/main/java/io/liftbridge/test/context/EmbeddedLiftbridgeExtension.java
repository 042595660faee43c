package io.liftbridge.test.context;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.embedded.EmbeddedBroker;
import io.liftbridge.test.LiftbridgeTestTemplate;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Starts the broker of a test class without Spring. With Spring the application context
 * has it.
 */
final class EmbeddedLiftbridgeExtension implements BeforeAllCallback, ParameterResolver {

	private static final Namespace NAMESPACE = Namespace.create(EmbeddedLiftbridgeExtension.class);

	private static final Set<Class<?>> TYPES = Set.of(EmbeddedBroker.class, LiftbridgeClient.class,
			LiftbridgeTestTemplate.class);

	/** By its name, as Spring may be missing. */
	private static final String SPRING = "org.springframework.test.context.junit.jupiter.SpringExtension";

	/** Used by JUnit. */
	EmbeddedLiftbridgeExtension() {
	}

	/**
	 * The outermost class comes first: what is stored in its context is found by the
	 * nested ones, and closed with it. A nested class that has an annotation itself has a
	 * broker of its own.
	 */
	@Override
	public void beforeAll(ExtensionContext context) {
		if (isSpring(context)) {
			return;
		}
		context.getElement()
			.flatMap((element) -> AnnotationSupport.findAnnotation(element, EmbeddedLiftbridge.class))
			.ifPresent((annotation) -> store(context).put(Running.class,
					Running.start(EmbeddedBrokerSpec.of(annotation))));
	}

	@Override
	public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
		return TYPES.contains(parameter.getParameter().getType()) && !isSpring(context);
	}

	@Override
	public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
		Running running = store(context).get(Running.class, Running.class);
		if (running == null) {
			throw new IllegalStateException("The embedded Liftbridge broker was not started for "
					+ context.getRequiredTestClass().getName() + ": put @EmbeddedLiftbridge at the class");
		}
		Class<?> type = parameter.getParameter().getType();
		if (type == EmbeddedBroker.class) {
			return running.broker();
		}
		return (type == LiftbridgeClient.class) ? running.template().client() : running.template();
	}

	private static boolean isSpring(ExtensionContext context) {
		Optional<ExtensionContext> current = Optional.of(context);
		while (current.isPresent()) {
			boolean spring = current.get()
				.getTestClass()
				.map((type) -> AnnotationSupport.findRepeatableAnnotations(type, ExtendWith.class))
				.orElse(List.of())
				.stream()
				.flatMap((extensions) -> List.of(extensions.value()).stream())
				.anyMatch((extension) -> extension.getName().equals(SPRING));
			if (spring) {
				return true;
			}
			current = current.get().getParent();
		}
		return false;
	}

	private static Store store(ExtensionContext context) {
		return context.getStore(NAMESPACE);
	}

	/**
	 * Closed by JUnit with the class.
	 */
	private record Running(EmbeddedBroker broker, boolean shared,
			LiftbridgeTestTemplate template) implements AutoCloseable {

		static Running start(EmbeddedBrokerSpec spec) {
			EmbeddedBroker broker = spec.start(UnaryOperator.identity());
			return new Running(broker, spec.shared(), LiftbridgeTestTemplate.connect(broker.address()));
		}

		@Override
		public void close() {
			this.template.close();
			if (!this.shared) {
				this.broker.close();
			}
		}

	}

}
