package io.liftbridge.spring.observation;

import java.util.List;
import java.util.stream.Stream;

import io.liftbridge.client.message.Headers;
import io.liftbridge.client.message.ReceivedMessage;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class BatchLinksObservationHandlerTests {

	private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

	private final InMemorySpanExporter exporter = InMemorySpanExporter.create();

	private final SdkTracerProvider provider = SdkTracerProvider.builder()
		.addSpanProcessor(SimpleSpanProcessor.create(this.exporter))
		.build();

	private final ObservationRegistry registry = ObservationRegistry.create();

	@BeforeEach
	void handle() {
		this.registry.observationConfig()
			.observationHandler(new BatchLinksObservationHandler(
					new OtelTracer(this.provider.get("test"), new OtelCurrentTraceContext(), (event) -> {
					})));
	}

	@AfterEach
	void close() {
		this.provider.close();
	}

	@Test
	void aListIsLinkedToTheSendOfEachOfItsMessages() throws Exception {
		new MicrometerListenerObserver(this.registry).call(context("00-" + TRACE + "-b7ad6b7169203331-01",
				"00-" + TRACE + "-b7ad6b7169203332-00", "00-" + TRACE + "-b7ad6b7169203331-01"), () -> null);
		SpanData span = this.exporter.getFinishedSpanItems().get(0);
		assertThat(span.getName()).isEqualTo("process orders");
		assertThat(span.getKind()).isEqualTo(SpanKind.CONSUMER);
		assertThat(span.getTraceId()).isNotEqualTo(TRACE);
		assertThat(span.getLinks()).extracting((link) -> link.getSpanContext().getSpanId())
			.containsExactly("b7ad6b7169203331", "b7ad6b7169203332");
		assertThat(span.getLinks()).extracting((link) -> link.getSpanContext().getTraceId()).containsOnly(TRACE);
	}

	@Test
	void whatIsNoTraceIsNoLink() throws Exception {
		new MicrometerListenerObserver(this.registry).call(context("", "nonsense", "00-12-34-01",
				"00-" + "0".repeat(32) + "-b7ad6b7169203331-01", "00-" + TRACE + "-" + "0".repeat(16) + "-01"),
				() -> null);
		assertThat(this.exporter.getFinishedSpanItems()).singleElement()
			.satisfies((span) -> assertThat(span.getLinks()).isEmpty());
	}

	@Test
	void isForListsOnly() {
		BatchLinksObservationHandler handler = new BatchLinksObservationHandler(
				new OtelTracer(this.provider.get("test"), new OtelCurrentTraceContext(), (event) -> {
				}));
		assertThat(handler.supportsContext(context(""))).isTrue();
		assertThat(handler
			.supportsContext(new LiftbridgeReceiverContext("one", null, context("").getMessages(), false, 1)))
			.isFalse();
	}

	private static LiftbridgeReceiverContext context(String... parents) {
		List<ReceivedMessage<byte[]>> messages = Stream.of(parents)
			.map((parent) -> ReceivedMessage.of("orders", 0, 0, 0, null, new byte[0],
					Headers.empty().with("traceparent", parent), "", ""))
			.toList();
		return new LiftbridgeReceiverContext("one", null, messages, true, 1);
	}

}
