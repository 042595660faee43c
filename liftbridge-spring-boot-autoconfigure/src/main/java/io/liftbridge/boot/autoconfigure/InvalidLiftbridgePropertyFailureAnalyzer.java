package io.liftbridge.boot.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

/**
 * Says which property cannot work, why, where it was set, and what to do.
 */
class InvalidLiftbridgePropertyFailureAnalyzer extends AbstractFailureAnalyzer<InvalidLiftbridgePropertyException> {

	private final PropertyOrigins origins;

	InvalidLiftbridgePropertyFailureAnalyzer(Environment environment) {
		this.origins = new PropertyOrigins(environment);
	}

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidLiftbridgePropertyException cause) {
		String written = this.origins.written(cause.getProperty());
		String description = InvalidLiftbridgePropertyException.describe(cause.getProperty(),
				(written != null) ? written : cause.getValue(), cause.getProblem());
		String hidden = (written != null) ? null : this.origins.hidden(cause.getProperty());
		if (hidden != null) {
			return new FailureAnalysis(description + " " + hidden,
					"Write the whole list in one place, or set " + cause.getProperty() + " in the other one, too.",
					cause);
		}
		String action = "Correct " + this.origins.locate(cause.getProperty()) + cause.getRemedy();
		return new FailureAnalysis(description, action.endsWith(".") ? action : action + ".", cause);
	}

}
