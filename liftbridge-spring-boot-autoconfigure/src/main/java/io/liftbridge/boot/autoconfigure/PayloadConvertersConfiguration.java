package io.liftbridge.boot.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import io.liftbridge.spring.support.BytesPayloadConverter;
import io.liftbridge.spring.support.JacksonPayloadConverter;
import io.liftbridge.spring.support.PayloadConverter;
import io.liftbridge.spring.support.PayloadConverters;
import io.liftbridge.spring.support.StringPayloadConverter;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/**
 * How payloads become bytes and back: the user's converters first, then bytes and text,
 * then JSON with the application's mapper.
 */
class PayloadConvertersConfiguration {

	/**
	 * With the application's mapper.
	 */
	@Lazy
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(JsonMapper.class)
	@ConditionalOnSingleCandidate(JsonMapper.class)
	static class WithJsonMapper {

		@Bean
		@ConditionalOnMissingBean
		PayloadConverters liftbridgePayloadConverters(ObjectProvider<PayloadConverter> first, JsonMapper mapper) {
			List<PayloadConverter> all = new ArrayList<>(first.orderedStream().toList());
			all.add(new BytesPayloadConverter());
			all.add(new StringPayloadConverter());
			all.add(new JacksonPayloadConverter(mapper));
			return PayloadConverters.of(all);
		}

	}

	/**
	 * Without one.
	 */
	@Lazy
	@Configuration(proxyBeanMethods = false)
	static class WithDefaults {

		@Bean
		@ConditionalOnMissingBean
		PayloadConverters liftbridgePayloadConverters(ObjectProvider<PayloadConverter> first) {
			return PayloadConverters.withDefaults(first.orderedStream().toList());
		}

	}

}
