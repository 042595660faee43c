package io.liftbridge.test.conformance;

import java.util.Optional;
import java.util.concurrent.Callable;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * Gives one broker to all scenarios of a suite, and reports what became of them.
 */
final class BrokerExtension implements BeforeAllCallback, ParameterResolver, TestWatcher {

	private static final Namespace NAMESPACE = Namespace.create(BrokerExtension.class);

	private final String kind;

	private final Callable<BrokerUnderTest> start;

	BrokerExtension(String kind, Callable<BrokerUnderTest> start) {
		this.kind = kind;
		this.start = start;
	}

	/**
	 * The outermost class comes first: what is stored in its context is found by the
	 * nested ones, and closed with it.
	 */
	@Override
	public void beforeAll(ExtensionContext context) {
		store(context).computeIfAbsent(ConformanceReport.class, (type) -> new ConformanceReport(this.kind),
				ConformanceReport.class);
		store(context).computeIfAbsent(BrokerUnderTest.class, (type) -> startBroker(), BrokerUnderTest.class);
	}

	private BrokerUnderTest startBroker() {
		try {
			return this.start.call();
		}
		catch (Exception ex) {
			throw new IllegalStateException("The broker to test (" + this.kind + ") did not start", ex);
		}
	}

	@Override
	public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
		return parameter.getParameter().getType() == BrokerUnderTest.class;
	}

	@Override
	public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
		return store(context).get(BrokerUnderTest.class, BrokerUnderTest.class);
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
		report(context, "skipped", String.valueOf(cause.getMessage()));
	}

	@Override
	public void testDisabled(ExtensionContext context, Optional<String> reason) {
		report(context, "skipped", reason.orElse(""));
	}

	private void report(ExtensionContext context, String result, String detail) {
		String family = context.getRequiredTestClass().getSimpleName();
		String method = context.getRequiredTestMethod().getName();
		String words = SentenceNames.sentence(method);
		String scenario = context.getDisplayName().equals(words) ? words : words + " " + context.getDisplayName();
		store(context).get(ConformanceReport.class, ConformanceReport.class).add(family, scenario, result, detail);
	}

	private static Store store(ExtensionContext context) {
		return context.getStore(NAMESPACE);
	}

}
