package io.liftbridge.spring.support;

import java.util.Comparator;
import java.util.Set;

import io.liftbridge.client.message.InvalidEventException;
import io.liftbridge.client.topic.EventValidator;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validator;

/**
 * Refuses events that violate the constraints of their class, as
 * {@code jakarta.validation} has them. Has no name: the constraints are in the class,
 * which readers have anyway. Safe for use by many threads.
 */
public final class BeanEventValidator implements EventValidator<Object> {

	private final Validator validator;

	private final Class<?>[] groups;

	/**
	 * Creates it.
	 * @param validator the validator, as Spring Boot has one as a bean
	 * @param groups groups of constraints, none for the default one
	 */
	public BeanEventValidator(Validator validator, Class<?>... groups) {
		this.validator = validator;
		this.groups = groups.clone();
	}

	@Override
	public void validate(Object event) {
		Set<ConstraintViolation<Object>> violations = this.validator.validate(event, this.groups);
		if (!violations.isEmpty()) {
			ConstraintViolation<Object> first = violations.stream()
				.min(Comparator.comparing((violation) -> violation.getPropertyPath().toString()))
				.orElseThrow();
			String path = first.getPropertyPath().toString();
			throw new InvalidEventException(path.isEmpty() ? "$" : "$." + path, first.getMessage()
					+ ((violations.size() > 1) ? " (and " + (violations.size() - 1) + " more)" : ""));
		}
	}

}
