package io.liftbridge.sample;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.awaitility.Awaitility.await;

/**
 * A headless Chromium, driven over its DevTools protocol.
 */
class Browser implements AutoCloseable {

	static final Path EXECUTABLE = Path.of("/usr/bin/chromium");

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final JsonMapper json = new JsonMapper();

	private final AtomicInteger ids = new AtomicInteger();

	private final Map<Integer, CompletableFuture<JsonNode>> calls = new ConcurrentHashMap<>();

	private final List<String> problems = new CopyOnWriteArrayList<>();

	private final Path profile;

	private final Process process;

	private final WebSocket socket;

	static boolean isInstalled() {
		return Files.isExecutable(EXECUTABLE);
	}

	Browser() throws IOException {
		this.profile = Files.createTempDirectory("chromium");
		this.process = new ProcessBuilder(EXECUTABLE.toString(), "--headless", "--no-sandbox", "--disable-gpu",
				"--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
				"--disable-sync", "--user-data-dir=" + this.profile, "--remote-debugging-port=0", "about:blank")
			.redirectErrorStream(true)
			.redirectOutput(this.profile.resolve("output.txt").toFile())
			.start();
		Path port = this.profile.resolve("DevToolsActivePort");
		await().atMost(PATIENCE).until(() -> Files.exists(port) && Files.readAllLines(port).size() > 1);
		this.socket = HttpClient.newHttpClient()
			.newWebSocketBuilder()
			.buildAsync(pageOf(Files.readAllLines(port).get(0)), new Receiver())
			.join();
		call("Runtime.enable", Map.of());
		call("Log.enable", Map.of());
		call("Page.enable", Map.of());
	}

	private static URI pageOf(String port) throws IOException {
		try {
			URI targets = URI.create("http://127.0.0.1:" + port + "/json/list");
			String answer = HttpClient.newHttpClient()
				.send(HttpRequest.newBuilder(targets).build(), BodyHandlers.ofString())
				.body();
			return json.readTree(answer)
				.valueStream()
				.filter((target) -> target.path("type").asString().equals("page"))
				.map((target) -> URI.create(target.path("webSocketDebuggerUrl").asString()))
				.findFirst()
				.orElseThrow();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IOException(ex);
		}
	}

	void open(String url, int width, int height) {
		call("Emulation.setDeviceMetricsOverride",
				Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
		call("Page.navigate", Map.of("url", url));
	}

	JsonNode evaluate(String expression) {
		JsonNode result = call("Runtime.evaluate",
				Map.of("expression", expression, "awaitPromise", true, "returnByValue", true));
		if (result.has("exceptionDetails")) {
			throw new IllegalStateException(expression + ": " + result.path("exceptionDetails"));
		}
		return result.at("/result/value");
	}

	void screenshot(Path file) {
		JsonNode shot = call("Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true));
		try {
			Files.write(file, Base64.getDecoder().decode(shot.path("data").asString()));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** What the page has reported as errors. */
	List<String> problems() {
		return this.problems;
	}

	private JsonNode call(String method, Map<String, ?> parameters) {
		int id = this.ids.incrementAndGet();
		CompletableFuture<JsonNode> answer = new CompletableFuture<>();
		this.calls.put(id, answer);
		this.socket.sendText(json.writeValueAsString(Map.of("id", id, "method", method, "params", parameters)), true)
			.join();
		JsonNode message = answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
		if (message.has("error")) {
			throw new IllegalStateException(method + ": " + message.path("error"));
		}
		return message.path("result");
	}

	@Override
	public void close() throws Exception {
		this.socket.abort();
		this.process.destroy();
		if (!this.process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
			this.process.destroyForcibly();
		}
		await().atMost(PATIENCE).ignoreExceptions().until(() -> FileSystemUtils.deleteRecursively(this.profile));
	}

	private final class Receiver implements WebSocket.Listener {

		private final StringBuilder text = new StringBuilder();

		@Override
		public CompletionStage<?> onText(WebSocket source, CharSequence data, boolean last) {
			this.text.append(data);
			if (last) {
				JsonNode message = json.readTree(this.text.toString());
				this.text.setLength(0);
				receive(message);
			}
			source.request(1);
			return CompletableFuture.completedFuture(null);
		}

		private void receive(JsonNode message) {
			CompletableFuture<JsonNode> call = Browser.this.calls.remove(message.path("id").asInt());
			if (call != null) {
				call.complete(message);
			}
			else if (message.path("method").asString().equals("Runtime.exceptionThrown")
					|| message.at("/params/entry/level").asString().equals("error")) {
				Browser.this.problems.add(message.path("params").toString());
			}
		}

	}

}
