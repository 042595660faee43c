package io.liftbridge.boot.autoconfigure;

import javax.sql.DataSource;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.spring.annotation.LiftbridgeBeanNames;
import io.liftbridge.spring.core.ProducerFactory;
import io.liftbridge.spring.listener.LiftbridgeListenerContainerFactory;
import io.liftbridge.spring.listener.LiftbridgeListenerEndpointRegistry;
import io.liftbridge.spring.listener.delivery.Recoverer;
import io.liftbridge.spring.sink.BulkSinkFactory;
import io.liftbridge.spring.sink.SinkMetrics;
import io.liftbridge.spring.sink.SinkProperties;
import io.liftbridge.spring.support.PayloadConverters;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/**
 * What is needed for bulk sinks. Sinks themselves are beans of the application.
 */
@Lazy
@Configuration(proxyBeanMethods = false)
class LiftbridgeSinkConfiguration {

	@Bean
	@ConditionalOnMissingBean
	BulkSinkFactory liftbridgeBulkSinkFactory(LiftbridgeClient client,
			@Qualifier(LiftbridgeBeanNames.LISTENER_CONTAINER_FACTORY) LiftbridgeListenerContainerFactory containers,
			ProducerFactory producers, PayloadConverters converters, LiftbridgeProperties properties,
			ObjectProvider<Recoverer> recoverer, ObjectProvider<DataSource> dataSource,
			ObjectProvider<SinkMetrics> metrics, ObjectProvider<LiftbridgeListenerEndpointRegistry> registry) {
		BulkSinkFactory factory = new BulkSinkFactory(client, containers);
		map(properties.getSink(), factory);
		factory.setPayloadConverters(converters);
		factory.setRecoverer(recoverer
			.getIfUnique(() -> LiftbridgeListenerConfiguration.defaultRecoverer(client, producers, properties)));
		factory.setDataSource(dataSource.getIfUnique());
		metrics.ifUnique(factory::setSinkMetrics);
		factory.setRegistry(registry.getIfAvailable());
		return factory;
	}

	private static void map(BulkSinkProperties properties, BulkSinkFactory factory) {
		SinkProperties sink = factory.getSinkProperties();
		sink.setBatchSize(properties.getBatchSize());
		sink.setWaitTime(properties.getWaitTime());
		sink.setBufferMessages(properties.getBufferMessages());
		sink.setBufferBytes(properties.getBufferSize().toBytes());
		sink.setBatchesPerPartition(properties.getBatchesPerPartition());
		sink.setWorkers(properties.getWorkers());
		sink.setMaxRecoveryPause(properties.getMaxRecoveryPause());
		sink.setShutdownTimeout(properties.getShutdownTimeout());
		factory.setOffsetTable(properties.getOffsetTable());
	}

}
