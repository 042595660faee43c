package io.liftbridge.sample;

import java.util.concurrent.CompletableFuture;

import io.liftbridge.spring.listener.delivery.DefaultErrorHandler;
import io.liftbridge.spring.listener.delivery.ErrorHandler;
import org.apache.tomcat.util.buf.EncodedSolidusHandling;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.tomcat.TomcatConnectorCustomizer;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.EnableScheduling;

/**
 * Publishes this machine's readings to a Liftbridge stream and shows them on a live page.
 */
@SpringBootApplication(proxyBeanMethods = false)
@ConfigurationPropertiesScan
@EnableScheduling
public class SampleApplication {

	private static final Logger logger = LoggerFactory.getLogger(SampleApplication.class);

	/**
	 * Starts the application.
	 * @param args properties, such as {@code --liftbridge.seeds=host:9292}
	 */
	public static void main(String[] args) {
		SpringApplication.run(SampleApplication.class, args);
	}

	/**
	 * Leaves bodies alone that claim to be forms, as those of {@code curl -d} do: the
	 * body of a request is a message.
	 */
	@Bean
	TomcatConnectorCustomizer bodiesAreMessages() {
		return (connector) -> connector.setParseBodyMethods("");
	}

	/**
	 * Lets names with encoded slashes through: what is wrong with them is told by the
	 * client in words, not by Tomcat with a page.
	 */
	@Bean
	TomcatConnectorCustomizer namesAreChecked() {
		return (connector) -> {
			connector.setEncodedSolidusHandling(EncodedSolidusHandling.PASS_THROUGH.getValue());
			connector.setEncodedReverseSolidusHandling(EncodedSolidusHandling.PASS_THROUGH.getValue());
		};
	}

	/**
	 * For listeners that pass over what they cannot read. It is not lost: the watch, with
	 * the default handler, puts it among the dead letters.
	 */
	@Bean(defaultCandidate = false)
	ErrorHandler passOver() {
		return new DefaultErrorHandler((message, failure) -> CompletableFuture.completedFuture(null));
	}

	@EventListener
	void tellAddress(WebServerInitializedEvent event) {
		logger.info("The page is at http://localhost:{}/", event.getWebServer().getPort());
	}

}
