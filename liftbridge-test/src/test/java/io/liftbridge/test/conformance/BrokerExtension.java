package io.liftbridge.test.conformance;

import java.util.Optional;
import java.util.function.Function;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestWatcher;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Gives one broker to all scenarios of a suite, except those with an {@link OwnBroker},
 * and reports what became of them.
 */
final class BrokerExtension implements BeforeAllCallback, ExecutionCondition, ParameterResolver, TestWatcher {

	private static final Namespace NAMESPACE = Namespace.create(BrokerExtension.class);

	private final String kind;

	private final Function<Wanted, BrokerUnderTest> starter;

	private boolean cluster;

	/**
	 * Makes the extension of one suite.
	 * @param kind names the kind of broker in the report
	 * @param starter starts a broker
	 */
	BrokerExtension(String kind, Function<Wanted, BrokerUnderTest> starter) {
		this.kind = kind;
		this.starter = starter;
	}

	/**
	 * Skips what is for a {@link SingleBrokerOnly single broker}, instead of what is for
	 * a {@link ClusterOnly cluster}.
	 */
	BrokerExtension onCluster() {
		this.cluster = true;
		return this;
	}

	/**
	 * Each scenario is skipped for itself, as those of a class that is skipped are not
	 * reported.
	 */
	@Override
	public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
		if (context.getTestMethod().isEmpty()) {
			return ConditionEvaluationResult.enabled("");
		}
		if (!this.cluster) {
			return AnnotationSupport.isAnnotated(context.getRequiredTestClass(), ClusterOnly.class)
					? ConditionEvaluationResult.disabled("there is one broker only")
					: ConditionEvaluationResult.enabled("");
		}
		return AnnotationSupport.findAnnotation(context.getTestMethod(), SingleBrokerOnly.class)
			.map((why) -> ConditionEvaluationResult.disabled(why.value()))
			.orElseGet(() -> ConditionEvaluationResult.enabled(""));
	}

	/**
	 * The outermost class comes first: what is stored in its context is found by the
	 * nested ones, and closed with it.
	 */
	@Override
	public void beforeAll(ExtensionContext context) {
		Store store = store(context);
		store.computeIfAbsent(ConformanceReport.class, (type) -> new ConformanceReport(this.kind),
				ConformanceReport.class);
		store.computeIfAbsent(BrokerUnderTest.class, (type) -> this.starter.apply(Wanted.USUAL), BrokerUnderTest.class);
		ownBroker(context).ifPresent((own) -> store.computeIfAbsent(OwnBroker.class,
				(type) -> this.starter.apply(new Wanted(own.cursorPartitions(), own.activityStream())),
				BrokerUnderTest.class));
	}

	private static Optional<OwnBroker> ownBroker(ExtensionContext context) {
		return AnnotationSupport.findAnnotation(context.getRequiredTestClass(), OwnBroker.class);
	}

	@Override
	public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
		return parameter.getParameter().getType() == BrokerUnderTest.class;
	}

	@Override
	public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
		Class<?> key = ownBroker(context).isPresent() ? OwnBroker.class : BrokerUnderTest.class;
		return store(context).get(key, BrokerUnderTest.class);
	}

	@Override
	public void testSuccessful(ExtensionContext context) {
		report(context, "passed", "");
	}

	@Override
	public void testFailed(ExtensionContext context, Throwable cause) {
		report(context, "failed", String.valueOf(cause.getMessage()));
	}

	@Override
	public void testAborted(ExtensionContext context, Throwable cause) {
		report(context, "skipped", String.valueOf(cause.getMessage()).replaceFirst("^Assumption failed: ", ""));
	}

	@Override
	public void testDisabled(ExtensionContext context, Optional<String> reason) {
		report(context, "skipped", reason.orElse(""));
	}

	private void report(ExtensionContext context, String result, String detail) {
		String family = context.getRequiredTestClass().getSimpleName();
		String words = SentenceNames.sentence(context.getRequiredTestMethod().getName());
		String scenario = context.getDisplayName().equals(words) ? words : words + " " + context.getDisplayName();
		store(context).get(ConformanceReport.class, ConformanceReport.class).add(family, scenario, result, detail);
	}

	private static Store store(ExtensionContext context) {
		return context.getStore(NAMESPACE);
	}

	/**
	 * What scenarios want of their broker.
	 */
	record Wanted(int cursorPartitions, boolean activityStream) {

		static final Wanted USUAL = new Wanted(BrokerUnderTest.CURSOR_PARTITIONS, false);

	}

}
