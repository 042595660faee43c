package io.liftbridge.client.cluster;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.MethodDescriptor;
import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.fake.FakeCluster;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ChannelCustomizerTests {

	@Test
	void addsAnInterceptorToEachChannel() {
		Recording calls = new Recording();
		List<Address> brokers = new CopyOnWriteArrayList<>();
		try (FakeCluster cluster = new FakeCluster(1);
				LiftbridgeClient client = LiftbridgeClient.builder()
					.seeds(cluster.seeds())
					.channelCustomizer((broker, channel) -> {
						brokers.add(broker);
						channel.intercept(calls);
					})
					.build()) {
			client.streams().list();
			assertThat(brokers).contains(Address.parse(cluster.seeds()[0]));
			assertThat(calls.methods).contains("FetchMetadata");
		}
	}

	@Test
	void oneThatFailsHarmsNobody() {
		Recording calls = new Recording();
		ChannelCustomizer failing = (broker, channel) -> {
			throw new IllegalStateException("Customizer that fails");
		};
		try (FakeCluster cluster = new FakeCluster(1);
				LiftbridgeClient client = LiftbridgeClient.builder()
					.seeds(cluster.seeds())
					.channelCustomizer(
							ChannelCustomizer.all(List.of(failing, (broker, channel) -> channel.intercept(calls))))
					.build()) {
			client.streams().list();
			assertThat(calls.methods).isNotEmpty();
		}
	}

	@Test
	void noneOfThemIsNone() {
		assertThat(ChannelCustomizer.all(List.of())).isSameAs(ChannelCustomizer.NONE);
		assertThat(ChannelCustomizer.all(List.of(ChannelCustomizer.NONE))).isSameAs(ChannelCustomizer.NONE);
	}

	private static final class Recording implements ClientInterceptor {

		private final List<String> methods = new CopyOnWriteArrayList<>();

		@Override
		public <Q, R> ClientCall<Q, R> interceptCall(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
			this.methods.add(String.valueOf(method.getBareMethodName()));
			return next.newCall(method, options);
		}

	}

}
