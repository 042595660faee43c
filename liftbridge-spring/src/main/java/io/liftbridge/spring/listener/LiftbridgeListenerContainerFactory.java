package io.liftbridge.spring.listener;

import java.lang.reflect.Method;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.spring.core.LiftbridgeOperations;
import io.liftbridge.spring.core.LiftbridgeTemplate;
import io.liftbridge.spring.core.ProducerFactory;
import io.liftbridge.spring.listener.delivery.BatchListener;
import io.liftbridge.spring.listener.delivery.DeadLetterPublisher;
import io.liftbridge.spring.listener.delivery.DefaultErrorHandler;
import io.liftbridge.spring.listener.delivery.ErrorHandler;
import io.liftbridge.spring.listener.delivery.Listener;
import io.liftbridge.spring.listener.delivery.ListenerMetrics;
import io.liftbridge.spring.listener.delivery.ListenerObserver;
import io.liftbridge.spring.listener.delivery.MethodListenerFactory;
import io.liftbridge.spring.listener.delivery.RecordListener;
import io.liftbridge.spring.support.DefaultHeaderMapper;
import io.liftbridge.spring.support.HeaderMapper;
import io.liftbridge.spring.support.PayloadConverters;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.ApplicationEventPublisherAware;
import org.springframework.validation.Validator;

/**
 * Creates listener containers and holds what they have in common. Set it up before its
 * first use; it is then safe for use by many threads.
 */
public class LiftbridgeListenerContainerFactory
		implements BeanFactoryAware, ApplicationEventPublisherAware, DisposableBean {

	private final LiftbridgeClient client;

	private final ProducerFactory producers;

	private final ListenerThreads threads = new ListenerThreads();

	private final ContainerProperties containerProperties = new ContainerProperties();

	private ErrorHandler errorHandler;

	private PayloadConverters payloadConverters = PayloadConverters.defaults();

	private HeaderMapper headerMapper = new DefaultHeaderMapper();

	private ListenerMetrics listenerMetrics = ListenerMetrics.NONE;

	private ListenerObserver listenerObserver = ListenerObserver.NONE;

	private List<ListenerContainerCustomizer> customizers = List.of();

	private @Nullable Validator validator;

	private @Nullable Executor taskExecutor;

	private @Nullable LiftbridgeOperations replyTemplate;

	private @Nullable BeanFactory beanFactory;

	private @Nullable ApplicationEventPublisher events;

	/**
	 * Creates a factory whose containers retry three times and then publish to the
	 * dead-letter stream.
	 * @param client reads; not closed by this factory
	 * @param producers publish replies and dead letters; not closed by this factory
	 */
	public LiftbridgeListenerContainerFactory(LiftbridgeClient client, ProducerFactory producers) {
		this.client = client;
		this.producers = producers;
		this.errorHandler = new DefaultErrorHandler(new DeadLetterPublisher(client, producers));
	}

	/**
	 * The options that each container starts from.
	 * @return the options, to be changed before containers are created
	 */
	public ContainerProperties getContainerProperties() {
		return this.containerProperties;
	}

	/**
	 * Sets what decides about failures.
	 * @param errorHandler default: three retries, then the dead-letter stream
	 */
	public void setErrorHandler(ErrorHandler errorHandler) {
		this.errorHandler = errorHandler;
	}

	/**
	 * Sets the converters of payloads and replies.
	 * @param payloadConverters default {@link PayloadConverters#defaults()}
	 */
	public void setPayloadConverters(PayloadConverters payloadConverters) {
		this.payloadConverters = payloadConverters;
	}

	/**
	 * Sets the translation of headers.
	 * @param headerMapper default {@link DefaultHeaderMapper}
	 */
	public void setHeaderMapper(HeaderMapper headerMapper) {
		this.headerMapper = headerMapper;
	}

	/**
	 * Sets what counts.
	 * @param listenerMetrics default {@link ListenerMetrics#NONE}
	 */
	public void setListenerMetrics(ListenerMetrics listenerMetrics) {
		this.listenerMetrics = listenerMetrics;
	}

	/**
	 * Sets what surrounds each call of a listener.
	 * @param listenerObserver default {@link ListenerObserver#NONE}
	 */
	public void setListenerObserver(ListenerObserver listenerObserver) {
		this.listenerObserver = listenerObserver;
	}

	/**
	 * Sets what may change the options of each container, after annotation and defaults.
	 * @param customizers in order
	 */
	public void setContainerCustomizers(Collection<? extends ListenerContainerCustomizer> customizers) {
		this.customizers = List.copyOf(customizers);
	}

	/**
	 * Sets what validates payloads that are marked with {@code @Valid} or
	 * {@code @Validated}.
	 * @param validator default: the only or primary {@code Validator} bean, if there is
	 * one
	 */
	public void setValidator(@Nullable Validator validator) {
		this.validator = validator;
	}

	/**
	 * Sets who runs listeners.
	 * @param taskExecutor must give each task a thread at once, as an executor with
	 * virtual threads does; default: 12 threads, or as many as there are processors, that
	 * the containers share, and one more for each that a listener holds up
	 */
	public void setTaskExecutor(@Nullable Executor taskExecutor) {
		this.taskExecutor = taskExecutor;
	}

	/**
	 * Sets what sends replies.
	 * @param replyTemplate default: a template with the converters of this factory
	 */
	public void setReplyTemplate(@Nullable LiftbridgeOperations replyTemplate) {
		this.replyTemplate = replyTemplate;
	}

	@Override
	public void setBeanFactory(BeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	@Override
	public void setApplicationEventPublisher(ApplicationEventPublisher applicationEventPublisher) {
		this.events = applicationEventPublisher;
	}

	/**
	 * Creates a container with the error handler of this factory.
	 * @param id the listener's id
	 * @param properties its options
	 * @param listener the listener
	 * @return the container, not started
	 * @throws IllegalArgumentException if it has no stream
	 * @throws io.liftbridge.client.message.InvalidRequestException if the name of a
	 * stream is not allowed
	 */
	public ListenerContainer createContainer(String id, ContainerProperties properties, Listener listener) {
		return createContainer(id, properties, listener, null);
	}

	/**
	 * Creates a container.
	 * @param id the listener's id
	 * @param properties its options
	 * @param listener the listener
	 * @param errorHandler decides about failures, {@code null} for that of this factory
	 * @return the container, not started
	 * @throws IllegalArgumentException if it has no stream
	 * @throws io.liftbridge.client.message.InvalidRequestException if the name of a
	 * stream is not allowed
	 */
	public ListenerContainer createContainer(String id, ContainerProperties properties, Listener listener,
			@Nullable ErrorHandler errorHandler) {
		ContainerProperties copy = new ContainerProperties(properties);
		this.customizers.forEach((customizer) -> customizer.customize(id, copy));
		ErrorHandler handler = (errorHandler != null) ? errorHandler : this.errorHandler;
		copy.setStreams(
				Stream.concat(copy.getStreams().stream(), handler.retryStreams(copy.getStreams()).stream()).toList());
		OptionsCheck.check(id, copy, handler);
		return new DefaultListenerContainer(new ContainerContext(id, copy, surrounded(id, listener, copy), this.client,
				handler, this.listenerMetrics, this.threads, this.taskExecutor, this.events));
	}

	/** From inside: interceptor, observer, filter. */
	private Listener surrounded(String id, Listener listener, ContainerProperties properties) {
		MessageFilter filter = properties.getFilter();
		ListenerObserver observer = listener.isObserved() ? this.listenerObserver : ListenerObserver.NONE;
		if (listener instanceof BatchListener batch) {
			BatchInterceptor around = properties.getBatchInterceptor();
			BatchListener observed = observer.observeAll(id, properties.getGroup(),
					(around != null) ? new InterceptedBatchListener(batch, null, around) : batch);
			return (filter != null) ? new InterceptedBatchListener(observed, filter, null) : observed;
		}
		RecordListener single = (RecordListener) listener;
		RecordInterceptor around = properties.getRecordInterceptor();
		RecordListener observed = observer.observeEach(id, properties.getGroup(),
				(around != null) ? new InterceptedRecordListener(single, null, around) : single);
		return (filter != null) ? new InterceptedRecordListener(observed, filter, null) : observed;
	}

	/**
	 * Makes a listener of a method.
	 * @param id the listener's id
	 * @param bean the object
	 * @param method its method
	 * @param batch whether it receives lists
	 * @param sendTo streams to send the result to, empty for none
	 * @return the listener
	 * @throws IllegalStateException if the method's parameters do not fit
	 */
	public Listener createMethodListener(String id, Object bean, Method method, boolean batch, List<String> sendTo) {
		return methodListeners().create(id, bean, method, batch, sendTo);
	}

	/**
	 * Gives what makes listeners of methods, with the converters and the validator of
	 * this factory.
	 * @return makes listeners
	 */
	public MethodListenerFactory methodListeners() {
		Executor replyThreads = (this.taskExecutor != null) ? this.taskExecutor : this.threads.replies();
		return new MethodListenerFactory(this.payloadConverters, this.headerMapper, validator(), replies(),
				() -> this.listenerObserver.keeping(replyThreads),
				(this.beanFactory instanceof ConfigurableBeanFactory configurable) ? configurable : null);
	}

	private @Nullable Validator validator() {
		if (this.validator == null && this.beanFactory != null) {
			return this.beanFactory.getBeanProvider(Validator.class).getIfUnique();
		}
		return this.validator;
	}

	private LiftbridgeOperations replies() {
		if (this.replyTemplate != null) {
			return this.replyTemplate;
		}
		LiftbridgeTemplate template = new LiftbridgeTemplate(this.client, this.producers);
		template.setPayloadConverters(this.payloadConverters);
		template.setHeaderMapper(this.headerMapper);
		return template;
	}

	/**
	 * Ends the shared threads. Containers must be stopped before.
	 */
	@Override
	public void destroy() {
		this.threads.close();
	}

}
