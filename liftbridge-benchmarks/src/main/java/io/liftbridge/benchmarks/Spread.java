package io.liftbridge.benchmarks;

import java.util.Arrays;
import java.util.Locale;

/**
 * Median, minimum and maximum.
 *
 * @param median the median
 * @param min the minimum
 * @param max the maximum
 */
record Spread(double median, double min, double max) {

	static Spread of(double[] values) {
		double[] sorted = values.clone();
		Arrays.sort(sorted);
		int middle = sorted.length / 2;
		double median = (sorted.length % 2 == 1) ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
		return new Spread(median, sorted[0], sorted[sorted.length - 1]);
	}

	@Override
	public String toString() {
		String format = (this.max < 10) ? "%.2f (%.2f - %.2f)"
				: (this.max < 100) ? "%.1f (%.1f - %.1f)" : "%.0f (%.0f - %.0f)";
		return String.format(Locale.ROOT, format, this.median, this.min, this.max);
	}

}
