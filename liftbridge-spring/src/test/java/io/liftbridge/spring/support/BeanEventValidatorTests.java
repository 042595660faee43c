package io.liftbridge.spring.support;

import io.liftbridge.client.message.InvalidEventException;
import jakarta.validation.Validation;
import jakarta.validation.ValidatorFactory;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Positive;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class BeanEventValidatorTests {

	@Test
	void refusesWhatViolatesTheConstraintsOfItsClass() {
		try (ValidatorFactory factory = Validation.buildDefaultValidatorFactory()) {
			BeanEventValidator validator = new BeanEventValidator(factory.getValidator());
			validator.validate(new Order("a", 1));
			validator.validate("no constraints");
			assertThatExceptionOfType(InvalidEventException.class)
				.isThrownBy(() -> validator.validate(new Order("", 0)))
				.satisfies((ex) -> assertThat(ex.path()).isEqualTo("$.amount"))
				.withMessageContaining("(and 1 more)");
		}
	}

	record Order(@NotBlank String id, @Positive int amount) {
	}

}
