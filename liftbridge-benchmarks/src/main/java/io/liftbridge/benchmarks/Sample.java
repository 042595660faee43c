package io.liftbridge.benchmarks;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What one round gave: figures by name, as all clients print them.
 *
 * @param figures the figures
 */
record Sample(Map<String, Double> figures) {

	private static final Pattern FIGURE = Pattern.compile("\"([A-Za-z0-9]+)\":(-?[0-9][0-9.eE+-]*)");

	Sample() {
		this(Map.of());
	}

	static Sample parse(String json) {
		Map<String, Double> figures = new LinkedHashMap<>();
		Matcher matcher = FIGURE.matcher(json.replace("\": ", "\":"));
		while (matcher.find()) {
			figures.put(matcher.group(1), Double.valueOf(matcher.group(2)));
		}
		return new Sample(figures);
	}

	Sample with(String name, double figure) {
		Map<String, Double> more = new LinkedHashMap<>(this.figures);
		more.put(name, figure);
		return new Sample(more);
	}

	/** Adds the latencies of single messages. */
	Sample withLatency(double[] micros) {
		double[] sorted = micros.clone();
		Arrays.sort(sorted);
		return with("p50us", at(sorted, 0.5)).with("p99us", at(sorted, 0.99)).with("p999us", at(sorted, 0.999));
	}

	private static double at(double[] sorted, double quantile) {
		return sorted[(int) (quantile * (sorted.length - 1))];
	}

	boolean has(Figure figure) {
		return this.figures.containsKey(figure.key());
	}

	double get(Figure figure) {
		double value = get(figure.key());
		return (figure == Figure.CPU) ? value * 1e6 / get("n") : value;
	}

	/** A ratio with a figure that is not there would be a wrong one. */
	double get(String name) {
		Double figure = this.figures.get(name);
		if (figure == null) {
			throw new IllegalStateException("A client printed no figure '" + name + "': " + this.figures);
		}
		return figure;
	}

	String json(String client, Mode mode) {
		return this.figures.entrySet()
			.stream()
			.map((figure) -> String.format(Locale.ROOT, "\"%s\":%.3f", figure.getKey(), figure.getValue()))
			.collect(Collectors.joining(",", "{\"peer\":\"" + client + "\",\"mode\":\"" + mode.text() + "\",", "}"));
	}

}
