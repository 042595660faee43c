package io.liftbridge.boot.autoconfigure;

import java.util.List;

import io.liftbridge.client.cluster.AddressResolver;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.ssl.SslBundle;

/**
 * Several containers that make up one cluster.
 */
final class ClusterConnectionDetails implements LiftbridgeConnectionDetails {

	private final List<ContainerLiftbridgeConnectionDetails> members;

	private ClusterConnectionDetails(List<ContainerLiftbridgeConnectionDetails> members) {
		this.members = members;
	}

	/** The only or primary bean, or all brokers in containers as one cluster. */
	static LiftbridgeConnectionDetails of(ObjectProvider<LiftbridgeConnectionDetails> beans) {
		LiftbridgeConnectionDetails only = beans.getIfUnique();
		if (only != null) {
			return only;
		}
		List<LiftbridgeConnectionDetails> all = beans.orderedStream().toList();
		List<ContainerLiftbridgeConnectionDetails> members = all.stream()
			.filter(ContainerLiftbridgeConnectionDetails.class::isInstance)
			.map(ContainerLiftbridgeConnectionDetails.class::cast)
			.toList();
		// Of others nobody knows whether they belong together: Spring says so.
		return (members.size() > 1 && members.size() == all.size()) ? new ClusterConnectionDetails(members)
				: beans.getObject();
	}

	@Override
	public List<String> getSeeds() {
		return this.members.stream().flatMap((member) -> member.getSeeds().stream()).toList();
	}

	@Override
	public @Nullable SslBundle getSslBundle() {
		for (LiftbridgeConnectionDetails member : this.members) {
			SslBundle bundle = member.getSslBundle();
			if (bundle != null) {
				return bundle;
			}
		}
		return null;
	}

	@Override
	public AddressResolver getAddressResolver() {
		return new ContainerBrokers(
				this.members.stream().map(ContainerLiftbridgeConnectionDetails::getBroker).toList());
	}

}
