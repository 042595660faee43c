package io.liftbridge.boot.autoconfigure.embedded;

import java.util.List;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

/**
 * Matches if no property names a broker. An empty {@code liftbridge.seeds} names none: on
 * the command line it takes back what a file says.
 */
class OnNoSeedsCondition extends SpringBootCondition {

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		ConditionMessage.Builder message = ConditionMessage.forCondition("Liftbridge seeds");
		List<String> seeds = Binder.get(context.getEnvironment())
			.bind("liftbridge.seeds", Bindable.listOf(String.class))
			.orElse(List.of());
		if (seeds.stream().anyMatch(StringUtils::hasText)) {
			return ConditionOutcome
				.noMatch(message.because("liftbridge.seeds is set and wins over the embedded broker"));
		}
		return ConditionOutcome.match(message.because("liftbridge.seeds is not set"));
	}

}
