package io.liftbridge.boot.autoconfigure.actuate;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

import io.liftbridge.spring.listener.ListenerContainer;
import io.liftbridge.spring.listener.PartitionStatus;
import io.liftbridge.spring.support.SeekTo;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;

/**
 * Does what the endpoint is asked to do with listeners. None of it waits for longer than
 * a second: what takes longer goes on in the background. Safe for use by many threads.
 */
class ListenerActions {

	static final String DONE = "done";

	static final String BEGUN = "begun";

	private static final Logger logger = LoggerFactory.getLogger(ListenerActions.class);

	private static final Duration PATIENCE = Duration.ofSeconds(1);

	private final BackgroundTasks tasks;

	private final @Nullable DeadLetterReplays replays;

	/**
	 * Creates it.
	 * @param tasks runs what takes long
	 * @param replays puts dead letters back, {@code null} where there are none
	 */
	ListenerActions(BackgroundTasks tasks, @Nullable DeadLetterReplays replays) {
		this.tasks = tasks;
		this.replays = replays;
	}

	/**
	 * Does something.
	 * @param container the listener
	 * @param action what to do
	 * @param request with what
	 * @return {@link #DONE}, or {@link #BEGUN} if it goes on in the background
	 * @throws InvalidEndpointRequestException if that cannot be done
	 */
	String perform(ListenerContainer container, ListenerAction action, ListenerRequest request) {
		logger.info("Listener '{}' is told to {} through the actuator: {}", container.id(), action.text(),
				request.inOneLine());
		return switch (action) {
			case PAUSE -> pause(container, request);
			case RESUME -> resume(container, request);
			case SEEK -> seek(container, request);
			case RESTART -> restart(container, request);
			case REPLAY -> replay(container, request);
		};
	}

	/** What is known of the last replay. */
	@Nullable ReplayDescriptor lastReplay(String id) {
		return (this.replays != null) ? this.replays.last(id) : null;
	}

	private String pause(ListenerContainer container, ListenerRequest request) {
		request.allow(ListenerAction.PAUSE);
		if (isWhole(request)) {
			container.pause();
		}
		else {
			targets(container, request).forEach((target) -> container.pause(target.stream(), target.partition()));
		}
		return DONE;
	}

	private String resume(ListenerContainer container, ListenerRequest request) {
		request.allow(ListenerAction.RESUME);
		if (isWhole(request)) {
			container.resume();
		}
		else {
			targets(container, request).forEach((target) -> container.resume(target.stream(), target.partition()));
		}
		return DONE;
	}

	private String seek(ListenerContainer container, ListenerRequest request) {
		request.allow(ListenerAction.SEEK, "position");
		SeekTo place = request.place();
		requireRunning(container, ListenerAction.SEEK);
		if (isWhole(request)) {
			return await(container.seek(place));
		}
		return await(CompletableFuture.allOf(targets(container, request).stream()
			.map((target) -> container.seek(target.stream(), target.partition(), place))
			.toArray(CompletableFuture[]::new)));
	}

	/** Where a listener is at a message for long, it is at the place only after that. */
	private static String await(CompletableFuture<Void> seek) {
		try {
			seek.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
			return DONE;
		}
		catch (TimeoutException ex) {
			return BEGUN;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return BEGUN;
		}
		catch (ExecutionException | CompletionException ex) {
			Throwable cause = (ex.getCause() != null) ? ex.getCause() : ex;
			String problem = "seek failed: " + cause.getMessage();
			throw new InvalidEndpointRequestException(problem, problem, cause);
		}
	}

	private String restart(ListenerContainer container, ListenerRequest request) {
		request.allow(ListenerAction.RESTART);
		if (isWhole(request)) {
			this.tasks.restart(container);
			return BEGUN;
		}
		if (container.properties().getGroup() == null) {
			throw ListenerRequest.invalid("listener '" + container.id()
					+ "' is no member of a group: its partitions cannot be restarted by themselves;"
					+ " leave stream and partition out to restart the listener");
		}
		requireRunning(container, ListenerAction.RESTART);
		targets(container, request).forEach((target) -> container.restart(target.stream(), target.partition()));
		return DONE;
	}

	private String replay(ListenerContainer container, ListenerRequest request) {
		request.allow(ListenerAction.REPLAY, "limit", "dryRun");
		if (this.replays == null) {
			throw ListenerRequest.invalid("there are no dead letters to replay: the application has no"
					+ " DeadLetterReplayer, or liftbridge.listener.dead-letter.enabled is false");
		}
		List<String> streams = streams(container, request);
		this.replays.start(this.tasks, container.id(), streams, request.partitionNumber(), request.limitNumber(),
				request.isDryRun());
		return BEGUN;
	}

	/** Those of a pattern are known once they are read. */
	private static List<String> streams(ListenerContainer container, ListenerRequest request) {
		List<String> streams = Stream
			.concat(container.properties().getStreams().stream(),
					container.partitions().stream().map(PartitionStatus::stream))
			.distinct()
			.toList();
		String wanted = request.stream();
		if (wanted == null) {
			return streams;
		}
		if (!streams.contains(wanted)) {
			throw unread(container, wanted, streams);
		}
		return List.of(wanted);
	}

	private static boolean isWhole(ListenerRequest request) {
		return request.stream() == null && request.partition() == null;
	}

	private static void requireRunning(ListenerContainer container, ListenerAction action) {
		if (!container.isRunning()) {
			throw ListenerRequest.invalid("listener '" + container.id() + "' is " + container.state()
					+ " and reads nothing: restart it before you " + action.text());
		}
	}

	private static List<PartitionStatus> targets(ListenerContainer container, ListenerRequest request) {
		int number = request.partitionNumber();
		List<String> streams = new ArrayList<>(streams(container, request));
		if (request.stream() == null) {
			// Who means one of those names it.
			streams.removeAll(container.retryStreams());
		}
		if (request.stream() == null && streams.size() > 1) {
			throw ListenerRequest.invalid("partition = '" + request.partition() + "' needs a stream, as listener '"
					+ container.id() + "' reads several: " + streams);
		}
		List<PartitionStatus> known = container.partitions()
			.stream()
			.filter((partition) -> streams.contains(partition.stream()))
			.filter((partition) -> partition.partition() != PartitionStatus.UNKNOWN)
			.toList();
		List<PartitionStatus> wanted = known.stream()
			.filter((partition) -> number == ListenerRequest.ALL || partition.partition() == number)
			.toList();
		if (wanted.isEmpty()) {
			throw ListenerRequest.invalid("listener '" + container.id() + "' does not read "
					+ ((number != ListenerRequest.ALL) ? "partition " + number + " of " : "") + "stream " + streams
					+ " at the moment; it reads "
					+ known.stream().map((partition) -> partition.stream() + "/" + partition.partition()).toList());
		}
		return wanted;
	}

	private static InvalidEndpointRequestException unread(ListenerContainer container, String stream,
			List<String> streams) {
		return ListenerRequest
			.invalid("listener '" + container.id() + "' does not read stream '" + stream + "'; it reads " + streams);
	}

}
