package io.liftbridge.spring.listener.rebalance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

import io.liftbridge.client.group.GroupMember;
import io.liftbridge.client.group.GroupPartition;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.TestApplication;
import io.liftbridge.spring.listener.ContainerProperties;
import io.liftbridge.spring.listener.ListenerContainer;
import io.liftbridge.spring.listener.delivery.RecordListener;
import io.liftbridge.spring.support.Acknowledgment;

/**
 * An application with one listener that is a member of a group, to be killed and frozen.
 * It writes what it does to a journal, which survives it, see {@link Journal}.
 */
public final class MemberProcess {

	private static final String ID = "member";

	private static final long WORK_NANOS = 3_000_000;

	private MemberProcess() {
	}

	/**
	 * Runs until it is killed, told to leave, or whoever has started it is gone.
	 * @param args address of the broker, stream, member id, journal
	 */
	public static void main(String[] args) throws IOException {
		TestApplication app = TestApplication.on(args[0]).start();
		ContainerProperties properties = new ContainerProperties(app.factory().getContainerProperties());
		properties.setStreams(List.of(args[1]));
		properties.setGroup(args[1]);
		properties.setMemberId(args[2]);
		properties.setConcurrency(Rebalancing.PARTITIONS);
		properties.setCursorInterval(Duration.ofMillis(20));
		Writer journal = new Writer(Path.of(args[3]));
		properties.setSeekAware((container, stream, partition, stored) -> {
			journal.write("assigned", epoch(container, stream, partition), partition, stored.orElse(-1));
			return null;
		});
		app.registry().register(app.factory().createContainer(ID, properties, new Worker(app, journal)));
		if (System.in.read() == 'l') {
			app.close();
		}
		Runtime.getRuntime().halt(0);
	}

	/** The epoch in which it has a partition, -1 if it has not. */
	private static long epoch(ListenerContainer container, String stream, int partition) {
		GroupMember member = container.groupMember();
		return (member != null && member.partitions().contains(new GroupPartition(stream, partition))) ? member.epoch()
				: -1;
	}

	private record Worker(TestApplication app, Writer journal) implements RecordListener {

		@Override
		public CompletableFuture<?> onMessage(ReceivedMessage<byte[]> message, Acknowledgment ack) {
			long epoch = epoch(this.app.container(ID), message.stream(), message.partition());
			this.journal.write("begin", epoch, message.partition(), message.offset());
			LockSupport.parkNanos(WORK_NANOS);
			this.journal.write("done", epoch, message.partition(), message.offset());
			return null;
		}

	}

	private static final class Writer {

		private final FileChannel file;

		Writer(Path path) throws IOException {
			this.file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
		}

		/** The clock is the same in all processes. */
		void write(String what, long epoch, int partition, long offset) {
			String line = what + " " + epoch + " " + partition + " " + offset + " " + System.nanoTime() + "\n";
			try {
				this.file.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII)));
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
