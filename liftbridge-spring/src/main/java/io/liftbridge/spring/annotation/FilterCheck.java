package io.liftbridge.spring.annotation;

import java.beans.PropertyDescriptor;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import org.springframework.beans.BeanUtils;
import org.springframework.expression.spel.SpelNode;
import org.springframework.expression.spel.ast.Assign;
import org.springframework.expression.spel.ast.BeanReference;
import org.springframework.expression.spel.ast.CompoundExpression;
import org.springframework.expression.spel.ast.FunctionReference;
import org.springframework.expression.spel.ast.Indexer;
import org.springframework.expression.spel.ast.InlineMap;
import org.springframework.expression.spel.ast.MethodReference;
import org.springframework.expression.spel.ast.OpDec;
import org.springframework.expression.spel.ast.OpInc;
import org.springframework.expression.spel.ast.Projection;
import org.springframework.expression.spel.ast.PropertyOrFieldReference;
import org.springframework.expression.spel.ast.Selection;
import org.springframework.expression.spel.ast.VariableReference;
import org.springframework.util.StringUtils;

/**
 * Refuses filter expressions that would fail, or decide the same, for each message.
 */
final class FilterCheck {

	private static final String CLASS = "class";

	private static final Set<String> PROPERTIES = Arrays
		.stream(BeanUtils.getPropertyDescriptors(FilterExpression.Root.class))
		.map(PropertyDescriptor::getName)
		.filter((name) -> !name.equals(CLASS))
		.collect(Collectors.toCollection(TreeSet::new));

	private static final Set<String> VARIABLES = Set.of("#root", "#this");

	private final Predicate<String> beans;

	/**
	 * Creates it.
	 * @param beans tells whether there is a bean of a name
	 */
	FilterCheck(Predicate<String> beans) {
		this.beans = beans;
	}

	/**
	 * Checks an expression, or a part of one that is about the message.
	 * @throws IllegalArgumentException if it cannot work; the message says why
	 */
	void check(SpelNode node) {
		if (node instanceof Assign || node instanceof OpInc || node instanceof OpDec) {
			throw new IllegalArgumentException("it changes something, and a filter only asks: compare with ==.");
		}
		if (node instanceof Selection || node instanceof Projection) {
			// Inside, names are those of what is selected from.
			return;
		}
		checkName(node);
		for (int i = 0; i < node.getChildCount(); i++) {
			SpelNode child = node.getChild(i);
			if (node instanceof CompoundExpression && i > 0) {
				checkMember(child);
			}
			else if (!(isKey(node, i) && child instanceof PropertyOrFieldReference)) {
				check(child);
			}
		}
	}

	/** Whatever follows a dot: only what is handed over with it is about the message. */
	private void checkMember(SpelNode member) {
		if (member instanceof Selection || member instanceof Projection) {
			return;
		}
		for (int i = 0; i < member.getChildCount(); i++) {
			if (!(isKey(member, i) && member.getChild(i) instanceof PropertyOrFieldReference)) {
				check(member.getChild(i));
			}
		}
	}

	/** Keys of maps need no quotes. */
	private static boolean isKey(SpelNode parent, int child) {
		return parent instanceof Indexer || (parent instanceof InlineMap && child % 2 == 0);
	}

	private void checkName(SpelNode node) {
		if (node instanceof PropertyOrFieldReference property && !isProperty(property.getName())) {
			throw new IllegalArgumentException("there is neither a MessageFilter bean nor a property '"
					+ property.getName() + "'. Messages have " + String.join(", ", PROPERTIES)
					+ "; a header is written as headers['" + property.getName() + "'].");
		}
		if (node instanceof MethodReference method && Arrays.stream(FilterExpression.Root.class.getMethods())
			.noneMatch((known) -> known.getName().equals(method.getName()))) {
			throw new IllegalArgumentException("there is no method '" + method.getName() + "'. Messages have "
					+ String.join(", ", PROPERTIES) + "; a bean is written as @name." + method.getName() + "(...).");
		}
		String text = node.toStringAST();
		if (node instanceof BeanReference && StringUtils.hasLength(text)
				&& Character.isJavaIdentifierPart(text.charAt(1)) && !this.beans.test(text.substring(1))) {
			throw new IllegalArgumentException("there is no bean '" + text.substring(1) + "'.");
		}
		if (node instanceof FunctionReference || (node instanceof VariableReference && !VARIABLES.contains(text))) {
			throw new IllegalArgumentException("there is nothing of the name '" + text + "'. Messages have "
					+ String.join(", ", PROPERTIES) + "; a bean is written as @name.");
		}
	}

	private static boolean isProperty(String name) {
		return PROPERTIES.contains(StringUtils.uncapitalize(name)) || name.equals(CLASS);
	}

}
