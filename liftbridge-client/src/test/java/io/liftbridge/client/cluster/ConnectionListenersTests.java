package io.liftbridge.client.cluster;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ConnectionListenersTests {

	/** Default methods would swallow the events that are not passed on. */
	@Test
	void passEachEventOn() {
		assertThat(Arrays.stream(ConnectionListener.class.getDeclaredMethods())
			.filter(Method::isDefault)
			.map(Method::getName)).isNotEmpty()
			.isSubsetOf(Arrays.stream(ConnectionListeners.class.getDeclaredMethods()).map(Method::getName).toList());
	}

	@Test
	void tellTheOthersIfOneFails() {
		List<Address> told = new ArrayList<>();
		ConnectionListener failing = new ConnectionListener() {
			@Override
			public void onMetadataRefreshed(Address source) {
				throw new AssertionError("fails");
			}
		};
		ConnectionListener telling = new ConnectionListener() {
			@Override
			public void onMetadataRefreshed(Address source) {
				told.add(source);
			}
		};
		ConnectionListener.all(List.of(failing, telling)).onMetadataRefreshed(new Address("localhost", 9292));
		assertThat(told).containsExactly(new Address("localhost", 9292));
	}

}
