package io.liftbridge.embedded.disk;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.liftbridge.embedded.group.GroupStorage;
import io.liftbridge.embedded.group.GroupsState;
import io.liftbridge.embedded.group.GroupsState.GroupState;
import io.liftbridge.embedded.group.GroupsState.MemberState;

/**
 * Keeps the consumer groups in one file.
 */
final class GroupFile implements GroupStorage {

	private final Path file;

	GroupFile(Path file) {
		this.file = file;
	}

	@Override
	public GroupsState load() {
		return Files.exists(this.file) ? StateFile.read(this.file, GroupFile::read) : NONE.load();
	}

	@Override
	public void save(GroupsState state) {
		StateFile.write(this.file, (out) -> {
			out.writeLong(state.index());
			StateFile.writeList(out, state.groups(), GroupFile::write);
		});
	}

	private static void write(DataOutputStream out, GroupState group) throws IOException {
		StateFile.writeText(out, group.id());
		out.writeLong(group.epoch());
		StateFile.writeList(out, group.streams(), StateFile::writeText);
		StateFile.writeList(out, group.members(), GroupFile::write);
	}

	private static void write(DataOutputStream out, MemberState member) throws IOException {
		StateFile.writeText(out, member.id());
		StateFile.writeList(out, member.streams(), StateFile::writeText);
		StateFile.writeList(out, List.copyOf(member.partitions().entrySet()), (target, entry) -> {
			StateFile.writeText(target, entry.getKey());
			StateFile.writeList(target, entry.getValue(), DataOutputStream::writeInt);
		});
	}

	private static GroupsState read(DataInputStream in) throws IOException {
		return new GroupsState(in.readLong(), StateFile.readList(in, GroupFile::readGroup));
	}

	private static GroupState readGroup(DataInputStream in) throws IOException {
		return new GroupState(StateFile.readText(in), in.readLong(), StateFile.readList(in, StateFile::readText),
				StateFile.readList(in, GroupFile::readMember));
	}

	private static MemberState readMember(DataInputStream in) throws IOException {
		String id = StateFile.readText(in);
		List<String> streams = StateFile.readList(in, StateFile::readText);
		Map<String, List<Integer>> partitions = new TreeMap<>();
		for (int i = in.readInt(); i > 0; i--) {
			partitions.put(StateFile.readText(in), StateFile.readList(in, DataInputStream::readInt));
		}
		return new MemberState(id, streams, partitions);
	}

}
