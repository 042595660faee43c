package io.liftbridge.boot.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.spring.core.DefaultProducerFactory;
import io.liftbridge.spring.core.LiftbridgeOperations;
import io.liftbridge.spring.core.LiftbridgeTemplate;
import io.liftbridge.spring.core.ProducerCustomizer;
import io.liftbridge.spring.core.ProducerFactory;
import io.liftbridge.spring.core.RoutingLiftbridgeTemplate;
import io.liftbridge.spring.core.SendListener;
import io.liftbridge.spring.core.SendObserver;
import io.liftbridge.spring.support.DefaultHeaderMapper;
import io.liftbridge.spring.support.HeaderMapper;
import io.liftbridge.spring.support.PayloadConverters;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/**
 * What is needed for sending.
 */
@Lazy
@Configuration(proxyBeanMethods = false)
class LiftbridgeTemplateConfiguration {

	@Bean
	@ConditionalOnMissingBean
	ProducerFactory liftbridgeProducerFactory(LiftbridgeClient client, LiftbridgeProperties properties,
			ObjectProvider<ProducerCustomizer> customizers, ObjectProvider<SendListener> listeners,
			ObjectProvider<SendObserver> observer) {
		List<ProducerCustomizer> all = new ArrayList<>();
		all.add(new PropertiesProducerCustomizer(properties.getProducer()));
		customizers.orderedStream().forEach(all::add);
		DefaultProducerFactory producers = new DefaultProducerFactory(client, all, listeners.orderedStream().toList());
		producers.setSendObserver(observer.getIfUnique());
		return producers;
	}

	@Bean
	@ConditionalOnMissingBean
	HeaderMapper liftbridgeHeaderMapper() {
		return new DefaultHeaderMapper();
	}

	@Bean
	@ConditionalOnMissingBean(value = LiftbridgeOperations.class, ignored = RoutingLiftbridgeTemplate.class)
	LiftbridgeTemplate liftbridgeTemplate(LiftbridgeClient client, ProducerFactory producers,
			PayloadConverters converters, HeaderMapper headers, LiftbridgeProperties properties) {
		LiftbridgeTemplate template = new LiftbridgeTemplate(client, producers);
		template.setPayloadConverters(converters);
		template.setHeaderMapper(headers);
		template.setDefaultStream(properties.getTemplate().getDefaultStream());
		template.setReceiveTimeout(properties.getTemplate().getReceiveTimeout());
		template.setSubjectTimeout(properties.getTemplate().getSubjectTimeout());
		template.setPayloadType(properties.getTemplate().isPayloadType());
		return template;
	}

}
