package io.liftbridge.embedded.disk;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import io.liftbridge.embedded.log.StorageException;

/**
 * A small file that is always replaced as a whole: 4 bytes "LBST", 4 bytes version, 4
 * bytes CRC-32C of the rest, and the rest.
 */
final class StateFile {

	private static final int MAGIC = 0x4c425354;

	private static final int VERSION = 1;

	private static final int FRAME = 4 + 4 + 4;

	private StateFile() {
	}

	static void write(Path file, Writer content) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try {
			content.write(new DataOutputStream(bytes));
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Memory is always written", ex);
		}
		byte[] body = bytes.toByteArray();
		ByteBuffer frame = ByteBuffer.allocate(FRAME);
		frame.putInt(MAGIC).putInt(VERSION).putInt(RecordCodec.checksum(body, 0, body.length));
		Disk.createDirectories(Objects.requireNonNull(file.toAbsolutePath().getParent()));
		Disk.replace(file, List.of(frame.array(), body), true);
	}

	/**
	 * Reads a file.
	 * @throws StorageException if it is not there or not as it was written: it was never
	 * half written, so something else has changed it
	 */
	static <T> T read(Path file, Reader<T> content) {
		byte[] bytes = Disk.read(file);
		ByteBuffer frame = ByteBuffer.wrap(bytes);
		if (bytes.length < FRAME || frame.getInt() != MAGIC || frame.getInt() != VERSION
				|| frame.getInt() != RecordCodec.checksum(bytes, FRAME, bytes.length - FRAME)) {
			throw new StorageException(file + " is not as it was written: wrong type, version or checksum. "
					+ "Bring back a copy, or remove it together with what it describes");
		}
		try {
			return content.read(new DataInputStream(new ByteArrayInputStream(bytes, FRAME, bytes.length - FRAME)));
		}
		catch (IOException ex) {
			throw new StorageException("Cannot understand " + file, ex);
		}
	}

	static void writeText(DataOutputStream out, String text) throws IOException {
		writeBytes(out, text.getBytes(StandardCharsets.UTF_8));
	}

	static String readText(DataInputStream in) throws IOException {
		return new String(readBytes(in), StandardCharsets.UTF_8);
	}

	static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
		out.writeInt(bytes.length);
		out.write(bytes);
	}

	static byte[] readBytes(DataInputStream in) throws IOException {
		return in.readNBytes(in.readInt());
	}

	static <T> void writeList(DataOutputStream out, List<T> list, ItemWriter<T> item) throws IOException {
		out.writeInt(list.size());
		for (T each : list) {
			item.write(out, each);
		}
	}

	static <T> List<T> readList(DataInputStream in, Reader<T> item) throws IOException {
		List<T> list = new ArrayList<>();
		for (int i = in.readInt(); i > 0; i--) {
			list.add(item.read(in));
		}
		return list;
	}

	/**
	 * Writes a file's content.
	 */
	@FunctionalInterface
	interface Writer {

		void write(DataOutputStream out) throws IOException;

	}

	/**
	 * Writes one of several things.
	 */
	@FunctionalInterface
	interface ItemWriter<T> {

		void write(DataOutputStream out, T item) throws IOException;

	}

	/**
	 * Reads what was written.
	 */
	@FunctionalInterface
	interface Reader<T> {

		T read(DataInputStream in) throws IOException;

	}

}
