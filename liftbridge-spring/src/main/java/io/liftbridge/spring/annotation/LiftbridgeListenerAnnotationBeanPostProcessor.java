package io.liftbridge.spring.annotation;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import org.springframework.util.Assert;

/**
 * Finds methods and classes with {@link LiftbridgeListener} and registers a container for
 * each annotation, once all singletons are there; those of beans that come later at once.
 */
public class LiftbridgeListenerAnnotationBeanPostProcessor
		implements BeanPostProcessor, BeanFactoryAware, EnvironmentAware, SmartInitializingSingleton, Ordered {

	private final Set<Class<?>> withoutListeners = ConcurrentHashMap.newKeySet();

	private final ReentrantLock lock = new ReentrantLock();

	private final List<FoundListener> found = new ArrayList<>();

	private boolean initialized;

	private @Nullable ConfigurableBeanFactory beanFactory;

	private @Nullable Environment environment;

	private @Nullable ListenerRegistrar registrar;

	@Override
	public void setBeanFactory(BeanFactory beanFactory) {
		Assert.isInstanceOf(ConfigurableBeanFactory.class, beanFactory);
		this.beanFactory = (ConfigurableBeanFactory) beanFactory;
	}

	@Override
	public void setEnvironment(Environment environment) {
		this.environment = environment;
	}

	/** Behind those that make proxies, so that listeners are called through them. */
	@Override
	public int getOrder() {
		return LOWEST_PRECEDENCE;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		Class<?> type = AopProxyUtils.ultimateTargetClass(bean);
		if (this.withoutListeners.contains(type)) {
			return bean;
		}
		List<FoundListener> listeners = ListenerScanner.find(bean, beanName, type);
		if (listeners.isEmpty()) {
			this.withoutListeners.add(type);
		}
		listeners.forEach(this::add);
		return bean;
	}

	private void add(FoundListener listener) {
		this.lock.lock();
		try {
			if (!this.initialized) {
				this.found.add(listener);
				return;
			}
		}
		finally {
			this.lock.unlock();
		}
		register(List.of(listener));
	}

	@Override
	public void afterSingletonsInstantiated() {
		List<FoundListener> listeners;
		this.lock.lock();
		try {
			this.initialized = true;
			listeners = List.copyOf(this.found);
			this.found.clear();
		}
		finally {
			this.lock.unlock();
		}
		register(listeners);
	}

	private void register(List<FoundListener> listeners) {
		listeners.forEach(registrar()::register);
	}

	private ListenerRegistrar registrar() {
		this.lock.lock();
		try {
			if (this.registrar == null) {
				Assert.state(this.beanFactory != null, "Not in a bean factory");
				this.registrar = new ListenerRegistrar(this.beanFactory, this.environment);
			}
			return this.registrar;
		}
		finally {
			this.lock.unlock();
		}
	}

}
