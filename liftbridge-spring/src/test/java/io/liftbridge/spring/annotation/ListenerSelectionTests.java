package io.liftbridge.spring.annotation;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.liftbridge.spring.EmbeddedBrokerTest;
import io.liftbridge.spring.TestApplication;
import io.liftbridge.spring.listener.MessageFilter;
import io.liftbridge.spring.support.LiftbridgeHeaders;
import io.liftbridge.spring.support.ListenerContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.liftbridge.spring.TestApplication.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ListenerSelectionTests extends EmbeddedBrokerTest {

	@Test
	void anExpressionOrABeanSaysWhichMessagesAListenerReceives() {
		stream(1);
		Filtered listener = new Filtered();
		try (TestApplication app = application().listener(listener)
			.bean("short", MessageFilter.class, () -> (message) -> message.text().length() < 2)
			.start()) {
			app.template().newMessage("a").stream(this.stream).key("k").header("region", "eu").send().join();
			app.template().newMessage("b").stream(this.stream).header("region", "us").send().join();
			app.template().newMessage("long").stream(this.stream).send().join();
			eventually(
					() -> assertThat(listener.calls).containsExactlyInAnyOrder("expression a 1", "bean a", "bean b"));
			eventually(() -> assertThat(app.cursor("listener.expression", this.stream, 0)).isEqualTo(2));
		}
	}

	@Test
	void readsGroupPatternAndInfo() {
		stream(1);
		try (TestApplication app = application().property("group", "billing").listener(new Selecting()).start()) {
			assertThat(app.container("group").properties()).satisfies((properties) -> {
				assertThat(properties.getGroup()).isEqualTo("billing");
				assertThat(properties.isLeaderOnly()).isTrue();
				assertThat(properties.getCursorId()).isNull();
				assertThat(properties.getInfo()).isEqualTo("about billing");
			});
			assertThat(app.container("pattern").properties()).satisfies((properties) -> {
				assertThat(properties.getStreamPattern()).hasToString(this.stream + ".*");
				assertThat(properties.getStreams()).isEmpty();
			});
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			filter        | headers[   | neither the name of a MessageFilter bean nor an expression
			filter        | registered | it must be the name of a MessageFilter bean
			filter        | euOnly     | neither a MessageFilter bean nor a property 'euOnly'
			filter        | region == 'eu' | a header is written as headers['region']
			filter        | headers['region'] = 'eu' | compare with ==
			filter        | offset++ > 1 | compare with ==
			filter        | headers.containsKey(region) | a property 'region'
			filter        | text.length() > 1 and txt.isEmpty() | a property 'txt'
			filter        | isEuropean(key) | there is no method 'isEuropean'
			filter        | @nobody.test(message) | there is no bean 'nobody'
			filter        | #region == 'eu' | nothing of the name '#region'
			streamPattern | a(         | Unclosed group
			group         | a b        | a b
			leaderOnly    | perhaps    | Use 'true' or 'false'
			""")
	void saysWhatIsWrong(String attribute, String value, String problem) {
		TestApplication.Builder application = application();
		for (String name : new String[] { "filter", "streamPattern", "group", "leaderOnly" }) {
			application.property(name, "");
		}
		application.property(attribute, value).bean("registered", String.class, () -> "no filter");
		assertThatThrownBy(() -> application.listener("orders", new All()).start())
			.isInstanceOf(IllegalStateException.class)
			.hasMessageContaining("All.on(String) of bean 'orders'")
			.hasMessageContaining(attribute + " = '" + value + "'")
			.hasMessageContaining(problem);
	}

	@Test
	void aFilterThatCannotDecideAboutAMessageSaysSoAndIsNotAskedAgain() {
		stream(1);
		Undecided listener = new Undecided();
		try (TestApplication app = application().listener("orders", listener).start()) {
			app.template().send(this.stream, "without region").join();
			app.template().newMessage("eu").stream(this.stream).header("region", "europe").send().join();
			eventually(() -> assertThat(listener.calls).containsExactly("eu"));
			eventually(() -> assertThat(app.messages(this.stream + ".dlt", 0)).singleElement().satisfies((letter) -> {
				assertThat(letter.headers().text(LiftbridgeHeaders.DLT_ATTEMPTS)).isEqualTo("1");
				assertThat(letter.headers().text(LiftbridgeHeaders.DLT_EXCEPTION_MESSAGE))
					.contains("filter = 'headers['region'].startsWith('eu')' of ")
					.contains("Undecided.on(String) of bean 'orders'")
					.contains("cannot be evaluated")
					.contains("EL1011E");
			}));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "headers[region] == 'eu'", "headers.region == 'eu'", "@registered.length() > 1 && true",
			"headers.?[key == 'region'].isEmpty()", "{a: 1}[a] == 1 and T(Math).max(offset, partition) > 1",
			"#root.key != null", "message.key() == null ? Stream == 'a' : getText() matches 'a.*'",
			"new java.util.Date().after(null) or !headers?.region.isEmpty()" })
	void takesExpressionsThatCanWork(String filter) {
		try (TestApplication app = application().property("filter", filter)
			.bean("registered", String.class, () -> "text")
			.listener(new Tolerant())
			.start()) {
			assertThat(app.container("tolerant").properties().getFilter()).isNotNull();
		}
	}

	static class Tolerant {

		@LiftbridgeListener(id = "tolerant", streams = "${in}", filter = "${filter}", autoStartup = "false")
		void on(String text) {
		}

	}

	static class Undecided {

		final Queue<String> calls = new ConcurrentLinkedQueue<>();

		@LiftbridgeListener(streams = "${in}", filter = "headers['region'].startsWith('eu')")
		void on(String text) {
			this.calls.add(text);
		}

	}

	static class Filtered {

		final Queue<String> calls = new ConcurrentLinkedQueue<>();

		@LiftbridgeListener(streams = "${in}", filter = "headers['region'] == 'eu' and key == 'k' and offset < 10")
		void expression(String text, ListenerContext context) {
			this.calls.add("expression " + text + " " + context.attempt());
		}

		@LiftbridgeListener(streams = "${in}", filter = "short")
		void bean(String text) {
			this.calls.add("bean " + text);
		}

	}

	static class Selecting {

		@LiftbridgeListener(id = "group", streams = "${in}", group = "${group}", leaderOnly = "true",
				info = "about ${group}", autoStartup = "false")
		void group(String text) {
		}

		@LiftbridgeListener(id = "pattern", streamPattern = "${in}.*", autoStartup = "false")
		void pattern(String text) {
		}

	}

	static class All {

		@LiftbridgeListener(streams = "${in}", filter = "${filter}", streamPattern = "${streamPattern}",
				group = "${group}", leaderOnly = "${leaderOnly}")
		void on(String text) {
		}

	}

}
