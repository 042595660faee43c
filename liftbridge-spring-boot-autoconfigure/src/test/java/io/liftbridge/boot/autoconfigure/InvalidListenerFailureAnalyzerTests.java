package io.liftbridge.boot.autoconfigure;

import io.liftbridge.spring.annotation.LiftbridgeListener;
import io.liftbridge.spring.support.Acknowledgment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class InvalidListenerFailureAnalyzerTests {

	@Test
	void namesTheAttributeAndItsValue(CapturedOutput output) {
		assertReport(output, WrongNumber.class, "concurrency = 'many' is not valid:");
	}

	@Test
	void namesThePropertyThatIsNotSet(CapturedOutput output) {
		assertReport(output, MissingProperty.class, "streams = '${app.stream}'");
	}

	@Test
	void namesTheParameterThatDoesNotFitTheMode(CapturedOutput output) {
		assertReport(output, UselessAcknowledgment.class, "Acknowledgment");
	}

	@Test
	void namesTheSignatureThatCannotBeCalled(CapturedOutput output) {
		assertReport(output, NoList.class, "batch");
	}

	private static void assertReport(CapturedOutput output, Class<?> application, String problem) {
		StartupFailures.assertFails(application);
		String text = output.getOut();
		assertThat(text).contains("APPLICATION FAILED TO START").doesNotContain("\tat ");
		String description = text.substring(text.indexOf("Description:"), text.indexOf("Action:"));
		assertThat(description).contains("@LiftbridgeListener on Listener.on(String").contains(problem);
		assertThat(text.substring(text.indexOf("Action:")))
			.contains("Correct the annotation or the signature of Listener.on(String");
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(WrongNumber.Listener.class)
	static class WrongNumber {

		static class Listener {

			@LiftbridgeListener(streams = "orders", concurrency = "many")
			void on(String order) {
			}

		}

	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(MissingProperty.Listener.class)
	static class MissingProperty {

		static class Listener {

			@LiftbridgeListener(streams = "${app.stream}")
			void on(String order) {
			}

		}

	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(UselessAcknowledgment.Listener.class)
	static class UselessAcknowledgment {

		static class Listener {

			@LiftbridgeListener(streams = "orders")
			void on(String order, Acknowledgment acknowledgment) {
			}

		}

	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(NoList.Listener.class)
	static class NoList {

		static class Listener {

			@LiftbridgeListener(streams = "orders", batch = "true")
			void on(String order) {
			}

		}

	}

}
