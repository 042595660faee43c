package io.liftbridge.spring.listener.delivery;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.MethodParameter;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.messaging.handler.invocation.InvocableHandlerMethod;
import org.springframework.util.ReflectionUtils;

/**
 * A method each of whose parameters has its resolver from the beginning, rather than with
 * each message. It may be called through a proxy which knows it by an interface only: its
 * parameters are those of the class, with the annotations they have there.
 */
final class BoundMethod extends InvocableHandlerMethod {

	private static final ParameterNameDiscoverer NAMES = new DefaultParameterNameDiscoverer();

	private final Method invocable;

	/** Whether the method itself is called, and not one of a proxy's interface. */
	private final boolean direct;

	private final HandlerMethodArgumentResolver[] resolvers;

	/**
	 * Creates it.
	 * @param bean the object, or a proxy of it
	 * @param method the method, as its class declares it
	 * @param resolvers the first that supports a parameter resolves it
	 * @throws IllegalStateException if none supports a parameter
	 */
	BoundMethod(Object bean, Method method, List<HandlerMethodArgumentResolver> resolvers) {
		super(bean, method);
		this.invocable = AopUtils.selectInvocableMethod(method, bean.getClass());
		ReflectionUtils.makeAccessible(this.invocable);
		this.direct = this.invocable.equals(getMethod());
		MethodParameter[] parameters = getMethodParameters();
		this.resolvers = new HandlerMethodArgumentResolver[parameters.length];
		for (int i = 0; i < parameters.length; i++) {
			MethodParameter parameter = parameters[i];
			parameter.initParameterNameDiscovery(NAMES);
			this.resolvers[i] = resolvers.stream()
				.filter((resolver) -> resolver.supportsParameter(parameter))
				.findFirst()
				.orElseThrow(() -> new IllegalStateException(
						"has a " + ParameterTypes.describe(parameter) + " that nothing is known of: remove it."));
		}
	}

	@Override
	protected @Nullable Object[] getMethodArgumentValues(Message<?> message, @Nullable Object... providedArgs)
			throws Exception {
		MethodParameter[] parameters = getMethodParameters();
		@Nullable Object[] values = new @Nullable Object[parameters.length];
		for (int i = 0; i < values.length; i++) {
			values[i] = this.resolvers[i].resolveArgument(parameters[i], message);
		}
		return values;
	}

	@Override
	protected @Nullable Object doInvoke(@Nullable Object... args) throws Exception {
		if (this.direct) {
			return super.doInvoke(args);
		}
		try {
			return this.invocable.invoke(getBean(), args);
		}
		catch (InvocationTargetException ex) {
			ReflectionUtils.rethrowException(ex.getTargetException());
			throw ex;
		}
	}

}
