package io.liftbridge.test;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

import com.github.dockerjava.api.command.InspectContainerResponse;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;

/**
 * A real Liftbridge server in a container, with a NATS of its own, telemetry off and
 * cursors on: <pre>
 * &#64;Container
 * &#64;ServiceConnection
 * static LiftbridgeContainer liftbridge = new LiftbridgeContainer();
 * </pre> It advertises the host and the mapped port by which tests reach it, so that
 * clients need no address mapping; other containers do not reach it under that address.
 * Needs Testcontainers 2, and a shell in the image. Ask {@link #isAvailable()} first, and
 * skip the test where no Docker engine runs.
 */
public final class LiftbridgeContainer extends GenericContainer<LiftbridgeContainer> {

	/** The image by default. */
	public static final String IMAGE = "liftbridge/liftbridge";

	/** The port inside the container. */
	public static final int PORT = 9292;

	private static final String CONFIGURATION = "/tmp/liftbridge.yaml";

	private static final Duration START_TIMEOUT = Duration.ofMinutes(1);

	private final Map<String, String> settings = new TreeMap<>();

	/**
	 * Describes a container of the newest image.
	 */
	public LiftbridgeContainer() {
		this(IMAGE);
	}

	/**
	 * Describes a container.
	 * @param image the image's name, such as {@code liftbridge/liftbridge:v1.9.0}
	 */
	public LiftbridgeContainer(String image) {
		this(DockerImageName.parse(image));
	}

	/**
	 * Describes a container.
	 * @param image the image's name; one that is called differently must be declared
	 * compatible with {@value #IMAGE}
	 */
	public LiftbridgeContainer(DockerImageName image) {
		super(image);
		image.assertCompatibleWith(DockerImageName.parse(IMAGE));
		this.settings.put("cursors.stream.partitions", "1");
		withExposedPorts(PORT);
		// The port that it must advertise is not known before the container runs.
		withCreateContainerCmdModifier((command) -> command.withEntrypoint("sh"));
		withCommand("-c",
				"while [ ! -s " + CONFIGURATION + " ]; do sleep 0.1; done; exec liftbridge --config " + CONFIGURATION);
		waitingFor(Wait.forLogMessage(".*metadata leader.*", 1).withStartupTimeout(START_TIMEOUT));
	}

	/**
	 * Whether containers can be run on this machine.
	 * @return {@code true} if a Docker engine answers
	 */
	public static boolean isAvailable() {
		return DockerClientFactory.instance().isDockerAvailable();
	}

	/**
	 * Why no container can be run, as a reason to skip a test with.
	 * @return a sentence that names the remedy
	 */
	public static String unavailableReason() {
		return "No Docker engine answers: start one, or set DOCKER_HOST to where it listens";
	}

	/**
	 * Sets what is configured beyond where the server listens and that it does not phone
	 * home.
	 * @param key a setting of the server with dots, such as
	 * {@code activity.stream.enabled}
	 * @param value its value
	 * @return this
	 * @throws IllegalArgumentException if it is not up to the caller
	 */
	public LiftbridgeContainer withSetting(String key, Object value) {
		ServerConfiguration.requireSettable(key);
		this.settings.put(key, String.valueOf(value));
		return this;
	}

	/**
	 * Where clients connect to.
	 * @return {@code host:port} outside the container
	 * @throws IllegalStateException before the start
	 */
	public String address() {
		return getHost() + ":" + getMappedPort(PORT);
	}

	@Override
	protected void containerIsStarting(InspectContainerResponse container, boolean reused) {
		super.containerIsStarting(container, reused);
		if (!reused) {
			copyFileToContainer(Transferable.of(configuration(getHost(), getMappedPort(PORT))), CONFIGURATION);
		}
	}

	String configuration(String host, int port) {
		Map<String, String> all = new TreeMap<>(this.settings);
		all.put("listen", "0.0.0.0:" + PORT);
		all.put("data.dir", "/tmp/liftbridge-data");
		all.put("clustering.server.id", "liftbridge");
		all.put("clustering.raft.bootstrap.seed", "true");
		all.put("nats.embedded", "true");
		all.put("telemetry.enabled", "false");
		StringBuilder yaml = new StringBuilder();
		yaml.append("host: \"").append(host).append("\"\nport: ").append(port).append('\n');
		all.forEach((key, value) -> yaml.append(key)
			.append(": \"")
			.append(value.replace("\\", "\\\\").replace("\"", "\\\""))
			.append("\"\n"));
		return yaml.toString();
	}

}
