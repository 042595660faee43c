package io.liftbridge.sample;

import java.nio.file.Path;
import java.time.Duration;

import io.liftbridge.embedded.EmbeddedBroker;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The page in a real browser. Leaves its pictures in {@code target}.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@DirtiesContext
@EnabledIf(value = "io.liftbridge.sample.Browser#isInstalled", disabledReason = "Chromium is not installed")
class PageIT {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static Browser browser;

	@LocalServerPort
	private int port;

	@Autowired
	private EmbeddedBroker broker;

	@BeforeAll
	static void start() throws Exception {
		browser = new Browser();
	}

	@AfterAll
	static void stop() throws Exception {
		if (browser != null) {
			browser.close();
		}
	}

	@BeforeEach
	void forget() {
		browser.problems().clear();
	}

	@ParameterizedTest
	@CsvSource({ "1440, 1000, desktop", "390, 844, phone" })
	void pageShowsReadingsAndStreams(int width, int height, String name) {
		open(width, height);
		awaitTrue("document.querySelectorAll('.card').length === 4");
		awaitTrue("[...document.querySelectorAll('.card canvas')]"
				+ ".every((canvas) => /\\d/.test(canvas.getAttribute('aria-label')))");
		awaitTrue("document.querySelectorAll('#streams tr').length === 6");
		awaitTrue("Number(document.getElementById('rate').textContent) > 10");
		awaitTrue("document.getElementById('broker').textContent === '" + this.broker.address() + "'");
		awaitTrue("document.documentElement.scrollWidth <= " + width);
		browser.screenshot(Path.of("target", "page-" + name + ".png"));
		assertThat(browser.problems()).isEmpty();
	}

	@Test
	void typedPoisonIsShownAmongTheDeadLettersAsText() {
		open(1440, 1000);
		awaitTrue("document.querySelector('#publish select').options.length === 3");
		browser.evaluate("document.querySelector('[data-preset=poison]').click();"
				+ "document.querySelector('textarea').value = '<img src=x onerror=alert(1)> poison';"
				+ "document.querySelector('#publish .primary').click()");
		awaitTrue("/^readings \\/ \\d at offset \\d+$/.test(document.getElementById('result').textContent)");
		awaitTrue("document.querySelector('#letters code')?.textContent === '<img src=x onerror=alert(1)> poison'");
		browser.evaluate("document.querySelector('[data-preset=alert]').click();"
				+ "document.querySelector('#publish .primary').click()");
		awaitTrue("document.querySelector('#alerts strong')?.textContent.startsWith('demo.pressure')");
		assertThat(browser.problems()).isEmpty();
	}

	@Test
	void partitionIsReadInADialog() {
		open(1440, 1000);
		awaitTrue("!!document.querySelector('#streams button')");
		browser.evaluate("document.querySelector('#streams [data-stream=readings][data-partition=\"0\"]').click()");
		awaitTrue("document.querySelector('dialog').open && document.querySelector('dialog li code')?.textContent"
				+ ".includes('metric')");
		assertThat(browser.problems()).isEmpty();
	}

	@Test
	void listenerIsPausedAndResumedByAClick() {
		open(1440, 1000);
		String watch = "document.querySelector('#streams [data-listener=watch]')";
		awaitTrue("!!" + watch);
		browser.evaluate(watch + ".click()");
		awaitTrue(watch + ".classList.contains('paused')");
		awaitTrue("Number(" + watch + ".querySelector('b').textContent) > 0");
		browser.screenshot(Path.of("target", "page-paused.png"));
		browser.evaluate(watch + ".click()");
		awaitTrue("!" + watch + ".classList.contains('paused')");
		assertThat(browser.problems()).isEmpty();
	}

	@Test
	void brokerThatIsAwayIsTold() {
		open(1440, 1000);
		awaitTrue("document.getElementById('broker').classList.contains('up')");
		this.broker.stop();
		awaitTrue("!document.getElementById('banner').hidden"
				+ " && document.getElementById('banner').textContent.includes('" + this.broker.address() + "')");
		browser.evaluate("document.querySelector('#publish .primary').click()");
		awaitTrue("document.getElementById('result').textContent.startsWith('503')");
		browser.screenshot(Path.of("target", "page-away.png"));
		this.broker.restart();
		awaitTrue("document.getElementById('banner').hidden");
		awaitTrue("Number(document.getElementById('rate').textContent) > 10");
	}

	private void open(int width, int height) {
		browser.open("http://127.0.0.1:" + this.port + "/", width, height);
	}

	private static void awaitTrue(String expression) {
		await().alias(expression).atMost(PATIENCE).until(() -> browser.evaluate(expression).asBoolean(false));
	}

}
