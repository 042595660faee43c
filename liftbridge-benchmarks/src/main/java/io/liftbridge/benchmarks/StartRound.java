package io.liftbridge.benchmarks;

import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The first start of a Boot application in this JVM, up to the moment when its context is
 * there. It has the same class path with the starter's auto-configurations and without
 * them, and connects to nobody: that comes with the first use.
 */
final class StartRound {

	static final String MILLIS = "startMillis";

	/** By name: some of them need modules that are not here. */
	private static final String PACKAGE = "io.liftbridge.boot.autoconfigure.";

	private final Options options;

	private final String seeds;

	StartRound(Options options, String seeds) {
		this.options = options;
		this.seeds = seeds;
	}

	Sample run() {
		Class<?> application = (this.options.mode() == Mode.STARTUP) ? With.class : Without.class;
		Meter meter = new Meter();
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(application)
			.web(WebApplicationType.NONE)
			.bannerMode(Banner.Mode.OFF)
			.logStartupInfo(false)
			.run("--liftbridge.seeds=" + this.seeds)) {
			Sample sample = meter.stop(1);
			return new Sample().with("n", 1)
				.with(MILLIS, sample.get("seconds") * 1000)
				.with("cpuSeconds", sample.get("cpuSeconds"))
				.with("beans", context.getBeanDefinitionCount());
		}
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class With {

	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration(excludeName = { PACKAGE + "LiftbridgeAutoConfiguration",
			PACKAGE + "embedded.EmbeddedBrokerAutoConfiguration", PACKAGE + "health.LiftbridgeHealthAutoConfiguration",
			PACKAGE + "metrics.LiftbridgeMetricsAutoConfiguration",
			PACKAGE + "actuate.LiftbridgeEndpointAutoConfiguration",
			PACKAGE + "observation.LiftbridgeObservationAutoConfiguration" })
	static class Without {

	}

}
