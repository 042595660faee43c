package io.liftbridge.spring.observation;

import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.StreamNotFoundException;
import io.liftbridge.spring.observation.LiftbridgeObservation.TemplateHighCardinality;
import io.liftbridge.spring.observation.LiftbridgeObservation.TemplateLowCardinality;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;

/**
 * What is told of sends by default: {@link TemplateLowCardinality} and
 * {@link TemplateHighCardinality}. Extend it to tell more.
 */
public class DefaultLiftbridgeTemplateObservationConvention implements LiftbridgeTemplateObservationConvention {

	private static final String UNKNOWN = "unknown";

	private static final KeyValues ALWAYS = KeyValues.of(TemplateLowCardinality.SYSTEM.withValue("liftbridge"),
			TemplateLowCardinality.OPERATION_NAME.withValue("send"),
			TemplateLowCardinality.OPERATION_TYPE.withValue("send"));

	@Override
	public String getContextualName(LiftbridgeSenderContext context) {
		return context.isSubject() ? "send to subject" : "send " + context.getDestination();
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(LiftbridgeSenderContext context) {
		return ALWAYS.and(TemplateLowCardinality.DESTINATION.withValue(destination(context)));
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
				? KeyValues.of(TemplateHighCardinality.SIZE
					.withValue(Integer.toString(context.getMessages().get(0).valueSize())))
				: KeyValues.of(TemplateHighCardinality.COUNT.withValue(Integer.toString(count)));
		if (context.isSubject()) {
			values = values.and(TemplateHighCardinality.SUBJECT.withValue(context.getDestination()));
		}
		Ack ack = context.getAck();
		return (ack == null) ? values
				: values.and(TemplateHighCardinality.PARTITION.withValue(Integer.toString(ack.partition())),
						TemplateHighCardinality.OFFSET.withValue(Long.toString(ack.offset())));
	}

}
