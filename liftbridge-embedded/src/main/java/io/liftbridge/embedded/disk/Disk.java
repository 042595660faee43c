package io.liftbridge.embedded.disk;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

import io.liftbridge.embedded.log.StorageException;

/**
 * Files and directories, with failures that name them. Nothing in here is disturbed by an
 * interrupt, which would close a channel.
 */
final class Disk {

	static final String TEMPORARY = ".tmp";

	private Disk() {
	}

	static void createDirectories(Path directory) {
		try {
			Files.createDirectories(directory);
		}
		catch (IOException ex) {
			throw new StorageException("Cannot create directory " + directory, ex);
		}
	}

	static Path realPath(Path directory) {
		try {
			return directory.toRealPath();
		}
		catch (IOException ex) {
			throw new StorageException("Cannot find directory " + directory, ex);
		}
	}

	/**
	 * What is in a directory, nothing if there is none.
	 */
	static List<Path> list(Path directory) {
		List<Path> found = new ArrayList<>();
		try (DirectoryStream<Path> content = Files.newDirectoryStream(directory)) {
			content.forEach(found::add);
		}
		catch (NoSuchFileException ex) {
			return List.of();
		}
		catch (IOException ex) {
			throw new StorageException("Cannot read directory " + directory, ex);
		}
		return found;
	}

	static byte[] read(Path file) {
		try {
			return Files.readAllBytes(file);
		}
		catch (IOException ex) {
			throw new StorageException("Cannot read " + file, ex);
		}
	}

	/**
	 * Replaces a file so that at any time there is either the former or the new content.
	 * @param force whether to wait until it is on the disk
	 */
	static void replace(Path file, Iterable<byte[]> content, boolean force) {
		Path temporary = file.resolveSibling(file.getFileName() + TEMPORARY);
		try {
			Files.deleteIfExists(temporary);
			try (RandomAccessFile target = new RandomAccessFile(temporary.toFile(), "rw")) {
				for (byte[] part : content) {
					target.write(part);
				}
				if (force) {
					target.getFD().sync();
				}
			}
			Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
		}
		catch (IOException ex) {
			throw new StorageException("Cannot write " + file, ex);
		}
	}

	static void truncate(Path file, long length) {
		try (RandomAccessFile target = new RandomAccessFile(file.toFile(), "rw")) {
			target.setLength(length);
		}
		catch (IOException ex) {
			throw new StorageException("Cannot shorten " + file + " to " + length + " bytes", ex);
		}
	}

	static void delete(Path file) {
		try {
			Files.deleteIfExists(file);
		}
		catch (IOException ex) {
			throw new StorageException("Cannot delete " + file, ex);
		}
	}

	static void deleteIfEmpty(Path directory) {
		try {
			Files.deleteIfExists(directory);
		}
		catch (DirectoryNotEmptyException ex) {
			// It is still needed.
		}
		catch (IOException ex) {
			throw new StorageException("Cannot delete " + directory, ex);
		}
	}

	/**
	 * Deletes a directory of files and directories, if it is there.
	 */
	static void deleteTree(Path directory) {
		for (Path each : list(directory)) {
			if (Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS)) {
				deleteTree(each);
			}
			else {
				delete(each);
			}
		}
		delete(directory);
	}

}
