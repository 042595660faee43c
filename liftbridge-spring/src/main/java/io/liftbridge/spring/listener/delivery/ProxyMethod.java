package io.liftbridge.spring.listener.delivery;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

import org.jspecify.annotations.Nullable;
import org.springframework.messaging.handler.invocation.InvocableHandlerMethod;
import org.springframework.util.ReflectionUtils;

/**
 * A method that is called through a proxy which knows it by an interface only. Its
 * parameters are those of the class, with the annotations they have there.
 */
final class ProxyMethod extends InvocableHandlerMethod {

	private final Method invocable;

	ProxyMethod(Object proxy, Method method, Method invocable) {
		super(proxy, method);
		this.invocable = invocable;
		ReflectionUtils.makeAccessible(invocable);
	}

	@Override
	protected @Nullable Object doInvoke(@Nullable Object... args) throws Exception {
		try {
			return this.invocable.invoke(getBean(), args);
		}
		catch (InvocationTargetException ex) {
			ReflectionUtils.rethrowException(ex.getTargetException());
			throw ex;
		}
	}

}
