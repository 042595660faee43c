package io.liftbridge.boot.autoconfigure;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Starts an application that cannot start, and reads what it tells its user.
 */
public final class StartupFailures {

	private StartupFailures() {
	}

	public static void assertReport(CapturedOutput output, String description, String action, String... arguments) {
		assertReport(output, Application.class, description, action, arguments);
	}

	public static void assertReport(CapturedOutput output, Class<?> application, String description, String action,
			String... arguments) {
		assertFails(application, arguments);
		assertThat(output.getOut().replace("\r\n", "\n")).contains("""

				***************************
				APPLICATION FAILED TO START
				***************************

				Description:

				%s

				Action:

				%s
				""".formatted(description, action));
	}

	public static void assertFails(Class<?> application, String... arguments) {
		SpringApplication spring = new SpringApplication(application);
		spring.setWebApplicationType(WebApplicationType.NONE);
		assertThatException().isThrownBy(() -> spring.run(arguments).close());
	}

	/**
	 * An application with nothing of its own.
	 */
	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
