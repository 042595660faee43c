package io.liftbridge.spring.listener.delivery;

import java.lang.annotation.Annotation;
import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.support.MethodArgumentNotValidException;
import org.springframework.validation.BeanPropertyBindingResult;
import org.springframework.validation.BindingResult;
import org.springframework.validation.FieldError;
import org.springframework.validation.ObjectError;
import org.springframework.validation.SmartValidator;
import org.springframework.validation.Validator;
import org.springframework.validation.annotation.ValidationAnnotationUtils;

/**
 * Validates what parameters with {@code @Valid} or {@code @Validated} receive; of
 * collections, arrays and {@code Optional} what is inside.
 *
 * @param validator validates, {@code null} for none
 */
record PayloadValidation(@Nullable Validator validator) {

	/**
	 * Finds the annotation that asks for validation.
	 * @return the annotation, {@code null} if there is none
	 */
	static @Nullable Annotation annotation(MethodParameter parameter) {
		return Arrays.stream(parameter.getParameterAnnotations())
			.filter((annotation) -> ValidationAnnotationUtils.determineValidationHints(annotation) != null)
			.findFirst()
			.orElse(null);
	}

	/**
	 * Validates.
	 * @param annotation asks for it
	 * @throws MethodArgumentNotValidException if something is not valid
	 */
	void validate(Message<?> message, MethodParameter parameter, Annotation annotation, Object payload) {
		if (this.validator == null) {
			return;
		}
		Object[] hints = ValidationAnnotationUtils.determineValidationHints(annotation);
		String name = parameter.getParameter().isNamePresent() ? parameter.getParameter().getName() : "payload";
		BindingResult result = new Run(this.validator, name, (hints != null) ? hints : new Object[0])
			.validated(payload);
		if (result.hasErrors()) {
			throw new MethodArgumentNotValidException(message, parameter, result);
		}
	}

	/**
	 * Validates one payload.
	 *
	 * @param name what errors call it
	 * @param hints groups of constraints
	 */
	private record Run(Validator validator, String name, Object[] hints) {

		BindingResult validated(Object payload) {
			BindingResult result = new BeanPropertyBindingResult(payload, this.name);
			if (payload instanceof Optional<?> optional) {
				return optional.isPresent() ? validated(optional.get()) : result;
			}
			if (payload instanceof Collection<?> several) {
				addAll(several, result);
			}
			else if (payload instanceof Object[] several) {
				addAll(Arrays.asList(several), result);
			}
			else if (this.validator instanceof SmartValidator smart && this.hints.length > 0) {
				smart.validate(payload, result, this.hints);
			}
			else {
				this.validator.validate(payload, result);
			}
			return result;
		}

		private void addAll(Collection<?> several, BindingResult result) {
			int index = 0;
			for (Object element : several) {
				String place = "[" + index++ + "]";
				if (element != null) {
					validated(element).getAllErrors().forEach((error) -> result.addError(inside(place, error)));
				}
			}
		}

		private static FieldError inside(String place, ObjectError error) {
			String field = (error instanceof FieldError inner)
					? place + (inner.getField().startsWith("[") ? "" : ".") + inner.getField() : place;
			return new FieldError(error.getObjectName(), field, null, false, error.getCodes(), error.getArguments(),
					error.getDefaultMessage());
		}

	}

}
