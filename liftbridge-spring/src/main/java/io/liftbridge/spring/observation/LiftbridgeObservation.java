package io.liftbridge.spring.observation;

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;

/**
 * The observations there are, with OpenTelemetry's names of attributes for messaging.
 */
public enum LiftbridgeObservation implements ObservationDocumentation {

	/**
	 * A send, from when a message is handed in to its acknowledgement or failure.
	 */
	TEMPLATE {

		@Override
		public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
			return DefaultLiftbridgeTemplateObservationConvention.class;
		}

		@Override
		public KeyName[] getLowCardinalityKeyNames() {
			return TemplateLowCardinality.values();
		}

		@Override
		public KeyName[] getHighCardinalityKeyNames() {
			return TemplateHighCardinality.values();
		}

	},

	/**
	 * A call of a listener, until what it returns is complete.
	 */
	LISTENER {

		@Override
		public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
			return DefaultLiftbridgeListenerObservationConvention.class;
		}

		@Override
		public KeyName[] getLowCardinalityKeyNames() {
			return ListenerLowCardinality.values();
		}

		@Override
		public KeyName[] getHighCardinalityKeyNames() {
			return ListenerHighCardinality.values();
		}

	};

	/**
	 * What sends are told apart by in meters, too.
	 */
	public enum TemplateLowCardinality implements KeyName {

		/** Always {@code liftbridge}. */
		SYSTEM("messaging.system"),

		/** Always {@code send}. */
		OPERATION_NAME("messaging.operation.name"),

		/** Always {@code send}. */
		OPERATION_TYPE("messaging.operation.type"),

		/**
		 * Name of the stream; {@code none} for a NATS subject, and {@code unknown} for a
		 * stream that does not exist, as those may be without number.
		 */
		DESTINATION("messaging.destination.name");

		private final String key;

		TemplateLowCardinality(String key) {
			this.key = key;
		}

		@Override
		public String asString() {
			return this.key;
		}

	}

	/**
	 * What spans of sends tell.
	 */
	public enum TemplateHighCardinality implements KeyName {

		/** Number of the partition, if there was an acknowledgement. */
		PARTITION("messaging.destination.partition.id"),

		/** Offset of the message, if there was an acknowledgement. */
		OFFSET("liftbridge.message.offset"),

		/** Number of records, of a batch entry. */
		COUNT("messaging.batch.message_count"),

		/** Length of the value in bytes, of a single message. */
		SIZE("messaging.message.body.size"),

		/** The NATS subject. */
		SUBJECT("liftbridge.subject");

		private final String key;

		TemplateHighCardinality(String key) {
			this.key = key;
		}

		@Override
		public String asString() {
			return this.key;
		}

		@Override
		public boolean isRequired() {
			return false;
		}

	}

	/**
	 * What calls of listeners are told apart by in meters, too.
	 */
	public enum ListenerLowCardinality implements KeyName {

		/** Always {@code liftbridge}. */
		SYSTEM("messaging.system"),

		/** Always {@code process}. */
		OPERATION_NAME("messaging.operation.name"),

		/** Always {@code process}. */
		OPERATION_TYPE("messaging.operation.type"),

		/** Name of the stream. */
		DESTINATION("messaging.destination.name"),

		/** Name of the consumer group, {@code none} without one. */
		GROUP("messaging.consumer.group.name"),

		/** Id of the listener. */
		LISTENER("liftbridge.listener.id");

		private final String key;

		ListenerLowCardinality(String key) {
			this.key = key;
		}

		@Override
		public String asString() {
			return this.key;
		}

	}

	/**
	 * What spans of listeners tell.
	 */
	public enum ListenerHighCardinality implements KeyName {

		/** Number of the partition. */
		PARTITION("messaging.destination.partition.id"),

		/** Offset of the message, of a list that of the first one. */
		OFFSET("liftbridge.message.offset"),

		/** Which attempt it is, counted from 1. */
		ATTEMPT("liftbridge.listener.attempt"),

		/** Number of messages, of a list. */
		COUNT("messaging.batch.message_count"),

		/** Length of the value in bytes, of a single message. */
		SIZE("messaging.message.body.size");

		private final String key;

		ListenerHighCardinality(String key) {
			this.key = key;
		}

		@Override
		public String asString() {
			return this.key;
		}

		@Override
		public boolean isRequired() {
			return false;
		}

	}

}
