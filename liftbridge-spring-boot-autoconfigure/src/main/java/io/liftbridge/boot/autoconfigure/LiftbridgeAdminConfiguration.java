package io.liftbridge.boot.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.stream.StreamSpec;
import io.liftbridge.spring.core.LiftbridgeAdmin;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Creates the streams that are listed under {@code liftbridge.streams} or declared as
 * {@link StreamSpec} beans.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty(name = "liftbridge.admin.enabled", matchIfMissing = true)
class LiftbridgeAdminConfiguration {

	@Bean
	@ConditionalOnMissingBean
	LiftbridgeAdmin liftbridgeAdmin(LiftbridgeClient client, LiftbridgeProperties properties,
			ObjectProvider<StreamSpec> declared) {
		List<StreamSpec> listed = StreamSpecMapper.map(properties.getStreams());
		LiftbridgeAdmin admin = new PropertiesLiftbridgeAdmin(client, listed,
				all(listed, declared.orderedStream().toList()));
		admin.setFatal(properties.getAdmin().isFatal());
		admin.setFatalDifferences(properties.getAdmin().isFatalDifferences());
		admin.setStartTimeout(properties.getAdmin().getStartTimeout());
		return admin;
	}

	private static List<StreamSpec> all(List<StreamSpec> listed, List<StreamSpec> declared) {
		List<StreamSpec> streams = new ArrayList<>(listed);
		for (int i = 0; i < listed.size(); i++) {
			String name = streams.get(i).name();
			if (declared.stream().anyMatch((spec) -> spec.name().equals(name))) {
				throw new InvalidLiftbridgePropertyException("liftbridge.streams[" + i + "].name", name,
						"is declared twice: there is also a StreamSpec bean of that name.", ", or remove one of them");
			}
		}
		streams.addAll(declared);
		return streams;
	}

}
