package io.liftbridge.boot.autoconfigure;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What can be set under {@code liftbridge.template}.
 */
public class TemplateProperties {

	/**
	 * Stream of messages that name none.
	 */
	private @Nullable String defaultStream;

	/**
	 * Maximum time that reading a message waits for a broker.
	 */
	private Duration receiveTimeout = Duration.ofSeconds(10);

	/**
	 * Maximum time that a message to a subject waits for its acknowledgement.
	 */
	private Duration subjectTimeout = Duration.ofSeconds(10);

	/**
	 * Whether messages name the class of their payload in the header 'payload-type', for
	 * listeners with several methods.
	 */
	private boolean payloadType;

	/**
	 * Whether sends are observed, with their trace in the headers of the message, if
	 * there is an ObservationRegistry.
	 */
	private boolean observationEnabled = true;

	public @Nullable String getDefaultStream() {
		return this.defaultStream;
	}

	public void setDefaultStream(@Nullable String defaultStream) {
		this.defaultStream = defaultStream;
	}

	public Duration getReceiveTimeout() {
		return this.receiveTimeout;
	}

	public void setReceiveTimeout(Duration receiveTimeout) {
		this.receiveTimeout = receiveTimeout;
	}

	public Duration getSubjectTimeout() {
		return this.subjectTimeout;
	}

	public void setSubjectTimeout(Duration subjectTimeout) {
		this.subjectTimeout = subjectTimeout;
	}

	public boolean isPayloadType() {
		return this.payloadType;
	}

	public void setPayloadType(boolean payloadType) {
		this.payloadType = payloadType;
	}

	public boolean isObservationEnabled() {
		return this.observationEnabled;
	}

	public void setObservationEnabled(boolean observationEnabled) {
		this.observationEnabled = observationEnabled;
	}

}
