package io.liftbridge.client.cluster;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * How to reach a cluster. Immutable. For use inside the client; users set these through
 * its builder.
 *
 * @param clientId name of this client in thread names and logs
 * @param seeds brokers to ask first
 * @param connectTimeout how long one attempt to reach a broker may take
 * @param requestTimeout how long a request may take, attempts to repeat it included
 * @param refreshInterval how old metadata may become
 * @param tls encryption, or {@code null} for none
 * @param maxMessageBytes largest message to publish, in bytes
 * @param maxInboundBytes largest message to accept, in bytes
 * @param resolver translates advertised addresses
 * @param listener is told of brokers that come and go
 * @param selection whom to ask first when any broker can answer
 * @param retryPolicy pauses between attempts
 * @param loadBalancerRetries how often a call that only one broker can answer is sent
 * through a load balancer again; 0 if there is none in between
 * @param namespace what begins the names of this client's streams
 * @param channels changes channels before they are made
 */
public record ClusterOptions(String clientId, List<Address> seeds, Duration connectTimeout, Duration requestTimeout,
		Duration refreshInterval, @Nullable TlsOptions tls, int maxMessageBytes, int maxInboundBytes,
		AddressResolver resolver, ConnectionListener listener, BrokerSelection selection, RetryPolicy retryPolicy,
		int loadBalancerRetries, Namespace namespace, ChannelCustomizer channels) {

	/**
	 * Tells whether all connections go through a load balancer.
	 * @return whether they do
	 */
	public boolean isBalanced() {
		return this.loadBalancerRetries > 0;
	}

}
