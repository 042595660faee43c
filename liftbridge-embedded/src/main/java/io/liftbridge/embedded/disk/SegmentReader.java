package io.liftbridge.embedded.disk;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.liftbridge.embedded.log.LogEntry;
import io.liftbridge.embedded.log.StorageException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the segment files of one log, oldest first, and drops what is not whole at their
 * ends.
 */
final class SegmentReader {

	private static final Logger logger = LoggerFactory.getLogger(SegmentReader.class);

	private static final int BUFFER = 64 * 1024;

	private long newestOffset = -1;

	private long highWatermark = -1;

	private long lastTimestamp;

	long highWatermark() {
		return Math.min(this.highWatermark, this.newestOffset);
	}

	long lastTimestamp() {
		return this.lastTimestamp;
	}

	/**
	 * Reads a file. What follows its last sound message is cut off, with a warning.
	 * @param file the file
	 * @param baseOffset offset of its first message when it was begun
	 * @return its messages
	 * @throws StorageException if it cannot be read or cut
	 */
	List<LogEntry> read(Path file, long baseOffset) {
		List<LogEntry> entries = new ArrayList<>();
		long position = 0;
		long size;
		this.newestOffset = Math.max(this.newestOffset, baseOffset - 1);
		try (DataInputStream input = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), BUFFER))) {
			size = Files.size(file);
			if (readHeader(input, size)) {
				position = SegmentHeader.SIZE;
				for (RecordCodec.Decoded record = next(input, size - position); record != null; record = next(input,
						size - position)) {
					entries.add(record.entry());
					position += record.size();
				}
			}
		}
		catch (IOException ex) {
			throw new StorageException("Cannot read " + file, ex);
		}
		if (position < size) {
			logger.warn(
					"{} is damaged or was not written to its end: {} bytes from position {} on are dropped. "
							+ "The next message of this file would have had offset {}",
					file, size - position, position, this.newestOffset + 1);
			Disk.truncate(file, position);
		}
		return entries;
	}

	private boolean readHeader(DataInputStream input, long size) throws IOException {
		if (size < SegmentHeader.SIZE) {
			return false;
		}
		byte[] bytes = new byte[SegmentHeader.SIZE];
		input.readFully(bytes);
		SegmentHeader header = SegmentHeader.decode(bytes);
		if (header == null) {
			return false;
		}
		this.highWatermark = Math.max(this.highWatermark, header.highWatermark());
		this.lastTimestamp = Math.max(this.lastTimestamp, header.lastTimestamp());
		return true;
	}

	private RecordCodec.@Nullable Decoded next(DataInputStream input, long remaining) throws IOException {
		RecordCodec.Decoded record = RecordCodec.decode(input, remaining);
		if (record == null || record.entry().offset() <= this.newestOffset) {
			return null;
		}
		this.newestOffset = record.entry().offset();
		this.lastTimestamp = Math.max(this.lastTimestamp, record.entry().timestamp());
		if (record.committed()) {
			this.highWatermark = this.newestOffset;
		}
		return record;
	}

}
