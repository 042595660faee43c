package io.liftbridge.embedded.disk;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.liftbridge.embedded.log.LogEntry;
import io.liftbridge.embedded.log.LogStorage;
import io.liftbridge.embedded.log.StorageException;
import io.liftbridge.embedded.log.StoredLog;
import io.liftbridge.embedded.log.StoredLog.StoredSegment;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a log in a directory with one file for each segment, named by its base offset. A
 * message has been handed to the operating system when {@link #append} returns, so it
 * outlives this process; whether it outlives a loss of power is up to the operating
 * system.
 */
final class SegmentFiles implements LogStorage {

	private static final Pattern NAME = Pattern.compile("(\\d{19})\\.log");

	private final Path directory;

	private long activeBase;

	/** Open from the first message on, so that an idle log costs nothing. */
	private @Nullable RandomAccessFile active;

	private long length;

	private boolean unusable;

	private volatile long highWatermark = -1;

	private volatile long lastTimestamp;

	/**
	 * Keeps a log.
	 * @param directory created when there is something to keep
	 */
	SegmentFiles(Path directory) {
		this.directory = directory;
	}

	@Override
	public StoredLog load() {
		SegmentReader reader = new SegmentReader();
		List<StoredSegment> segments = new ArrayList<>();
		List<Path> files = files();
		for (Path file : files) {
			this.activeBase = baseOffset(file);
			List<LogEntry> entries = reader.read(file, this.activeBase);
			if (entries.isEmpty() && file != files.get(files.size() - 1)) {
				Disk.delete(file);
				continue;
			}
			segments.add(new StoredSegment(this.activeBase, entries));
		}
		this.highWatermark = reader.highWatermark();
		this.lastTimestamp = reader.lastTimestamp();
		return new StoredLog(segments, this.highWatermark, this.lastTimestamp);
	}

	/**
	 * The segment files, oldest first. What a rewriting that was broken off has left is
	 * removed.
	 */
	private List<Path> files() {
		List<Path> files = new ArrayList<>();
		for (Path file : Disk.list(this.directory)) {
			if (NAME.matcher(file.getFileName().toString()).matches()) {
				files.add(file);
			}
			else if (file.getFileName().toString().endsWith(Disk.TEMPORARY)) {
				Disk.delete(file);
			}
		}
		files.sort(Comparator.comparing(SegmentFiles::baseOffset));
		return files;
	}

	private static long baseOffset(Path file) {
		Matcher name = NAME.matcher(file.getFileName().toString());
		return name.matches() ? Long.parseLong(name.group(1)) : -1;
	}

	private Path file(long baseOffset) {
		return this.directory.resolve(String.format(Locale.ROOT, "%019d.log", baseOffset));
	}

	@Override
	public void append(LogEntry entry, boolean committed) {
		Path path = file(this.activeBase);
		if (this.unusable) {
			throw new StorageException("Cannot append to " + path + " after an earlier failure, or after the end of "
					+ "its broker; restart the broker");
		}
		byte[] record = RecordCodec.encode(entry, committed);
		RandomAccessFile file = (this.active != null) ? this.active : open(path);
		this.active = file;
		try {
			file.write(record);
		}
		catch (IOException ex) {
			takeBack(file, ex);
			throw new StorageException("Cannot append to " + path, ex);
		}
		this.length += record.length;
		this.lastTimestamp = entry.timestamp();
		if (committed) {
			this.highWatermark = entry.offset();
		}
	}

	/**
	 * Removes what was written of a message that could not be written as a whole.
	 */
	private void takeBack(RandomAccessFile file, IOException failure) {
		try {
			file.setLength(this.length);
			file.seek(this.length);
		}
		catch (IOException ex) {
			failure.addSuppressed(ex);
			this.unusable = true;
		}
	}

	/**
	 * Opens a segment file behind its last message, and begins it if it is empty.
	 */
	private RandomAccessFile open(Path path) {
		Disk.createDirectories(this.directory);
		try {
			RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
			try {
				long end = file.length();
				if (end > 0 && end < SegmentHeader.SIZE) {
					file.setLength(0);
					end = 0;
				}
				file.seek(end);
				if (end == 0) {
					file.write(new SegmentHeader(this.highWatermark, this.lastTimestamp).encode());
					end = SegmentHeader.SIZE;
				}
				this.length = end;
				return file;
			}
			catch (IOException ex) {
				closeAfter(file, ex);
				throw ex;
			}
		}
		catch (IOException ex) {
			throw new StorageException("Cannot open " + path, ex);
		}
	}

	private static void closeAfter(RandomAccessFile file, IOException failure) {
		try {
			file.close();
		}
		catch (IOException ex) {
			failure.addSuppressed(ex);
		}
	}

	@Override
	public void roll(long baseOffset) {
		RandomAccessFile next = open(file(baseOffset));
		closeActive();
		this.active = next;
		this.activeBase = baseOffset;
	}

	@Override
	public void rewrite(long baseOffset, List<LogEntry> entries) {
		Path file = file(baseOffset);
		if (entries.isEmpty()) {
			Disk.delete(file);
			return;
		}
		long committed = this.highWatermark;
		SegmentHeader header = new SegmentHeader(committed, this.lastTimestamp);
		Disk.replace(file,
				() -> Stream
					.concat(Stream.of(header.encode()),
							entries.stream().map((entry) -> RecordCodec.encode(entry, entry.offset() <= committed)))
					.iterator(),
				false);
	}

	@Override
	public void delete() {
		close();
		Disk.deleteTree(this.directory);
		Disk.deleteIfEmpty(Objects.requireNonNull(this.directory.getParent()));
	}

	@Override
	public void close() {
		this.unusable = true;
		closeActive();
	}

	private void closeActive() {
		RandomAccessFile file = this.active;
		this.active = null;
		try {
			if (file != null) {
				file.close();
			}
		}
		catch (IOException ex) {
			throw new StorageException("Cannot close " + file(this.activeBase), ex);
		}
	}

}
