package io.liftbridge.benchmarks;

import java.util.ArrayList;
import java.util.List;

/**
 * One line of a table: a client with what it does, and what its runs gave.
 */
final class Entrant {

	private final String title;

	private final Contender contender;

	private final Options options;

	private final List<Sample> samples = new ArrayList<>();

	Entrant(String title, Contender contender, Options options) {
		this.title = title;
		this.contender = contender;
		this.options = options;
	}

	String title() {
		return this.title;
	}

	Options options() {
		return this.options;
	}

	List<Sample> samples() {
		return this.samples;
	}

	void run(String seeds, String stream) throws Exception {
		Sample sample = this.contender.run(this.options, seeds, stream);
		this.samples.add(sample);
		System.err.append(sample.json(this.title, this.options.mode())).append('\n');
	}

	boolean has(Figure figure) {
		return !this.samples.isEmpty() && this.samples.get(0).has(figure);
	}

	double[] values(Figure figure) {
		return this.samples.stream().mapToDouble((sample) -> sample.get(figure)).toArray();
	}

	/** Figures that only this mode has. */
	double[] values(String key) {
		return this.samples.stream().mapToDouble((sample) -> sample.get(key)).toArray();
	}

	/** This one's figures by those of another, run by run. */
	double[] ratios(Entrant other, Figure figure) {
		double[] ratios = values(figure);
		double[] divisors = other.values(figure);
		for (int i = 0; i < ratios.length; i++) {
			ratios[i] /= divisors[i];
		}
		return ratios;
	}

}
