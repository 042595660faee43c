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
			return new KeyName[] { LowCardinality.SYSTEM, LowCardinality.OPERATION_NAME, LowCardinality.OPERATION_TYPE,
					LowCardinality.DESTINATION };
		}

		@Override
		public KeyName[] getHighCardinalityKeyNames() {
			return new KeyName[] { HighCardinality.PARTITION, HighCardinality.OFFSET, HighCardinality.COUNT,
					HighCardinality.SIZE, HighCardinality.SUBJECT };
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
			return LowCardinality.values();
		}

		@Override
		public KeyName[] getHighCardinalityKeyNames() {
			return new KeyName[] { HighCardinality.PARTITION, HighCardinality.OFFSET, HighCardinality.ATTEMPT,
					HighCardinality.COUNT, HighCardinality.SIZE };
		}

	};

	/**
	 * What sends and calls are told apart by in meters, too.
	 */
	public enum LowCardinality implements KeyName {

		/** Always {@code liftbridge}. */
		SYSTEM("messaging.system"),

		/** {@code send} or {@code process}. */
		OPERATION_NAME("messaging.operation.name"),

		/** {@code send} or {@code process}. */
		OPERATION_TYPE("messaging.operation.type"),

		/**
		 * Name of the stream. Of a send {@code none} for a NATS subject, and
		 * {@code unknown} for a stream that does not exist, as those may be without
		 * number.
		 */
		DESTINATION("messaging.destination.name"),

		/** Name of the listener's consumer group, {@code none} without one. */
		GROUP("messaging.consumer.group.name"),

		/** Id of the listener. */
		LISTENER("liftbridge.listener.id");

		private final String key;

		LowCardinality(String key) {
			this.key = key;
		}

		@Override
		public String asString() {
			return this.key;
		}

	}

	/**
	 * What spans tell.
	 */
	public enum HighCardinality implements KeyName {

		/** Number of the partition; of a send if there was an acknowledgement. */
		PARTITION("messaging.destination.partition.id"),

		/**
		 * Offset of the message, of a list that of the first one; of a send if there was
		 * an acknowledgement.
		 */
		OFFSET("liftbridge.message.offset"),

		/** Which attempt of a listener it is, counted from 1. */
		ATTEMPT("liftbridge.listener.attempt"),

		/** Number of records of a batch entry, or of messages in a list. */
		COUNT("messaging.batch.message_count"),

		/** Length of the value in bytes, of a single message. */
		SIZE("messaging.message.body.size"),

		/** The NATS subject of a send. */
		SUBJECT("liftbridge.subject");

		private final String key;

		HighCardinality(String key) {
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
