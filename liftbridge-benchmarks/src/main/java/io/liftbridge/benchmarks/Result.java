package io.liftbridge.benchmarks;

import java.util.Arrays;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * One measured round, printed with the keys that the peers print.
 */
record Result(Options options, long errors, double seconds, double cpuSeconds, double allocatedBytes,
		double @Nullable [] micros) {

	String json() {
		String head = String.format(Locale.ROOT,
				"{\"peer\":\"liftbridge-java\",\"mode\":\"%s\",\"n\":%d,\"size\":%d,\"errors\":%d,\"seconds\":%f,"
						+ "\"rate\":%f,\"cpuSeconds\":%f,\"allocatedBytesPerMessage\":%.0f",
				this.options.mode().name().toLowerCase(Locale.ROOT), this.options.n(), this.options.size(), this.errors,
				this.seconds, this.options.n() / this.seconds, this.cpuSeconds, this.allocatedBytes / this.options.n());
		if (this.micros == null) {
			return head + "}";
		}
		double[] sorted = this.micros.clone();
		Arrays.sort(sorted);
		return head + String.format(Locale.ROOT, ",\"p50us\":%.1f,\"p99us\":%.1f,\"p999us\":%.1f}", at(sorted, 0.5),
				at(sorted, 0.99), at(sorted, 0.999));
	}

	private static double at(double[] sorted, double quantile) {
		return sorted[(int) (quantile * (sorted.length - 1))];
	}

}
