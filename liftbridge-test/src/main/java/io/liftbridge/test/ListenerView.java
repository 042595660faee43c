package io.liftbridge.test;

import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * What there is to see of a listener container. It is looked at by name: the module that
 * has containers is tested with this one, so that this one cannot depend on it.
 *
 * @param id the listener's id
 * @param state the name of the container's state
 * @param failure why it has failed, if it has
 * @param partitions its partitions
 */
record ListenerView(String id, String state, @Nullable Object failure, List<Partition> partitions) {

	private static final String CONTAINER = "io.liftbridge.spring.listener.ListenerContainer";

	static ListenerView of(Object container) {
		// The registry gives null where there is no such listener.
		Objects.requireNonNull(container,
				"there is no container: LiftbridgeListenerEndpointRegistry.container(id) gives"
						+ " null if no listener has that id; containers() has all there are");
		Class<?> type = type(container);
		List<Partition> partitions = new ArrayList<>();
		for (Object status : (List<?>) read(type, container, "partitions")) {
			partitions.add(Partition.of(status));
		}
		return new ListenerView((String) read(type, container, "id"), String.valueOf(read(type, container, "state")),
				find(type, container, "failure"), List.copyOf(partitions));
	}

	private static Class<?> type(Object container) {
		try {
			Class<?> type = Class.forName(CONTAINER, false, container.getClass().getClassLoader());
			if (type.isInstance(container)) {
				return type;
			}
		}
		catch (ClassNotFoundException ex) {
			// It cannot be one then.
		}
		throw new IllegalArgumentException(
				container + " is no " + CONTAINER + ": take it from LiftbridgeListenerEndpointRegistry.container(id)");
	}

	private static Object read(Class<?> type, Object target, String property) {
		Object value = find(type, target, property);
		if (value == null) {
			throw new IllegalStateException(target + " has no " + property);
		}
		return value;
	}

	private static @Nullable Object find(Class<?> type, Object target, String property) {
		try {
			return type.getMethod(property).invoke(target);
		}
		catch (InvocationTargetException ex) {
			throw new IllegalStateException("Cannot read '" + property + "' of " + target, ex.getCause());
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException("Cannot read '" + property + "' of " + target
					+ ": use the same version of liftbridge-spring and liftbridge-test", ex);
		}
	}

	/**
	 * A partition of a listener.
	 *
	 * @param stream the stream's name
	 * @param partition its number, -1 while it is not known
	 * @param position offset of the last processed message
	 * @param state the name of its state
	 * @param lastError what is wrong, if something is
	 */
	record Partition(String stream, int partition, long position, String state, @Nullable Object lastError) {

		static Partition of(Object status) {
			Class<?> type = status.getClass();
			return new Partition((String) read(type, status, "stream"), (Integer) read(type, status, "partition"),
					(Long) read(type, status, "position"), String.valueOf(read(type, status, "state")),
					find(type, status, "lastError"));
		}

		boolean isAssigned() {
			return this.partition >= 0 && !this.state.equals("STARTING") && !this.state.equals("WAITING")
					&& !this.state.equals("STOPPED");
		}

		@Override
		public String toString() {
			return this.stream + ((this.partition >= 0) ? " partition " + this.partition : "") + " is " + this.state
					+ " at " + this.position + ((this.lastError != null) ? " (" + this.lastError + ")" : "");
		}

	}

}
