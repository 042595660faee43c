package io.liftbridge.boot.autoconfigure.slice;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.liftbridge.spring.annotation.LiftbridgeListener;
import org.springframework.stereotype.Component;

/** Not scanned by a slice, named by its test. */
@Component
class Billing {

	final List<String> received = new CopyOnWriteArrayList<>();

	@LiftbridgeListener(id = "billing", streams = "orders")
	void on(String order) {
		this.received.add(order);
	}

}
