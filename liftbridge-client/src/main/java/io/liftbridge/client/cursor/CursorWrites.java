package io.liftbridge.client.cursor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.cluster.Rpc;
import io.liftbridge.proto.SetCursorRequest;
import org.jspecify.annotations.Nullable;

/**
 * Writes each cursor once at a time, because the server carries out calls that overlap in
 * any order. What waits meanwhile becomes one write, of the last position.
 */
final class CursorWrites {

	private final Cluster cluster;

	private final ReentrantLock lock = new ReentrantLock();

	/** The cursors that are being written, each with what is to be written next. */
	private final Map<Name, Line> lines = new HashMap<>();

	CursorWrites(Cluster cluster) {
		this.cluster = cluster;
	}

	CompletableFuture<Void> write(SetCursorRequest request) {
		Name name = new Name(request.getCursorId(), request.getStream(), request.getPartition());
		CompletableFuture<Void> caller = new CompletableFuture<>();
		Write write = new Write(request, deadline(), new ArrayList<>(List.of(caller)));
		this.lock.lock();
		try {
			Line line = this.lines.get(name);
			if (line != null) {
				line.next = (line.next != null) ? write.inPlaceOf(line.next) : write;
				return caller;
			}
			this.lines.put(name, new Line());
		}
		finally {
			this.lock.unlock();
		}
		send(name, write);
		return caller;
	}

	private long deadline() {
		return System.nanoTime() + this.cluster.options().requestTimeout().toNanos();
	}

	private void send(Name name, Write write) {
		Duration rest = Duration.ofNanos(Math.max(1, write.deadline - System.nanoTime()));
		this.cluster
			.call(Rpc.SET_CURSOR, write.request,
					CursorStore.target(this.cluster, name.cursorId, name.stream, name.partition),
					CursorStore.what(name.cursorId, name.stream, name.partition), rest)
			.whenComplete((response, failure) -> {
				Write next = next(name);
				if (next != null) {
					send(name, next);
				}
				write.end(failure);
			});
	}

	private @Nullable Write next(Name name) {
		this.lock.lock();
		try {
			Line line = this.lines.get(name);
			Write next = (line != null) ? line.next : null;
			if (line == null || next == null) {
				this.lines.remove(name);
				return null;
			}
			line.next = null;
			return next;
		}
		finally {
			this.lock.unlock();
		}
	}

	private record Name(String cursorId, String stream, int partition) {
	}

	private static final class Line {

		private @Nullable Write next;

	}

	private record Write(SetCursorRequest request, long deadline, List<CompletableFuture<Void>> callers) {

		Write inPlaceOf(Write earlier) {
			earlier.callers.addAll(this.callers);
			return new Write(this.request, this.deadline, earlier.callers);
		}

		void end(@Nullable Throwable failure) {
			for (CompletableFuture<Void> caller : this.callers) {
				if (failure != null) {
					caller.completeExceptionally(Cluster.unwrap(failure));
				}
				else {
					caller.complete(null);
				}
			}
		}

	}

}
