package io.liftbridge.spring.listener.delivery;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.messaging.support.GenericMessage;

/**
 * A batch, for the resolvers of arguments.
 */
final class BatchMessage extends GenericMessage<List<@Nullable Object>> {

	private static final long serialVersionUID = 1L;

	private final transient Map<Integer, List<@Nullable Object>> headerLists;

	/**
	 * Creates it.
	 * @param headerLists one header of each message, by the index of the parameter
	 */
	BatchMessage(List<@Nullable Object> elements, RecordHeaders headers,
			Map<Integer, List<@Nullable Object>> headerLists) {
		super(elements, headers);
		this.headerLists = headerLists;
	}

	@Nullable List<@Nullable Object> headerList(int parameterIndex) {
		return this.headerLists.get(parameterIndex);
	}

}
