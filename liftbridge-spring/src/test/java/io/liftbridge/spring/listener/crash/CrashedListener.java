package io.liftbridge.spring.listener.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.TestApplication;
import io.liftbridge.spring.annotation.LiftbridgeListener;
import io.liftbridge.spring.support.Acknowledgment;

/**
 * An application with one listener, to be killed. It writes what it has processed to a
 * journal, which survives it: {@code start} with the stored position, {@code done} with
 * an offset, and {@code ack} before an acknowledgment.
 */
public final class CrashedListener {

	static final String ID = "crashed";

	static final int ACK_COUNT = 7;

	/** So long that a position that runs ahead is stored before its message is done. */
	static final int WORK_NANOS = 8_000_000;

	private CrashedListener() {
	}

	/**
	 * Runs until it is killed, or until whoever has started it is gone.
	 * @param args address of the broker, stream, kind of listener, ack mode, journal
	 */
	public static void main(String[] args) throws IOException {
		Journal journal = new Journal(Path.of(args[4]));
		try (LiftbridgeClient client = LiftbridgeClient.builder().seeds(args[0]).build()) {
			journal.write("start " + client.cursors().find(ID, args[1], 0).orElse(-1));
		}
		TestApplication.on(args[0])
			.property("in", args[1])
			.property("mode", args[3])
			.listener(listener(args[2], journal))
			.factory((factory) -> {
				factory.getContainerProperties().setAckCount(ACK_COUNT);
				factory.getContainerProperties().setAckInterval(Duration.ofMillis(1));
				factory.getContainerProperties().setCursorInterval(Duration.ZERO);
				factory.getContainerProperties().setBatchSize(10);
			})
			.start();
		while (System.in.read() >= 0) {
			// Nobody says anything: the end is what counts.
		}
		Runtime.getRuntime().halt(0);
	}

	private static Object listener(String kind, Journal journal) {
		return switch (kind) {
			case "record" -> new Single(journal);
			case "batch" -> new Lists(journal);
			default -> new Manual(journal);
		};
	}

	/** Has what was written on the disk before it returns. */
	static final class Journal {

		private final FileChannel file;

		Journal(Path path) throws IOException {
			this.file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
		}

		/** Works on a message for a while, and notes that it is done. */
		void done(ReceivedMessage<byte[]> message) {
			LockSupport.parkNanos(WORK_NANOS);
			write("done " + message.offset());
		}

		void write(String line) {
			try {
				this.file.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.US_ASCII)));
				this.file.force(false);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

	static class Single {

		private final Journal journal;

		Single(Journal journal) {
			this.journal = journal;
		}

		@LiftbridgeListener(id = ID, streams = "${in}", ackMode = "${mode}")
		void on(ReceivedMessage<byte[]> message) {
			this.journal.done(message);
		}

	}

	static class Lists {

		private final Journal journal;

		Lists(Journal journal) {
			this.journal = journal;
		}

		@LiftbridgeListener(id = ID, streams = "${in}", ackMode = "${mode}", batch = "true")
		void on(List<ReceivedMessage<byte[]>> batch) {
			batch.forEach((message) -> this.journal.write("done " + message.offset()));
		}

	}

	/**
	 * Acknowledges each third message at once, and the two before it only with the next
	 * third one, so that there is always one left before those that are acknowledged.
	 */
	static class Manual {

		private final Journal journal;

		private List<Runnable> late = List.of();

		private List<Runnable> open = new ArrayList<>();

		Manual(Journal journal) {
			this.journal = journal;
		}

		@LiftbridgeListener(id = ID, streams = "${in}", ackMode = "${mode}")
		void on(ReceivedMessage<byte[]> message, Acknowledgment acknowledgment) {
			this.journal.done(message);
			Runnable acknowledge = () -> {
				this.journal.write("ack " + message.offset());
				acknowledgment.acknowledge();
			};
			if (this.open.size() < 2) {
				this.open.add(acknowledge);
				return;
			}
			this.late.forEach(Runnable::run);
			this.late = this.open;
			this.open = new ArrayList<>();
			acknowledge.run();
		}

	}

}
