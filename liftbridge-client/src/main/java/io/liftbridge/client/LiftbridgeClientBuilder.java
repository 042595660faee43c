package io.liftbridge.client;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.liftbridge.client.cluster.Address;
import io.liftbridge.client.cluster.AddressResolver;
import io.liftbridge.client.cluster.Bounds;
import io.liftbridge.client.cluster.BrokerSelection;
import io.liftbridge.client.cluster.ChannelCustomizer;
import io.liftbridge.client.cluster.ClusterOptions;
import io.liftbridge.client.cluster.ConnectionListener;
import io.liftbridge.client.cluster.Namespace;
import io.liftbridge.client.cluster.RetryPolicy;
import io.liftbridge.client.cluster.TlsOptions;
import io.liftbridge.client.entry.Codecs;
import io.liftbridge.client.entry.CompressionCodec;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.producer.ProducerMetrics;
import io.liftbridge.client.stream.StreamNames;
import org.jspecify.annotations.Nullable;

/**
 * Collects what a client needs to know. Not safe for use by several threads.
 */
public final class LiftbridgeClientBuilder {

	private static final AtomicInteger COUNT = new AtomicInteger();

	private static final int LOAD_BALANCER_RETRIES = 20;

	private static final Duration LONGEST_ATTEMPT = Duration.ofDays(1);

	private List<Address> seeds = List.of(new Address("localhost", Address.DEFAULT_PORT));

	private @Nullable String clientId;

	private Duration connectTimeout = Duration.ofSeconds(5);

	private Duration requestTimeout = Duration.ofSeconds(10);

	private Duration metadataRefreshInterval = Duration.ofMinutes(1);

	private @Nullable TlsOptions tls;

	private int maxMessageBytes = 1 << 20;

	private int maxInboundBytes = 16 << 20;

	private AddressResolver addressResolver = AddressResolver.ADVERTISED;

	private ConnectionListener connectionListener = ConnectionListener.NONE;

	private BrokerSelection brokerSelection = BrokerSelection.RANDOM;

	private RetryPolicy retryPolicy = RetryPolicy.DEFAULT;

	private int loadBalancerRetries;

	private Namespace namespace = Namespace.NONE;

	private ChannelCustomizer channelCustomizer = ChannelCustomizer.NONE;

	private Codecs codecs = Codecs.STANDARD;

	private ProducerMetrics producerMetrics = ProducerMetrics.NONE;

	LiftbridgeClientBuilder() {
	}

	/**
	 * Names brokers to ask first; one that answers tells the others. Default:
	 * {@code localhost:9292}. Of a name with several addresses each is tried, in random
	 * order; names are looked up anew for each connection (the JVM remembers answers for
	 * 30 s, see {@code networkaddress.cache.ttl}). If the JVM is told of an HTTP proxy
	 * ({@code https.proxyHost}, {@code http.nonProxyHosts}), connections go through it,
	 * except to this machine.
	 * @param seeds addresses as {@code host:port}, tried in random order
	 * @return this builder
	 * @throws InvalidRequestException if there is none or one is not valid
	 */
	public LiftbridgeClientBuilder seeds(String... seeds) {
		return seeds(List.of(seeds));
	}

	/**
	 * Names brokers to ask first; one that answers tells the others.
	 * @param seeds addresses as {@code host:port}, tried in random order
	 * @return this builder
	 * @throws InvalidRequestException if there is none or one is not valid
	 */
	public LiftbridgeClientBuilder seeds(Collection<String> seeds) {
		this.seeds = Address.parseAll(seeds);
		return this;
	}

	/**
	 * Names this client in its threads and in logs.
	 * @param clientId the name; default {@code liftbridge-client-1} and so on
	 * @return this builder
	 */
	public LiftbridgeClientBuilder clientId(String clientId) {
		this.clientId = clientId;
		return this;
	}

	/**
	 * Sets how long one attempt to reach a broker may take, up to its first answer: TLS
	 * and HTTP/2 included. If its name has several addresses, they share this time, with
	 * at least 1 s for each, and the next one is tried after that.
	 * @param timeout default 5 s, at most 1 day
	 * @return this builder
	 */
	public LiftbridgeClientBuilder connectTimeout(Duration timeout) {
		this.connectTimeout = Bounds.positive("Client option connectTimeout", timeout, LONGEST_ATTEMPT);
		return this;
	}

	/**
	 * Sets how long a request other than publishing may take, attempts to repeat it
	 * included.
	 * @param timeout default 10 s, at most 365 days
	 * @return this builder
	 */
	public LiftbridgeClientBuilder requestTimeout(Duration timeout) {
		this.requestTimeout = Bounds.positive("Client option requestTimeout", timeout, Bounds.YEAR);
		return this;
	}

	/**
	 * Sets how old the picture of the cluster may become while everything goes well; a
	 * failure renews it at once.
	 * @param interval default 1 min, at most 365 days
	 * @return this builder
	 */
	public LiftbridgeClientBuilder metadataRefreshInterval(Duration interval) {
		this.metadataRefreshInterval = Bounds.positive("Client option metadataRefreshInterval", interval, Bounds.YEAR);
		return this;
	}

	/**
	 * Encrypts connections. Default: they are not.
	 * @param tls trust and identity, or {@code null} for plain text
	 * @return this builder
	 */
	public LiftbridgeClientBuilder tls(@Nullable TlsOptions tls) {
		this.tls = tls;
		return this;
	}

	/**
	 * Sets the size above which a message is refused before it is sent.
	 * @param bytes default 1 MiB, as the server's
	 * {@code clustering.replication.max.bytes} and NATS's {@code max_payload}
	 * @return this builder
	 */
	public LiftbridgeClientBuilder maxMessageBytes(int bytes) {
		this.maxMessageBytes = positive("maxMessageBytes", bytes);
		return this;
	}

	/**
	 * Sets the size above which an answer of the server is refused.
	 * @param bytes default 16 MiB
	 * @return this builder
	 */
	public LiftbridgeClientBuilder maxInboundBytes(int bytes) {
		this.maxInboundBytes = positive("maxInboundBytes", bytes);
		return this;
	}

	/**
	 * Translates the addresses that brokers advertise into such that can be reached.
	 * @param resolver default: takes them as they are
	 * @return this builder
	 */
	public LiftbridgeClientBuilder addressResolver(AddressResolver resolver) {
		this.addressResolver = resolver;
		return this;
	}

	/**
	 * Is told when brokers come and go.
	 * @param listener the listener; must not block
	 * @return this builder
	 */
	public LiftbridgeClientBuilder connectionListener(ConnectionListener listener) {
		this.connectionListener = listener;
		return this;
	}

	/**
	 * Decides whom to ask first when any broker can answer.
	 * @param selection default {@link BrokerSelection#RANDOM}
	 * @return this builder
	 */
	public LiftbridgeClientBuilder brokerSelection(BrokerSelection selection) {
		this.brokerSelection = selection;
		return this;
	}

	/**
	 * Sets the pauses between attempts, of calls, producers and subscriptions.
	 * @param policy default {@link RetryPolicy#DEFAULT}
	 * @return this builder
	 */
	public LiftbridgeClientBuilder retryPolicy(RetryPolicy policy) {
		this.retryPolicy = policy;
		return this;
	}

	/**
	 * Makes all connections through the seeds' addresses, which belong to a load balancer
	 * for TCP, instead of to the addresses that brokers advertise. As the load balancer
	 * chooses the broker, a call that only a partition's leader can answer may need
	 * several connections before one leads there: up to 20.
	 * @param enabled default {@code false}
	 * @return this builder
	 * @see #loadBalancer(boolean, int)
	 */
	public LiftbridgeClientBuilder loadBalancer(boolean enabled) {
		return loadBalancer(enabled, LOAD_BALANCER_RETRIES);
	}

	/**
	 * Makes all connections through the seeds' addresses, which belong to a load balancer
	 * for TCP.
	 * @param enabled default {@code false}
	 * @param maxRetries how many further connections are tried while the answer is "not
	 * leader", before the call or the subscription fails; 1 or more
	 * @return this builder
	 * @throws InvalidRequestException if the number is not positive
	 */
	public LiftbridgeClientBuilder loadBalancer(boolean enabled, int maxRetries) {
		this.loadBalancerRetries = enabled ? positive("loadBalancer.maxRetries", maxRetries) : 0;
		return this;
	}

	/**
	 * Puts this client's streams into a namespace: the prefix is added to the names of
	 * streams that are sent, and removed from those that are received, wherever they
	 * occur. Streams outside of it are not listed and cannot be reached; the server's own
	 * ({@code __cursors}) have no prefix. A stream whose subject is not set, or equals
	 * its name, listens on the name with the prefix; other subjects, ids of cursors and
	 * names of groups are left alone, and activity events tell names as the server knows
	 * them. Access control on the server sees the names with the prefix.
	 * @param prefix for instance {@code "team-a."}; empty, the default, for none
	 * @return this builder
	 * @throws InvalidRequestException if names cannot begin like this
	 */
	public LiftbridgeClientBuilder streamPrefix(String prefix) {
		if (!prefix.isEmpty()) {
			StreamNames.checkStream(prefix + "x");
			if (prefix.startsWith("__")) {
				throw new InvalidRequestException(
						"Client option streamPrefix is '" + prefix
								+ "'; names with two underscores in front are the server's own. Choose another prefix.",
						null);
			}
		}
		this.namespace = prefix.isEmpty() ? Namespace.NONE : new Namespace(prefix);
		return this;
	}

	/**
	 * Adds a compression of the user's own, for producers and consumers alike.
	 * @param codec the codec; takes the place of a former one of the same name
	 * @return this builder
	 * @throws InvalidRequestException if its name is not allowed
	 */
	public LiftbridgeClientBuilder compressionCodec(CompressionCodec codec) {
		this.codecs = this.codecs.with(codec);
		return this;
	}

	/**
	 * Counts what the producers of this client do, those of bulks and topics included.
	 * @param metrics default {@link ProducerMetrics#NONE}; a producer may have its own
	 * @return this builder
	 */
	public LiftbridgeClientBuilder producerMetrics(ProducerMetrics metrics) {
		this.producerMetrics = metrics;
		return this;
	}

	/**
	 * Changes how gRPC connects, for what has no option here: an interceptor, a proxy.
	 * @param customizer called for each channel, with all other options applied; default:
	 * none
	 * @return this builder
	 */
	public LiftbridgeClientBuilder channelCustomizer(ChannelCustomizer customizer) {
		// So that one that fails does no more harm than it must.
		this.channelCustomizer = ChannelCustomizer.all(List.of(customizer));
		return this;
	}

	/**
	 * Creates the client. Nobody is asked yet: it connects with the first use, and
	 * reconnects by itself.
	 * @return the client, to be closed by the caller
	 */
	public LiftbridgeClient build() {
		String id = (this.clientId != null) ? this.clientId : "liftbridge-client-" + COUNT.incrementAndGet();
		return new LiftbridgeClient(
				new ClusterOptions(id, this.seeds, this.connectTimeout, this.requestTimeout,
						this.metadataRefreshInterval, this.tls, this.maxMessageBytes, this.maxInboundBytes,
						this.addressResolver, this.connectionListener, this.brokerSelection, this.retryPolicy,
						this.loadBalancerRetries, this.namespace, this.channelCustomizer),
				this.codecs, this.producerMetrics);
	}

	private static int positive(String option, int value) {
		if (value < 1) {
			throw new InvalidRequestException("Client option " + option + " is " + value + "; it must be 1 or more.",
					null);
		}
		return value;
	}

}
