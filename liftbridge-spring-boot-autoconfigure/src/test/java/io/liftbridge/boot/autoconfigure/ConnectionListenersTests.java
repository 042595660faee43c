package io.liftbridge.boot.autoconfigure;

import java.lang.reflect.Method;
import java.util.Arrays;

import io.liftbridge.client.cluster.ConnectionListener;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ConnectionListenersTests {

	/** Default methods would swallow the events that are not passed on. */
	@Test
	void passEachEventOn() {
		assertThat(Arrays.stream(ConnectionListener.class.getDeclaredMethods()).map(Method::getName)).isNotEmpty()
			.isSubsetOf(Arrays.stream(ConnectionListeners.class.getDeclaredMethods()).map(Method::getName).toList());
	}

}
