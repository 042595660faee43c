package io.liftbridge.sample;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import io.liftbridge.spring.listener.LiftbridgeListenerEndpointRegistry;
import io.liftbridge.test.LiftbridgeTestUtils;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a request to this application leads to is one trace, as OpenTelemetry exports it.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "sample.limits.[test.traced]=10", "management.tracing.sampling.probability=1.0" })
class TraceTests {

	private static final AttributeKey<String> LISTENER = AttributeKey.stringKey("liftbridge.listener.id");

	private static final AttributeKey<String> DESTINATION = AttributeKey.stringKey("messaging.destination.name");

	private static final AttributeKey<String> OFFSET = AttributeKey.stringKey("liftbridge.message.offset");

	/** No bean: spans would be exported a second time, later and together. */
	private static final InMemorySpanExporter exporter = InMemorySpanExporter.create();

	@LocalServerPort
	private int port;

	@Autowired
	private LiftbridgeListenerEndpointRegistry registry;

	@Test
	void aRequestAReadingItsAlertAndWhoeverShowsItAreOneTrace() {
		this.registry.containers().forEach(LiftbridgeTestUtils::awaitAssignment);
		String offset = publish();
		await().atMost(Duration.ofSeconds(30))
			.untilAsserted(() -> assertThat(exporter.getFinishedSpanItems()).as("spans of the request")
				.filteredOn((span) -> requests().contains(span.getTraceId()))
				.anyMatch((span) -> "alerts".equals(span.getAttributes().get(LISTENER))));
		SpanData request = request();
		SpanData send = span(SpanKind.PRODUCER, "readings");
		SpanData watch = call("watch").orElseThrow();
		SpanData reply = span(SpanKind.PRODUCER, "alerts");
		SpanData alerts = call("alerts").orElseThrow();
		assertThat(send.getName()).isEqualTo("send readings");
		assertThat(send.getParentSpanId()).isEqualTo(request.getSpanId());
		assertThat(send.getAttributes().get(OFFSET)).isEqualTo(offset);
		assertThat(watch.getName()).isEqualTo("process readings");
		assertThat(watch.getKind()).isEqualTo(SpanKind.CONSUMER);
		assertThat(watch.getParentSpanId()).isEqualTo(send.getSpanId());
		assertThat(watch.getAttributes().get(AttributeKey.stringKey("messaging.system"))).isEqualTo("liftbridge");
		assertThat(watch.getAttributes().get(AttributeKey.stringKey("messaging.consumer.group.name")))
			.isEqualTo("watch");
		assertThat(reply.getParentSpanId()).isEqualTo(watch.getSpanId());
		assertThat(alerts.getParentSpanId()).isEqualTo(reply.getSpanId());
		assertThat(List.of(send, watch, reply, alerts)).extracting(SpanData::getTraceId)
			.containsOnly(request.getTraceId());
		// A list may hold messages of many traces: it is linked to each.
		await().atMost(Duration.ofSeconds(30)).until(() -> isLinked("history", send));
	}

	private String publish() {
		Api.Answer answer = new Api(this.port).publish("/api/streams/readings/messages?key=traced",
				"{\"metric\":\"test.traced\",\"value\":11}");
		assertThat(answer.status()).as(answer.body()).isEqualTo(201);
		return Long.toString(answer.json().path("offset").asLong());
	}

	/** Ids of the traces that began with a request. */
	private static List<String> requests() {
		return exporter.getFinishedSpanItems()
			.stream()
			.filter((span) -> span.getKind() == SpanKind.SERVER)
			.filter((span) -> span.getName().contains("/api/streams/{stream}/messages"))
			.map(SpanData::getTraceId)
			.toList();
	}

	private SpanData request() {
		return ofTrace().stream().filter((span) -> span.getKind() == SpanKind.SERVER).findFirst().orElseThrow();
	}

	private SpanData span(SpanKind kind, String destination) {
		return ofTrace().stream()
			.filter((span) -> span.getKind() == kind)
			.filter((span) -> destination.equals(span.getAttributes().get(DESTINATION)))
			.findFirst()
			.orElseThrow();
	}

	private Optional<SpanData> call(String listener) {
		return ofTrace().stream().filter((span) -> listener.equals(span.getAttributes().get(LISTENER))).findFirst();
	}

	/** The request that has led to an alert, with all that it has led to. */
	private List<SpanData> ofTrace() {
		List<SpanData> spans = exporter.getFinishedSpanItems();
		return spans.stream()
			.filter((span) -> "alerts".equals(span.getAttributes().get(LISTENER)))
			.map(SpanData::getTraceId)
			.filter(requests()::contains)
			.findFirst()
			.map((trace) -> spans.stream().filter((span) -> span.getTraceId().equals(trace)).toList())
			.orElse(List.of());
	}

	private boolean isLinked(String listener, SpanData to) {
		return exporter.getFinishedSpanItems()
			.stream()
			.filter((span) -> listener.equals(span.getAttributes().get(LISTENER)))
			.flatMap((span) -> span.getLinks().stream())
			.anyMatch((link) -> link.getSpanContext().getSpanId().equals(to.getSpanId()));
	}

	/** Keeps spans in memory, each as it ends. */
	@TestConfiguration(proxyBeanMethods = false)
	static class Export {

		@Bean
		SpanProcessor inMemory() {
			return SimpleSpanProcessor.create(exporter);
		}

	}

}
