package io.liftbridge.boot.autoconfigure;

import io.liftbridge.spring.listener.DuplicateListenerIdException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says which listeners have the same id.
 */
class DuplicateListenerIdFailureAnalyzer extends AbstractFailureAnalyzer<DuplicateListenerIdException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, DuplicateListenerIdException cause) {
		return new FailureAnalysis(cause.getMessage(),
				"Give one of the listeners another id than '" + cause.getListenerId() + "'.", cause);
	}

}
