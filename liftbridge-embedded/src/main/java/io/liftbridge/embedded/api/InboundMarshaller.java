package io.liftbridge.embedded.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/**
 * Reads requests of at most 4 MiB.
 *
 * @param <Q> kind of request
 */
final class InboundMarshaller<Q> implements Marshaller<Inbound<Q>> {

	/**
	 * The largest request a broker reads. It cannot be configured on a real one either.
	 */
	static final int MAX_BYTES = 4 * 1024 * 1024;

	private final Marshaller<Q> delegate;

	private final Status malformed;

	/**
	 * Creates a marshaller.
	 * @param delegate reads what is not too large
	 * @param streaming whether the call is more than one request and one response, which
	 * changes a text
	 */
	InboundMarshaller(Marshaller<Q> delegate, boolean streaming) {
		this.delegate = delegate;
		this.malformed = Status.INTERNAL.withDescription(
				(streaming ? "grpc: failed to unmarshal the received message" : "grpc: error unmarshalling request")
						+ ": proto: cannot parse invalid wire-format data");
	}

	@Override
	public Inbound<Q> parse(InputStream stream) {
		try {
			int size = stream.available();
			if (size > MAX_BYTES) {
				return new Inbound<>(null, Status.RESOURCE_EXHAUSTED
					.withDescription("grpc: received message larger than max (" + size + " vs. " + MAX_BYTES + ")"));
			}
			return new Inbound<>(this.delegate.parse(stream), null);
		}
		catch (StatusRuntimeException ex) {
			return new Inbound<>(null, this.malformed);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public InputStream stream(Inbound<Q> value) {
		throw new UnsupportedOperationException("A server sends no requests");
	}

}
