package io.liftbridge.client.topic;

import java.math.BigDecimal;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One element of the list of values that a field may have.
 */
@FunctionalInterface
interface ValueMatcher {

	/** The value may be missing, and may be a list or an object. */
	boolean matches(JsonNode value);

	static ValueMatcher exists(boolean wanted) {
		return (value) -> value.isMissingNode() != wanted;
	}

	static ValueMatcher exact(JsonNode expected) {
		BigDecimal number = number(expected);
		return (number != null) ? (value) -> {
			BigDecimal found = number(value);
			return found != null && found.compareTo(number) == 0;
		} : expected::equals;
	}

	static ValueMatcher text(Predicate<String> condition) {
		return (value) -> value.isString() && condition.test(value.stringValue());
	}

	static ValueMatcher prefix(String prefix, boolean ignoreCase) {
		return text((text) -> text.regionMatches(ignoreCase, 0, prefix, 0, prefix.length()));
	}

	static ValueMatcher suffix(String suffix, boolean ignoreCase) {
		return text(
				(text) -> text.regionMatches(ignoreCase, text.length() - suffix.length(), suffix, 0, suffix.length()));
	}

	static ValueMatcher equalsIgnoreCase(String expected) {
		return text(expected::equalsIgnoreCase);
	}

	/** Whatever is there and none of these. */
	static ValueMatcher anythingBut(Iterable<ValueMatcher> excluded) {
		return (value) -> {
			if (value.isMissingNode() || value.isContainer()) {
				return false;
			}
			for (ValueMatcher matcher : excluded) {
				if (matcher.matches(value)) {
					return false;
				}
			}
			return true;
		};
	}

	static @Nullable BigDecimal number(JsonNode value) {
		if (!value.isNumber()
				|| value.isFloatingPointNumber() && !Double.isFinite(value.doubleValue()) && !value.isBigDecimal()) {
			return null;
		}
		return value.decimalValue();
	}

	/** Between bounds, either of which may be absent. */
	record Range(@Nullable BigDecimal low, boolean lowIncluded, @Nullable BigDecimal high,
			boolean highIncluded) implements ValueMatcher {

		@Override
		public boolean matches(JsonNode value) {
			BigDecimal number = number(value);
			if (number == null) {
				return false;
			}
			return (this.low == null || number.compareTo(this.low) >= (this.lowIncluded ? 0 : 1))
					&& (this.high == null || number.compareTo(this.high) <= (this.highIncluded ? 0 : -1));
		}

		boolean isEmpty() {
			if (this.low == null || this.high == null) {
				return false;
			}
			int order = this.low.compareTo(this.high);
			return order > 0 || order == 0 && !(this.lowIncluded && this.highIncluded);
		}

	}

}
