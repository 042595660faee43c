package io.liftbridge.spring.observation;

import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.StreamNotFoundException;
import io.liftbridge.spring.observation.LiftbridgeObservation.HighCardinality;
import io.liftbridge.spring.observation.LiftbridgeObservation.LowCardinality;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;

/**
 * What is told of sends by default: {@link LowCardinality} and {@link HighCardinality}.
 * Extend it to tell more.
 */
public class DefaultLiftbridgeTemplateObservationConvention implements LiftbridgeTemplateObservationConvention {

	private static final String UNKNOWN = "unknown";

	private static final KeyValues ALWAYS = KeyValues.of(LowCardinality.SYSTEM.withValue("liftbridge"),
			LowCardinality.OPERATION_NAME.withValue("send"), LowCardinality.OPERATION_TYPE.withValue("send"));

	@Override
	public String getContextualName(LiftbridgeSenderContext context) {
		return context.isSubject() ? "send to subject" : "send " + context.getDestination();
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(LiftbridgeSenderContext context) {
		return ALWAYS.and(LowCardinality.DESTINATION.withValue(destination(context)));
	}

	/** Asked at the end as well, when it is known whether there is such a stream. */
	private static String destination(LiftbridgeSenderContext context) {
		if (context.isSubject()) {
			return KeyValue.NONE_VALUE;
		}
		return (context.getError() instanceof StreamNotFoundException) ? UNKNOWN : context.getDestination();
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(LiftbridgeSenderContext context) {
		int count = context.getMessages().size();
		KeyValues values = (count == 1)
				? KeyValues
					.of(HighCardinality.SIZE.withValue(Integer.toString(context.getMessages().get(0).valueSize())))
				: KeyValues.of(HighCardinality.COUNT.withValue(Integer.toString(count)));
		if (context.isSubject()) {
			values = values.and(HighCardinality.SUBJECT.withValue(context.getDestination()));
		}
		Ack ack = context.getAck();
		return (ack == null) ? values
				: values.and(HighCardinality.PARTITION.withValue(Integer.toString(ack.partition())),
						HighCardinality.OFFSET.withValue(Long.toString(ack.offset())));
	}

}
