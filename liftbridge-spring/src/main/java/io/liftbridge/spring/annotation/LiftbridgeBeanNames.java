package io.liftbridge.spring.annotation;

/**
 * Names of the beans that {@link EnableLiftbridge} registers, and of the one it looks
 * for.
 */
public final class LiftbridgeBeanNames {

	private static final String INTERNAL = "io.liftbridge.spring.annotation.internal";

	/** The post-processor that finds listener methods. */
	public static final String LISTENER_ANNOTATION_PROCESSOR = INTERNAL + "ListenerAnnotationProcessor";

	/** The registry of listener containers. */
	public static final String LISTENER_ENDPOINT_REGISTRY = INTERNAL + "ListenerEndpointRegistry";

	/** The container factory of listeners that name none. */
	public static final String LISTENER_CONTAINER_FACTORY = "liftbridgeListenerContainerFactory";

	private LiftbridgeBeanNames() {
	}

}
