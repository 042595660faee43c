package io.liftbridge.boot.autoconfigure;

import java.util.TreeMap;

import io.liftbridge.spring.core.StreamCreationException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

/**
 * Says which streams are missing, if the application must not start without them.
 */
class StreamCreationFailureAnalyzer extends AbstractFailureAnalyzer<StreamCreationException> {

	private final PropertyOrigins origins;

	StreamCreationFailureAnalyzer(Environment environment) {
		this.origins = new PropertyOrigins(environment);
	}

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, StreamCreationException cause) {
		StringBuilder description = new StringBuilder("Not all declared streams could be created:");
		new TreeMap<>(cause.getProblems()).forEach((stream,
				problem) -> description.append("%n%n    - ".formatted()).append(stream).append(": ").append(problem));
		return new FailureAnalysis(description.toString(), "Start a broker, correct the streams, or set "
				+ this.origins.locate("liftbridge.admin.fatal") + " to false to start without them.", cause);
	}

}
