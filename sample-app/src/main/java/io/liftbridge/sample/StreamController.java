package io.liftbridge.sample;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.MessageTooLargeException;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.core.LiftbridgeOperations.MessageBuilder;
import io.liftbridge.spring.core.LiftbridgeTemplate;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * Streams over HTTP: list them, publish to them, read them.
 */
@RestController
@RequestMapping("/api/streams")
class StreamController {

	private static final Duration TIMEOUT = Duration.ofSeconds(5);

	/** More than any broker takes: what is longer need not be kept to be refused. */
	private static final int MAX_BODY = 4 * 1024 * 1024;

	private final LiftbridgeTemplate liftbridge;

	private final LiftbridgeClient client;

	private final StreamOverview overview;

	StreamController(LiftbridgeTemplate liftbridge, LiftbridgeClient client, StreamOverview overview) {
		this.liftbridge = liftbridge;
		this.client = client;
		this.overview = overview;
	}

	@GetMapping
	List<StreamOverview.StreamView> list() {
		return this.overview.streams();
	}

	@PostMapping("/{stream}/messages")
	@ResponseStatus(HttpStatus.CREATED)
	Published publish(@PathVariable String stream, @RequestParam @Nullable String key,
			@RequestParam @Nullable @Min(0) Integer partition, InputStream body) throws IOException {
		MessageBuilder message = this.liftbridge.newMessage(read(body, stream)).stream(stream).key(key);
		if (partition != null) {
			message.partition(partition);
		}
		Ack ack = message.sendAndWait(TIMEOUT);
		return new Published(ack.stream(), ack.partition(), ack.offset());
	}

	/** Keeps what a broker may take, and counts the rest to report it. */
	private static byte[] read(InputStream body, String stream) throws IOException {
		byte[] value = body.readNBytes(MAX_BODY);
		long rest = body.transferTo(OutputStream.nullOutputStream());
		if (rest > 0) {
			throw new MessageTooLargeException("The message for stream '" + stream + "' has " + (value.length + rest)
					+ " bytes; no broker takes more than " + MAX_BODY + ". Send smaller messages.", null);
		}
		return value;
	}

	@GetMapping("/{stream}/messages")
	List<Stored> read(@PathVariable String stream, @RequestParam(defaultValue = "0") @Min(0) int partition,
			@RequestParam @Nullable @Min(0) Long offset,
			@RequestParam(defaultValue = "50") @Min(1) @Max(500) int limit) {
		long start = (offset != null) ? offset
				: Math.max(0, this.client.streams().describePartition(stream, partition).highWatermark() - limit + 1);
		return this.liftbridge.receive(stream, partition, StartPosition.offset(start), limit)
			.stream()
			.map(Stored::of)
			.toList();
	}

	record Published(String stream, int partition, long offset) {
	}

	record Stored(long offset, Instant timestamp, @Nullable String key, String value) {

		static Stored of(ReceivedMessage<byte[]> message) {
			return new Stored(message.offset(), message.timestamp(), message.keyText(), message.text());
		}

	}

}
