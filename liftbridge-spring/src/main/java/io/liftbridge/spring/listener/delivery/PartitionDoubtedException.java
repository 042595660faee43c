package io.liftbridge.spring.listener.delivery;

/**
 * Nothing is delivered as long as it is not known whether the partition is still this
 * member's.
 */
final class PartitionDoubtedException extends DeliveryStoppedException {

	private static final long serialVersionUID = 1L;

	PartitionDoubtedException() {
		super("Somebody else may work the partition");
	}

}
