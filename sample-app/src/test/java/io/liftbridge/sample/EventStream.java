package io.liftbridge.sample;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import tools.jackson.databind.JsonNode;

/**
 * Collects what {@code /api/events} sends, as a page would.
 */
class EventStream implements AutoCloseable {

	private final List<Event> events = new CopyOnWriteArrayList<>();

	private final CompletableFuture<HttpResponse<Stream<String>>> response;

	private final CompletableFuture<Void> ended;

	private String name = "";

	EventStream(HttpClient http, URI uri) {
		this.response = http.sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofLines());
		this.ended = this.response.thenAcceptAsync((answer) -> answer.body().forEach(this::line));
	}

	List<Event> events() {
		return this.events;
	}

	Stream<JsonNode> named(String wanted) {
		return this.events.stream().filter((event) -> event.name().equals(wanted)).map(Event::data);
	}

	boolean isEnded() {
		return this.ended.isDone();
	}

	private void line(String line) {
		if (line.startsWith("event:")) {
			this.name = line.substring("event:".length()).trim();
		}
		else if (line.startsWith("data:")) {
			this.events.add(new Event(this.name, Api.parse(line.substring("data:".length()))));
		}
	}

	@Override
	public void close() {
		this.response.thenAccept((answer) -> answer.body().close());
		this.response.cancel(true);
	}

	record Event(String name, JsonNode data) {
	}

}
