package io.liftbridge.benchmarks;

import java.util.Locale;

/**
 * What is to be reached, and whether it was.
 *
 * @param text what it is about
 * @param bound the ratio, or the figure, to reach
 * @param atLeast whether more is better
 * @param reached what was reached
 */
record Target(String text, double bound, boolean atLeast, Spread reached) {

	static Target atLeast(String text, double bound, double... ratios) {
		return new Target(text, bound, true, Spread.of(ratios));
	}

	static Target atMost(String text, double bound, double... ratios) {
		return new Target(text, bound, false, Spread.of(ratios));
	}

	boolean isMet() {
		return this.atLeast ? this.reached.median() >= this.bound : this.reached.median() <= this.bound;
	}

	String row() {
		return String.format(Locale.ROOT, "| %s | %s %s | %s | %s |%n", this.text, this.atLeast ? "≥" : "≤",
				(this.bound == Math.rint(this.bound)) ? String.valueOf((int) this.bound) : String.valueOf(this.bound),
				this.reached, isMet() ? "yes" : "no");
	}

}
