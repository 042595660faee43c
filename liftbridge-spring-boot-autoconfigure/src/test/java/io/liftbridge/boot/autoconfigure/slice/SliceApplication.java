package io.liftbridge.boot.autoconfigure.slice;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.liftbridge.spring.annotation.LiftbridgeListener;
import io.liftbridge.spring.listener.ContainerProperties;
import io.liftbridge.spring.listener.ListenerContainerCustomizer;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.stereotype.Component;
import org.springframework.stereotype.Service;

/**
 * An application of which a slice is tested.
 */
@SpringBootApplication
class SliceApplication {

	/** Not scanned by a slice, named by its test. */
	@Component
	static class Billing {

		final List<String> received = new CopyOnWriteArrayList<>();

		@LiftbridgeListener(id = "billing", streams = "orders")
		void on(String order) {
			this.received.add(order);
		}

	}

	/** Has nothing to do with Liftbridge, and cannot be made in a test. */
	@Service
	static class Unrelated {

		Unrelated() {
			throw new IllegalStateException("not to be scanned");
		}

	}

	/** Shapes listeners, so that it is scanned. */
	@Component
	static class SmallBatches implements ListenerContainerCustomizer {

		@Override
		public void customize(String id, ContainerProperties properties) {
			properties.setBatchSize(7);
		}

	}

}
