package io.liftbridge.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.liftbridge.spring.core.LiftbridgeTemplate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What Prometheus is given, line by line, and that the dashboard asks for nothing else.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class ScrapeTests {

	private static final Pattern LINE = Pattern.compile("(liftbridge_[a-z_]+)(?:\\{([^}]*)\\})? (\\S+)");

	private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

	private static final Set<String> PRODUCER = Set.of("stream", "producer");

	private static final Set<String> LISTENER = Set.of("listener", "stream");

	private static final Set<String> SENDS = Set.of("messaging_system", "messaging_operation_name",
			"messaging_operation_type", "messaging_destination_name");

	private static final Set<String> CALLS = Set.of("messaging_system", "messaging_operation_name",
			"messaging_operation_type", "messaging_destination_name", "messaging_consumer_group_name",
			"liftbridge_listener_id");

	/** The labels of each meter, without what a kind of meter adds to its name. */
	private static final Map<String, Set<String>> PROMISED = Map.ofEntries(
			Map.entry("liftbridge_broker_up", Set.of("broker")),
			Map.entry("liftbridge_broker_reconnects_total", Set.of("broker")),
			Map.entry("liftbridge_producer_sent_total", PRODUCER),
			Map.entry("liftbridge_producer_acked_total", PRODUCER),
			Map.entry("liftbridge_producer_failed_total", and(PRODUCER, "reason")),
			Map.entry("liftbridge_producer_in_flight", PRODUCER), Map.entry("liftbridge_producer_batch_size", PRODUCER),
			Map.entry("liftbridge_producer_entry_compression_ratio", PRODUCER),
			Map.entry("liftbridge_producer_blocked_seconds", PRODUCER),
			Map.entry("liftbridge_producer_ack_seconds", PRODUCER),
			Map.entry("liftbridge_listener_received_total", LISTENER),
			Map.entry("liftbridge_listener_processed_total", LISTENER),
			Map.entry("liftbridge_listener_failures_total", LISTENER),
			Map.entry("liftbridge_listener_retries_total", LISTENER),
			Map.entry("liftbridge_listener_dead_letters_total", LISTENER),
			Map.entry("liftbridge_listener_passed_over_total", LISTENER),
			Map.entry("liftbridge_listener_processing_seconds", LISTENER),
			Map.entry("liftbridge_listener_lag", and(LISTENER, "partition")),
			Map.entry("liftbridge_listener_rebalances_total", and(LISTENER, "change")),
			Map.entry("liftbridge_template_seconds", and(SENDS, "error")),
			Map.entry("liftbridge_template_active_seconds", SENDS),
			Map.entry("liftbridge_listener_seconds", and(CALLS, "error")),
			Map.entry("liftbridge_listener_active_seconds", CALLS));

	@LocalServerPort
	private int port;

	@Autowired
	private LiftbridgeTemplate liftbridge;

	private Api api;

	@BeforeEach
	void open() {
		this.api = new Api(this.port);
		// What fails for good, and what is never sent.
		this.api.publish("/api/streams/readings/messages?key=scraped", "this is not a reading");
		this.liftbridge.send("nosuch", "x").exceptionally((ex) -> null).join();
		await().atMost(Duration.ofSeconds(60))
			.untilAsserted(() -> assertThat(labels().keySet()).containsAll(PROMISED.keySet()));
	}

	@Test
	void eachMeterHasTheLabelsThatWerePromisedAndThereIsNoOther() {
		Map<String, Set<Set<String>>> labels = labels();
		assertThat(labels.keySet()).isEqualTo(PROMISED.keySet());
		// One set of labels: with another one some registries drop what comes second.
		PROMISED.forEach((name, promised) -> assertThat(labels.get(name)).as(name).containsExactly(promised));
	}

	@Test
	void noLabelTellsWhatMayBeWithoutNumber() {
		// How many sends run at the moment is counted before it is known that there is no
		// such stream.
		assertThat(lines().filter((line) -> !family(line.group(1)).equals("liftbridge_template_active_seconds"))
			.flatMap((line) -> LABEL.matcher(orEmpty(line)).results()))
			.noneMatch((label) -> label.group(1).matches(".*(offset|key|attempt|size|partition_id).*"))
			.noneMatch((label) -> label.group(2).equals("nosuch"));
	}

	@Test
	void theDashboardAsksForNothingThatIsNotThere() throws IOException {
		String dashboard = Files.readString(Path.of("..", "docs", "grafana-dashboard.json"));
		assertThat(Api.parse(dashboard).path("panels")).isNotEmpty();
		Set<String> asked = Pattern.compile("(liftbridge_[a-z_]+)\\{|label_values\\((liftbridge_[a-z_]+)")
			.matcher(dashboard)
			.results()
			.map((found) -> (found.group(1) != null) ? found.group(1) : found.group(2))
			.collect(Collectors.toCollection(TreeSet::new));
		assertThat(asked).hasSizeGreaterThan(15);
		assertThat(lines().map((line) -> line.group(1)).collect(Collectors.toSet())).containsAll(asked);
	}

	/**
	 * The sets of labels that each meter has in the scrape, of which there should be one.
	 */
	private Map<String, Set<Set<String>>> labels() {
		Map<String, Set<Set<String>>> found = new TreeMap<>();
		lines().forEach((line) -> found.computeIfAbsent(family(line.group(1)), (absent) -> new HashSet<>())
			.add(LABEL.matcher(orEmpty(line))
				.results()
				.map((label) -> label.group(1))
				.collect(Collectors.toUnmodifiableSet())));
		return found;
	}

	private Stream<MatchResult> lines() {
		return this.api.get("/actuator/prometheus")
			.body()
			.lines()
			.filter((line) -> line.startsWith("liftbridge_"))
			.map((line) -> {
				Matcher matcher = LINE.matcher(line);
				assertThat(matcher.matches()).as(line).isTrue();
				return matcher.toMatchResult();
			});
	}

	private static String orEmpty(MatchResult line) {
		return (line.group(2) != null) ? line.group(2) : "";
	}

	private static String family(String name) {
		return name.replaceFirst("_(count|sum|max)$", "");
	}

	private static Set<String> and(Set<String> labels, String more) {
		return Stream.concat(labels.stream(), Stream.of(more)).collect(Collectors.toUnmodifiableSet());
	}

}
