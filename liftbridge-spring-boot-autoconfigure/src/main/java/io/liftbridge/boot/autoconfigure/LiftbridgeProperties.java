package io.liftbridge.boot.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.liftbridge.client.cluster.BrokerSelection;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.util.unit.DataSize;

/**
 * What can be set under {@code liftbridge}. Checked as soon as it is bound: what cannot
 * work stops the application with the property's name, its value and the remedy.
 */
@ConfigurationProperties("liftbridge")
public class LiftbridgeProperties implements InitializingBean {

	/**
	 * Comma-separated list of brokers to ask first, as host:port. One that answers tells
	 * the others.
	 */
	private List<String> seeds = new ArrayList<>(List.of("localhost:9292"));

	/**
	 * Name of this client in its threads and in logs. Generated if not set.
	 */
	private @Nullable String clientId;

	/**
	 * Maximum duration of one attempt to reach a broker, and of its answer before health
	 * takes it for down.
	 */
	private Duration connectTimeout = Duration.ofSeconds(5);

	/**
	 * Maximum duration of a request other than publishing, including its repetitions.
	 */
	private Duration requestTimeout = Duration.ofSeconds(10);

	/**
	 * Maximum age of the client's picture of the cluster while everything goes well. A
	 * failure renews it at once.
	 */
	private Duration metadataRefreshInterval = Duration.ofMinutes(1);

	/**
	 * Size above which a message is refused before it is sent. Should equal the server's
	 * clustering.replication.max.bytes.
	 */
	private DataSize maxMessageSize = DataSize.ofMegabytes(1);

	/**
	 * Size above which an answer of the server is refused.
	 */
	private DataSize maxInboundSize = DataSize.ofMegabytes(16);

	/**
	 * Which broker is asked first when any of them can answer.
	 */
	private BrokerSelection brokerSelection = BrokerSelection.RANDOM;

	/**
	 * What begins the names of this application's streams on the server, for instance
	 * "team-a.". Everywhere else, also under liftbridge.streams, they are named without
	 * it.
	 */
	private String streamPrefix = "";

	/**
	 * Connecting through a load balancer.
	 */
	@NestedConfigurationProperty
	private final LoadBalancerProperties loadBalancer = new LoadBalancerProperties();

	/**
	 * Pauses between attempts of the client.
	 */
	@NestedConfigurationProperty
	private final ClientRetryProperties retry = new ClientRetryProperties();

	/**
	 * Streams that are created at the start where they are absent.
	 */
	private List<StreamProperties> streams = new ArrayList<>();

	/**
	 * Encryption of connections.
	 */
	@NestedConfigurationProperty
	private final SslProperties ssl = new SslProperties();

	/**
	 * Defaults for producers.
	 */
	@NestedConfigurationProperty
	private final ProducerProperties producer = new ProducerProperties();

	/**
	 * Defaults for subscriptions.
	 */
	@NestedConfigurationProperty
	private final ConsumerProperties consumer = new ConsumerProperties();

	/**
	 * Defaults for listeners.
	 */
	@NestedConfigurationProperty
	private final ListenerProperties listener = new ListenerProperties();

	/**
	 * Defaults for bulk sinks.
	 */
	@NestedConfigurationProperty
	private final BulkSinkProperties sink = new BulkSinkProperties();

	/**
	 * Template for sending.
	 */
	@NestedConfigurationProperty
	private final TemplateProperties template = new TemplateProperties();

	/**
	 * Creation of streams.
	 */
	@NestedConfigurationProperty
	private final AdminProperties admin = new AdminProperties();

	/**
	 * Broker inside this JVM.
	 */
	@NestedConfigurationProperty
	private final EmbeddedProperties embedded = new EmbeddedProperties();

	public List<String> getSeeds() {
		return this.seeds;
	}

	public void setSeeds(List<String> seeds) {
		this.seeds = seeds;
	}

	public @Nullable String getClientId() {
		return this.clientId;
	}

	public void setClientId(@Nullable String clientId) {
		this.clientId = clientId;
	}

	public Duration getConnectTimeout() {
		return this.connectTimeout;
	}

	public void setConnectTimeout(Duration connectTimeout) {
		this.connectTimeout = connectTimeout;
	}

	public Duration getRequestTimeout() {
		return this.requestTimeout;
	}

	public void setRequestTimeout(Duration requestTimeout) {
		this.requestTimeout = requestTimeout;
	}

	public Duration getMetadataRefreshInterval() {
		return this.metadataRefreshInterval;
	}

	public void setMetadataRefreshInterval(Duration metadataRefreshInterval) {
		this.metadataRefreshInterval = metadataRefreshInterval;
	}

	public DataSize getMaxMessageSize() {
		return this.maxMessageSize;
	}

	public void setMaxMessageSize(DataSize maxMessageSize) {
		this.maxMessageSize = maxMessageSize;
	}

	public DataSize getMaxInboundSize() {
		return this.maxInboundSize;
	}

	public void setMaxInboundSize(DataSize maxInboundSize) {
		this.maxInboundSize = maxInboundSize;
	}

	public BrokerSelection getBrokerSelection() {
		return this.brokerSelection;
	}

	public void setBrokerSelection(BrokerSelection brokerSelection) {
		this.brokerSelection = brokerSelection;
	}

	public String getStreamPrefix() {
		return this.streamPrefix;
	}

	public void setStreamPrefix(String streamPrefix) {
		this.streamPrefix = streamPrefix;
	}

	public LoadBalancerProperties getLoadBalancer() {
		return this.loadBalancer;
	}

	public ClientRetryProperties getRetry() {
		return this.retry;
	}

	public List<StreamProperties> getStreams() {
		return this.streams;
	}

	public void setStreams(List<StreamProperties> streams) {
		this.streams = streams;
	}

	public SslProperties getSsl() {
		return this.ssl;
	}

	public ProducerProperties getProducer() {
		return this.producer;
	}

	public ConsumerProperties getConsumer() {
		return this.consumer;
	}

	public ListenerProperties getListener() {
		return this.listener;
	}

	public BulkSinkProperties getSink() {
		return this.sink;
	}

	public TemplateProperties getTemplate() {
		return this.template;
	}

	public AdminProperties getAdmin() {
		return this.admin;
	}

	public EmbeddedProperties getEmbedded() {
		return this.embedded;
	}

	@Override
	public void afterPropertiesSet() {
		PropertyChecks.check(this);
	}

}
