package io.liftbridge.spring.observation;

import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.observation.LiftbridgeObservation.ListenerHighCardinality;
import io.liftbridge.spring.observation.LiftbridgeObservation.ListenerLowCardinality;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;

/**
 * What is told of calls of listeners by default: {@link ListenerLowCardinality} and
 * {@link ListenerHighCardinality}. Extend it to tell more.
 */
public class DefaultLiftbridgeListenerObservationConvention implements LiftbridgeListenerObservationConvention {

	private static final KeyValues ALWAYS = KeyValues.of(ListenerLowCardinality.SYSTEM.withValue("liftbridge"),
			ListenerLowCardinality.OPERATION_NAME.withValue("process"),
			ListenerLowCardinality.OPERATION_TYPE.withValue("process"));

	@Override
	public String getContextualName(LiftbridgeReceiverContext context) {
		return "process " + context.getStream();
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(LiftbridgeReceiverContext context) {
		String group = context.getGroup();
		return ALWAYS.and(ListenerLowCardinality.DESTINATION.withValue(context.getStream()),
				ListenerLowCardinality.GROUP.withValue((group != null) ? group : KeyValue.NONE_VALUE),
				ListenerLowCardinality.LISTENER.withValue(context.getListenerId()));
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(LiftbridgeReceiverContext context) {
		ReceivedMessage<byte[]> first = context.getMessages().get(0);
		return KeyValues.of(ListenerHighCardinality.PARTITION.withValue(Integer.toString(first.partition())),
				ListenerHighCardinality.OFFSET.withValue(Long.toString(first.offset())),
				ListenerHighCardinality.ATTEMPT.withValue(Integer.toString(context.getAttempt())),
				context.isBatch()
						? ListenerHighCardinality.COUNT.withValue(Integer.toString(context.getMessages().size()))
						: ListenerHighCardinality.SIZE.withValue(Integer.toString(first.value().length)));
	}

}
