package io.liftbridge.boot.autoconfigure.actuate;

import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

/**
 * Answers over HTTP with statuses that fit, and with the reason in the body whatever the
 * application shows of errors. Safe for use by many threads.
 */
@EndpointWebExtension(endpoint = LiftbridgeEndpoint.class)
public class LiftbridgeEndpointWebExtension {

	private static final int STATUS_ACCEPTED = 202;

	private final LiftbridgeEndpoint delegate;

	/**
	 * Creates the extension.
	 * @param delegate the endpoint
	 */
	public LiftbridgeEndpointWebExtension(LiftbridgeEndpoint delegate) {
		this.delegate = delegate;
	}

	/**
	 * Describes a listener.
	 * @param listener its id
	 * @return status 200 with the description, or 404
	 */
	@ReadOperation
	public WebEndpointResponse<Object> listener(@Selector String listener) {
		ListenerDescriptor found = this.delegate.listener(listener);
		return (found != null) ? new WebEndpointResponse<>(found) : notFound(listener);
	}

	/**
	 * Does something with a listener, see {@link LiftbridgeEndpoint#control}.
	 * @param listener its id
	 * @param action what to do
	 * @param stream the stream's name
	 * @param partition the partition's number
	 * @param position where to seek to
	 * @param limit how many dead letters at most
	 * @param dryRun whether only to count
	 * @return status 200 if it is done, 202 if it goes on in the background, 400 with the
	 * reason if it cannot be done, or 404
	 */
	@WriteOperation
	public WebEndpointResponse<Object> control(@Selector String listener, @Selector String action,
			@Nullable String stream, @Nullable String partition, @Nullable String position, @Nullable String limit,
			@Nullable String dryRun) {
		try {
			ActionDescriptor result = this.delegate.control(listener, action, stream, partition, position, limit,
					dryRun);
			if (result == null) {
				return notFound(listener);
			}
			return new WebEndpointResponse<>(result,
					result.outcome().equals(ListenerActions.DONE) ? WebEndpointResponse.STATUS_OK : STATUS_ACCEPTED);
		}
		catch (InvalidEndpointRequestException ex) {
			String reason = (ex.getReason() != null) ? ex.getReason() : String.valueOf(ex.getMessage());
			return new WebEndpointResponse<>(Map.of("error", reason), WebEndpointResponse.STATUS_BAD_REQUEST);
		}
	}

	private WebEndpointResponse<Object> notFound(String listener) {
		return new WebEndpointResponse<>(
				Map.of("error", "there is no listener '" + listener + "'; there are " + this.delegate.listenerIds()),
				WebEndpointResponse.STATUS_NOT_FOUND);
	}

}
