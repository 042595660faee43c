package io.liftbridge.spring.listener.delivery;

import java.util.Map;

import org.springframework.messaging.MessageHeaders;

/**
 * Headers without an id and a time of their own, which nobody asked for and which cost
 * more than the rest.
 */
final class RecordHeaders extends MessageHeaders {

	private static final long serialVersionUID = 1L;

	RecordHeaders(Map<String, Object> headers) {
		super(headers, ID_VALUE_NONE, -1L);
	}

}
