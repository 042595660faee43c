package io.liftbridge.boot.autoconfigure;

import java.util.List;
import java.util.Set;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.cluster.Address;
import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.cluster.ClusterOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.test.util.ReflectionTestUtils;

import static org.assertj.core.api.Assertions.assertThat;

class ContainerBrokersTests {

	private static final ContainerBroker ONE = new ContainerBroker(Set.of("broker-1"), 9292,
			new Address("localhost", 40001));

	private static final ContainerBroker TWO = new ContainerBroker(Set.of("broker-2"), 9292,
			new Address("localhost", 40002));

	private static final ContainerBroker THREE = new ContainerBroker(Set.of("broker-3"), 9294,
			new Address("localhost", 40003));

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, LiftbridgeAutoConfiguration.class));

	@ParameterizedTest
	@CsvSource({ "localhost:9292", "0.0.0.0:9292", "172.17.0.2:4000", "localhost:40001" })
	void theOnlyBrokerIsMeantWhateverItAdvertises(String advertised) {
		assertThat(new ContainerBrokers(List.of(ONE)).resolve(Address.parse(advertised))).isEqualTo(ONE.reachable());
	}

	@ParameterizedTest
	@CsvSource({ "broker-1:9292,localhost:40001", "broker-2:9292,localhost:40002", "broker-3:9294,localhost:40003",
			"0.0.0.0:9294,localhost:40003", "localhost:40002,localhost:40002", "0.0.0.0:9292,0.0.0.0:9292",
			"elsewhere:7000,elsewhere:7000" })
	void severalAreFoundByNameOrPort(String advertised, String reachable) {
		assertThat(new ContainerBrokers(List.of(ONE, TWO, THREE)).resolve(Address.parse(advertised)))
			.isEqualTo(Address.parse(reachable));
	}

	@Test
	void severalContainersAreOneCluster() {
		this.runner.withBean("one", Member.class, () -> new Member(ONE))
			.withBean("two", Member.class, () -> new Member(TWO))
			.run((context) -> {
				ClusterOptions options = options(context.getBean(LiftbridgeClient.class));
				assertThat(options.seeds()).containsExactlyInAnyOrder(ONE.reachable(), TWO.reachable());
				assertThat(options.resolver().resolve(new Address("broker-2", 9292))).isEqualTo(TWO.reachable());
			});
	}

	@Test
	void otherDetailsAreNotTakenForACluster() {
		this.runner.withBean("one", Member.class, () -> new Member(ONE))
			.withBean("other", LiftbridgeConnectionDetails.class, () -> () -> List.of("other:9292"))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(NoUniqueBeanDefinitionException.class));
	}

	private static ClusterOptions options(LiftbridgeClient client) {
		Cluster cluster = (Cluster) ReflectionTestUtils.getField(client, "cluster");
		assertThat(cluster).isNotNull();
		return cluster.options();
	}

	private record Member(ContainerBroker broker) implements ContainerLiftbridgeConnectionDetails {

		@Override
		public ContainerBroker getBroker() {
			return this.broker;
		}

	}

}
