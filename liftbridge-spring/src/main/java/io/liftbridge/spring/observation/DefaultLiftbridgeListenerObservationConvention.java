package io.liftbridge.spring.observation;

import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.observation.LiftbridgeObservation.HighCardinality;
import io.liftbridge.spring.observation.LiftbridgeObservation.LowCardinality;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;

/**
 * What is told of calls of listeners by default: {@link LowCardinality} and
 * {@link HighCardinality}. Extend it to tell more.
 */
public class DefaultLiftbridgeListenerObservationConvention implements LiftbridgeListenerObservationConvention {

	private static final KeyValues ALWAYS = KeyValues.of(LowCardinality.SYSTEM.withValue("liftbridge"),
			LowCardinality.OPERATION_NAME.withValue("process"), LowCardinality.OPERATION_TYPE.withValue("process"));

	@Override
	public String getContextualName(LiftbridgeReceiverContext context) {
		return "process " + context.getStream();
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(LiftbridgeReceiverContext context) {
		String group = context.getGroup();
		return ALWAYS.and(LowCardinality.DESTINATION.withValue(context.getStream()),
				LowCardinality.GROUP.withValue((group != null) ? group : KeyValue.NONE_VALUE),
				LowCardinality.LISTENER.withValue(context.getListenerId()));
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(LiftbridgeReceiverContext context) {
		ReceivedMessage<byte[]> first = context.getMessages().get(0);
		return KeyValues.of(HighCardinality.PARTITION.withValue(Integer.toString(first.partition())),
				HighCardinality.OFFSET.withValue(Long.toString(first.offset())),
				HighCardinality.ATTEMPT.withValue(Integer.toString(context.getAttempt())),
				context.isBatch() ? HighCardinality.COUNT.withValue(Integer.toString(context.getMessages().size()))
						: HighCardinality.SIZE.withValue(Integer.toString(first.value().length)));
	}

}
