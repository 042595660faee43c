package io.liftbridge.boot.autoconfigure;

import java.util.Collection;
import java.util.List;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.stream.StreamSpec;
import io.liftbridge.spring.core.LiftbridgeAdmin;

/**
 * Names the property if a broker refuses a stream that is listed under
 * {@code liftbridge.streams}.
 */
class PropertiesLiftbridgeAdmin extends LiftbridgeAdmin {

	private final LiftbridgeClient client;

	private final List<StreamSpec> listed;

	/**
	 * Creates an admin.
	 * @param listed what is listed, in the order of the list
	 * @param all what is to exist: what is listed, and more
	 */
	PropertiesLiftbridgeAdmin(LiftbridgeClient client, List<StreamSpec> listed, Collection<StreamSpec> all) {
		super(client, all);
		this.client = client;
		this.listed = listed;
	}

	@Override
	public boolean ensure(StreamSpec spec) {
		try {
			return super.ensure(spec);
		}
		catch (InvalidRequestException ex) {
			int index = this.listed.indexOf(spec);
			int brokers = this.client.brokers().size();
			if (index < 0 || spec.replicationFactor() <= brokers) {
				throw ex;
			}
			throw new InvalidLiftbridgePropertyException("liftbridge.streams[" + index + "].replication-factor",
					spec.replicationFactor(), "is not possible: the cluster has only " + brokers + " broker(s).",
					": set it to " + brokers + " at most, or to max for as many as there are, or add brokers", ex);
		}
	}

}
