package io.liftbridge.boot.autoconfigure.docker.compose;

import java.util.List;
import java.util.Set;

import io.liftbridge.boot.autoconfigure.ContainerBroker;
import io.liftbridge.boot.autoconfigure.ContainerLiftbridgeConnectionDetails;
import io.liftbridge.boot.autoconfigure.LiftbridgeConnectionDetails;
import io.liftbridge.client.cluster.Address;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.docker.compose.core.RunningService;
import org.springframework.boot.docker.compose.service.connection.DockerComposeConnectionDetailsFactory;
import org.springframework.boot.docker.compose.service.connection.DockerComposeConnectionSource;
import org.springframework.boot.ssl.SslBundle;

/**
 * Finds brokers among the services of a Compose file: those with the image
 * {@code liftbridge/liftbridge}, or the label
 * {@code org.springframework.boot.service-connection: liftbridge/liftbridge}. A broker
 * that listens on another port than 9292 and publishes several tells which one is meant
 * by the label {@code io.liftbridge.port}.
 */
class LiftbridgeDockerComposeConnectionDetailsFactory
		extends DockerComposeConnectionDetailsFactory<LiftbridgeConnectionDetails> {

	static final String PORT_LABEL = "io.liftbridge.port";

	/** What Compose itself puts on each container. */
	private static final String SERVICE_LABEL = "com.docker.compose.service";

	LiftbridgeDockerComposeConnectionDetailsFactory() {
		super("liftbridge/liftbridge");
	}

	@Override
	protected LiftbridgeConnectionDetails getDockerComposeConnectionDetails(DockerComposeConnectionSource source) {
		return new ComposeLiftbridgeConnectionDetails(source.getRunningService());
	}

	private static final class ComposeLiftbridgeConnectionDetails extends DockerComposeConnectionDetails
			implements ContainerLiftbridgeConnectionDetails {

		private final ContainerBroker broker;

		private final @Nullable SslBundle sslBundle;

		ComposeLiftbridgeConnectionDetails(RunningService service) {
			super(service);
			this.broker = broker(service);
			this.sslBundle = getSslBundle(service);
		}

		@Override
		public ContainerBroker getBroker() {
			return this.broker;
		}

		@Override
		public @Nullable SslBundle getSslBundle() {
			return this.sslBundle;
		}

		private static ContainerBroker broker(RunningService service) {
			String label = service.labels().get(PORT_LABEL);
			List<Integer> published = service.ports().getAll("tcp");
			if (label == null && published.size() == 1) {
				// Which one that is inside Compose does not tell, only where one leads
				// to.
				return new ContainerBroker(names(service), (port) -> isPublished(service, port),
						new Address(service.host(), published.get(0)));
			}
			int port = (label != null) ? number(service, label) : Address.DEFAULT_PORT;
			try {
				return new ContainerBroker(names(service), port,
						new Address(service.host(), service.ports().get(port)));
			}
			catch (IllegalStateException ex) {
				throw new IllegalStateException("Compose service '" + service.name() + "' does not publish port " + port
						+ " of its broker; it publishes " + published + ". Add it to 'ports', or name the port that the"
						+ " broker listens on with the label " + PORT_LABEL + ".", ex);
			}
		}

		/** Of the container, which is what Boot has as the name, and of the service. */
		private static Set<String> names(RunningService service) {
			String name = service.labels().get(SERVICE_LABEL);
			return (name == null || name.equals(service.name())) ? Set.of(service.name())
					: Set.of(service.name(), name);
		}

		private static boolean isPublished(RunningService service, int port) {
			try {
				service.ports().get(port);
				return true;
			}
			catch (IllegalStateException ex) {
				return false;
			}
		}

		private static int number(RunningService service, String label) {
			try {
				return Integer.parseInt(label.trim());
			}
			catch (NumberFormatException ex) {
				throw new IllegalStateException("Compose service '" + service.name() + "' has the label " + PORT_LABEL
						+ ": '" + label + "', which is not a number.", ex);
			}
		}

	}

}
