package io.liftbridge.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.stream.StreamInfo;

/**
 * Clients that do comparable work in turn on one broker, several times: a machine whose
 * speed drifts disturbs the ratio of neighbours less than a figure.
 */
final class Contest {

	private static final String FILLED = "-filled";

	private final String title;

	private final List<Entrant> entrants = new ArrayList<>();

	/** Streams to read, by what is in them. */
	private final Map<String, String> filled = new HashMap<>();

	Contest(String title) {
		this.title = title;
	}

	Entrant add(String name, Contender contender, Options options) {
		Entrant entrant = new Entrant(name, contender, options);
		this.entrants.add(entrant);
		return entrant;
	}

	void run(String seeds, String prefix, int pairs) throws Exception {
		try (LiftbridgeClient client = LiftbridgeClient.builder().seeds(seeds).build()) {
			for (Entrant entrant : this.entrants) {
				if (entrant.options().mode().reads()) {
					fill(entrant.options(), seeds, prefix);
				}
			}
			for (int pair = 1; pair <= pairs; pair++) {
				for (int i = 0; i < this.entrants.size(); i++) {
					Entrant entrant = this.entrants.get(i);
					String streams = prefix + "-" + pair + "-" + i + "-";
					entrant.run(seeds, entrant.options().mode().reads() ? filled(entrant.options()) : streams);
					delete(client, streams);
				}
			}
			this.filled.values().forEach(client.streams()::deleteIfExists);
		}
	}

	private void fill(Options options, String seeds, String prefix) throws Exception {
		if (!this.filled.containsKey(content(options))) {
			String stream = prefix + FILLED + this.filled.size();
			boolean entries = options.mode() == Mode.ENTRIES_CONSUME || options.mode() == Mode.SINK_ENTRIES;
			Mode mode = entries ? Mode.ENTRIES_PUBLISH : Mode.PUBLISH;
			Contender.ours().run(options.with("mode", mode.text()).with("rounds", "1"), seeds, stream);
			this.filled.put(content(options), stream);
		}
	}

	private String filled(Options options) {
		String stream = this.filled.get(content(options));
		if (stream == null) {
			throw new IllegalStateException("Nothing to read");
		}
		return stream;
	}

	private static String content(Options options) {
		Mode mode = (options.mode() == Mode.LISTENER) ? Mode.CONSUME : options.mode();
		return mode + " " + options.n() + " " + options.size() + " " + options.json() + " " + options.compression()
				+ " " + options.records();
	}

	/**
	 * The disk and the broker's memory are for what comes next. Others may have streams
	 * there, too.
	 */
	private static void delete(LiftbridgeClient client, String prefix) {
		for (StreamInfo stream : client.streams().list()) {
			if (stream.name().startsWith(prefix)) {
				client.streams().deleteIfExists(stream.name());
			}
		}
	}

	/** The table in Markdown. */
	String table() {
		List<Figure> figures = Arrays.stream(Figure.values())
			.filter((figure) -> this.entrants.stream().anyMatch((entrant) -> entrant.has(figure)))
			.toList();
		StringBuilder text = new StringBuilder(this.title).append(":\n\n|");
		figures.forEach((figure) -> text.append(" | ").append(figure.title()));
		text.append(" |\n|").append("---|".repeat(figures.size() + 1)).append('\n');
		for (Entrant entrant : this.entrants) {
			text.append(figures.stream()
				.map((figure) -> entrant.has(figure) ? Spread.of(entrant.values(figure)).toString() : "")
				.collect(Collectors.joining(" | ", "| " + entrant.title() + " | ", " |\n")));
		}
		return text.append('\n').toString();
	}

	/** All that each client has printed, in Markdown. */
	String figures() {
		StringBuilder text = new StringBuilder(this.title).append(":\n\n| | median (min - max) |\n|---|---|\n");
		for (Entrant entrant : this.entrants) {
			entrant.samples()
				.get(0)
				.figures()
				.keySet()
				.forEach((key) -> text
					.append(String.format(Locale.ROOT, "| %s | %s |%n", key, Spread.of(entrant.values(key)))));
		}
		return text.append('\n').toString();
	}

	/** The first client's figures by those of each other one, in Markdown. */
	String ratios() {
		StringBuilder text = new StringBuilder();
		Entrant first = this.entrants.get(0);
		for (Entrant other : this.entrants.subList(1, this.entrants.size())) {
			for (Figure figure : Figure.values()) {
				if (first.has(figure) && other.has(figure)) {
					text.append(String.format(Locale.ROOT, "- %s by %s's: %s%n", figure.title(), other.title(),
							Spread.of(first.ratios(other, figure))));
				}
			}
		}
		return text.toString();
	}

}
