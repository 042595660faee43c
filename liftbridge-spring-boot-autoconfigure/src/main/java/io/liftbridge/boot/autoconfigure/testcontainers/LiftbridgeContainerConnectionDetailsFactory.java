package io.liftbridge.boot.autoconfigure.testcontainers;

import java.util.List;
import java.util.Set;

import io.liftbridge.boot.autoconfigure.ContainerBroker;
import io.liftbridge.boot.autoconfigure.ContainerLiftbridgeConnectionDetails;
import io.liftbridge.boot.autoconfigure.LiftbridgeConnectionDetails;
import io.liftbridge.client.cluster.Address;
import org.jspecify.annotations.Nullable;
import org.testcontainers.containers.Container;
import org.testcontainers.containers.GenericContainer;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.testcontainers.service.connection.ContainerConnectionDetailsFactory;
import org.springframework.boot.testcontainers.service.connection.ContainerConnectionSource;
import org.springframework.util.ClassUtils;

/**
 * Finds brokers among the containers with {@code @ServiceConnection}: any container with
 * the image {@code liftbridge/liftbridge} or this name, and {@code LiftbridgeContainer}
 * of liftbridge-test with any image.
 */
class LiftbridgeContainerConnectionDetailsFactory
		extends ContainerConnectionDetailsFactory<Container<?>, LiftbridgeConnectionDetails> {

	/** By name, as tests are no part of what is in production. */
	private static final String LIFTBRIDGE_CONTAINER = "io.liftbridge.test.LiftbridgeContainer";

	LiftbridgeContainerConnectionDetailsFactory() {
		super("liftbridge/liftbridge");
	}

	@Override
	protected boolean sourceAccepts(ContainerConnectionSource<Container<?>> source, Class<?> requiredContainerType,
			Class<?> requiredConnectionDetailsType) {
		return super.sourceAccepts(source, requiredContainerType, requiredConnectionDetailsType)
				|| (ClassUtils.isPresent(LIFTBRIDGE_CONTAINER, null) && source.accepts(ANY_CONNECTION_NAME,
						ClassUtils.resolveClassName(LIFTBRIDGE_CONTAINER, null), requiredConnectionDetailsType));
	}

	@Override
	protected LiftbridgeConnectionDetails getContainerConnectionDetails(
			ContainerConnectionSource<Container<?>> source) {
		return new TestLiftbridgeConnectionDetails(source);
	}

	private static final class TestLiftbridgeConnectionDetails extends ContainerConnectionDetails<Container<?>>
			implements ContainerLiftbridgeConnectionDetails {

		TestLiftbridgeConnectionDetails(ContainerConnectionSource<Container<?>> source) {
			super(source);
		}

		@Override
		public ContainerBroker getBroker() {
			Container<?> container = getContainer();
			int port = port(container.getExposedPorts());
			Set<String> names = (container instanceof GenericContainer<?> generic)
					? Set.copyOf(generic.getNetworkAliases()) : Set.of();
			return new ContainerBroker(names, port, new Address(container.getHost(), container.getMappedPort(port)));
		}

		private static int port(List<Integer> exposed) {
			if (exposed.isEmpty()) {
				throw new IllegalStateException("The container of the broker exposes no port: call withExposedPorts("
						+ Address.DEFAULT_PORT + "), or the port that the broker listens on.");
			}
			return exposed.contains(Address.DEFAULT_PORT) ? Address.DEFAULT_PORT : exposed.get(0);
		}

		@Override
		public @Nullable SslBundle getSslBundle() {
			return super.getSslBundle();
		}

	}

}
