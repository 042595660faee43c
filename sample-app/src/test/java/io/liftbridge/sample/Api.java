package io.liftbridge.sample;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Calls the running application as a stranger would. Every call ends within ten seconds.
 */
class Api {

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private static final JsonMapper json = new JsonMapper();

	private final HttpClient http = HttpClient.newHttpClient();

	private final String base;

	Api(int port) {
		this.base = "http://127.0.0.1:" + port;
	}

	Answer get(String path) {
		return send(request(path).GET());
	}

	Answer publish(String path, String value) {
		return publish(path, BodyPublishers.ofString(value));
	}

	Answer publish(String path, HttpRequest.BodyPublisher value) {
		return send(request(path).POST(value));
	}

	Answer postJson(String path, String value) {
		return send(request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(value)));
	}

	Answer publishAsForm(String path, String value) {
		return send(request(path).header("Content-Type", "application/x-www-form-urlencoded")
			.POST(BodyPublishers.ofString(value)));
	}

	EventStream events() {
		return new EventStream(this.http, URI.create(this.base + "/api/events"));
	}

	static JsonNode parse(String text) {
		return json.readTree(text);
	}

	private HttpRequest.Builder request(String path) {
		return HttpRequest.newBuilder(URI.create(this.base + path)).timeout(TIMEOUT);
	}

	private Answer send(HttpRequest.Builder request) {
		try {
			HttpResponse<String> response = this.http.send(request.build(), BodyHandlers.ofString());
			return new Answer(response.statusCode(), response.headers().firstValue("Content-Type").orElse(""),
					response.body());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
		catch (java.io.IOException ex) {
			throw new java.io.UncheckedIOException(ex);
		}
	}

	record Answer(int status, String type, String body) {

		JsonNode json() {
			return parse(this.body);
		}

		String detail() {
			return json().path("detail").asString();
		}

	}

}
