package io.liftbridge.benchmarks;

import io.liftbridge.boot.autoconfigure.LiftbridgeAutoConfiguration;
import io.liftbridge.boot.autoconfigure.actuate.LiftbridgeEndpointAutoConfiguration;
import io.liftbridge.boot.autoconfigure.embedded.EmbeddedBrokerAutoConfiguration;
import io.liftbridge.boot.autoconfigure.health.LiftbridgeHealthAutoConfiguration;
import io.liftbridge.boot.autoconfigure.metrics.LiftbridgeMetricsAutoConfiguration;

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
	@EnableAutoConfiguration(
			exclude = { LiftbridgeAutoConfiguration.class, EmbeddedBrokerAutoConfiguration.class,
					LiftbridgeHealthAutoConfiguration.class, LiftbridgeMetricsAutoConfiguration.class,
					LiftbridgeEndpointAutoConfiguration.class })
	static class Without {

	}

}
