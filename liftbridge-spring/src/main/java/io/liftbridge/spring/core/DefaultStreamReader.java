package io.liftbridge.spring.core;

import java.lang.reflect.Type;
import java.util.concurrent.Flow;
import java.util.function.Predicate;
import java.util.stream.Stream;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.consumer.Consumer;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.consumer.StopPosition;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.support.PayloadConversionException;
import io.liftbridge.spring.support.PayloadConverters;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.core.ResolvableType;

/**
 * Reads with a consumer of the client and converts on the reader's thread.
 *
 * @param <T> type of the payloads
 */
final class DefaultStreamReader<T> implements StreamReader<T> {

	private final LiftbridgeClient client;

	private final PayloadConverters converters;

	private final String stream;

	private final ResolvableType type;

	private int[] partitions = new int[0];

	private StartPosition start = StartPosition.newOnly();

	private StopPosition stop = StopPosition.never();

	private Predicate<ReceivedMessage<byte[]>> filter = (message) -> true;

	private @Nullable UnreadableHandler unreadable;

	DefaultStreamReader(LiftbridgeClient client, PayloadConverters converters, String stream, ResolvableType type) {
		this.client = client;
		this.converters = converters;
		this.stream = stream;
		this.type = type;
	}

	@Override
	public StreamReader<T> partitions(int... partitions) {
		this.partitions = partitions.clone();
		return this;
	}

	@Override
	public StreamReader<T> from(StartPosition start) {
		this.start = start;
		return this;
	}

	@Override
	public StreamReader<T> until(StopPosition stop) {
		this.stop = stop;
		return this;
	}

	@Override
	public StreamReader<T> filter(Predicate<? super ReceivedMessage<byte[]>> condition) {
		this.filter = this.filter.and(condition);
		return this;
	}

	@Override
	public StreamReader<T> onUnreadable(UnreadableHandler handler) {
		this.unreadable = handler;
		return this;
	}

	@Override
	public <U> StreamReader<U> as(Class<U> type) {
		return as((Type) type);
	}

	@Override
	public <U> StreamReader<U> as(ParameterizedTypeReference<U> type) {
		return as(type.getType());
	}

	private <U> StreamReader<U> as(Type type) {
		DefaultStreamReader<U> other = new DefaultStreamReader<>(this.client, this.converters, this.stream,
				ResolvableType.forType(type));
		other.partitions = this.partitions;
		other.start = this.start;
		other.stop = this.stop;
		other.filter = this.filter;
		other.unreadable = this.unreadable;
		return other;
	}

	@Override
	public Stream<ReceivedMessage<T>> stream() {
		return open().stream().flatMap((message) -> Stream.ofNullable(convert(message)));
	}

	@Override
	public Flow.Publisher<ReceivedMessage<T>> publisher() {
		DefaultStreamReader<T> fixed = (DefaultStreamReader<T>) this.<T>as(this.type.getType());
		return new ConvertingPublisher<>(() -> fixed.open().publisher(), fixed::convert);
	}

	private Consumer open() {
		return this.client.consumer(this.stream)
			.partitions(this.partitions)
			.from(this.start)
			.until(this.stop)
			.filter(this.filter)
			.open();
	}

	/** Returns {@code null} if the message is passed over. */
	private @Nullable ReceivedMessage<T> convert(ReceivedMessage<byte[]> message) {
		try {
			return convert(this.converters, message, this.type);
		}
		catch (PayloadConversionException ex) {
			if (this.unreadable == null) {
				throw ex;
			}
			this.unreadable.onUnreadable(message, ex);
			return null;
		}
	}

	@SuppressWarnings("unchecked")
	static <T> ReceivedMessage<T> convert(PayloadConverters converters, ReceivedMessage<byte[]> message,
			ResolvableType type) {
		return message.withValue((T) converters.read(message, type));
	}

}
