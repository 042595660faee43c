package io.liftbridge.embedded.disk;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.liftbridge.embedded.log.LogStorage;
import io.liftbridge.embedded.stream.StreamState;
import io.liftbridge.embedded.stream.StreamState.PartitionState;
import io.liftbridge.embedded.stream.StreamStorage;
import io.liftbridge.proto.CreateStreamRequest;

/**
 * Keeps each stream in a directory of its own, which has a number for a name because a
 * stream's name may have characters that no file system likes. A stream is there as long
 * as its state file is.
 */
final class StreamFiles implements StreamStorage {

	private static final String STATE = "stream";

	private final Path directory;

	private final Map<String, Path> streams = new HashMap<>();

	private long lastNumber;

	StreamFiles(Path directory) {
		this.directory = directory;
	}

	/**
	 * The streams that were kept. What is left of deleted ones is removed.
	 */
	@Override
	public List<StreamState> load() {
		List<StreamState> states = new ArrayList<>();
		for (Path each : Disk.list(this.directory)) {
			String name = each.getFileName().toString();
			if (!name.matches("\\d{1,18}")) {
				continue;
			}
			this.lastNumber = Math.max(this.lastNumber, Long.parseLong(name));
			if (Files.exists(each.resolve(STATE))) {
				StreamState state = StateFile.read(each.resolve(STATE), StreamFiles::read);
				this.streams.put(state.name(), each);
				states.add(state);
			}
			else {
				Disk.deleteTree(each);
			}
		}
		return states;
	}

	@Override
	public void save(StreamState state) {
		Path home = this.streams.get(state.name());
		if (home == null) {
			home = this.directory.resolve(String.valueOf(++this.lastNumber));
		}
		StateFile.write(home.resolve(STATE), (out) -> write(out, state));
		this.streams.put(state.name(), home);
	}

	@Override
	public LogStorage log(String stream, int partition) {
		Path home = this.streams.get(stream);
		if (home == null) {
			throw new IllegalStateException("Stream " + stream + " was neither loaded nor saved");
		}
		return new SegmentFiles(home.resolve(String.valueOf(partition)));
	}

	@Override
	public void delete(String stream) {
		Path home = this.streams.get(stream);
		if (home != null) {
			Disk.delete(home.resolve(STATE));
			this.streams.remove(stream);
		}
	}

	private static void write(DataOutputStream out, StreamState state) throws IOException {
		StateFile.writeBytes(out, state.request().toByteArray());
		out.writeLong(state.created());
		out.writeBoolean(state.resumedAsWhole());
		StateFile.writeList(out, state.partitions(), (target, partition) -> {
			target.writeBoolean(partition.paused());
			target.writeBoolean(partition.pausedOnce());
			target.writeBoolean(partition.readonly());
			target.writeBoolean(partition.readonlyInMetadata());
			target.writeBoolean(partition.readonlyChanged());
		});
	}

	private static StreamState read(DataInputStream in) throws IOException {
		return new StreamState(CreateStreamRequest.parseFrom(StateFile.readBytes(in)), in.readLong(), in.readBoolean(),
				StateFile.readList(in, (source) -> new PartitionState(source.readBoolean(), source.readBoolean(),
						source.readBoolean(), source.readBoolean(), source.readBoolean())));
	}

}
