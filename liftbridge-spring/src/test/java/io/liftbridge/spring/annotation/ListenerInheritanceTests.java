package io.liftbridge.spring.annotation;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.EmbeddedBrokerTest;
import io.liftbridge.spring.TestApplication;
import io.liftbridge.spring.listener.ListenerContainer;
import io.liftbridge.spring.support.LiftbridgeHeaders;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.Test;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.core.annotation.AliasFor;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.SendTo;

import static io.liftbridge.spring.TestApplication.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ListenerInheritanceTests extends EmbeddedBrokerTest {

	@Test
	void inheritsFromSuperclassesAndInterfaces() {
		stream(1);
		Child child = new Child();
		try (TestApplication app = application().listener("child", child).start()) {
			assertThat(app.registry().containers()).extracting(ListenerContainer::id)
				.containsExactly("child.inherited", "child.overridden", "child.promised");
			app.template().send(this.stream, "a").join();
			eventually(() -> assertThat(child.calls).containsExactlyInAnyOrder("inherited a", "child a", "promised a"));
		}
	}

	@Test
	void anAnnotationOfItsOwnReplacesWhatAMethodInherits() {
		stream(1);
		OwnAnnotation listener = new OwnAnnotation();
		try (TestApplication app = application().listener("own", listener).start()) {
			assertThat(app.registry().containers()).extracting(ListenerContainer::id)
				.containsExactly("mine", "own.inherited");
		}
	}

	@Test
	void inheritsAnAnnotationOfAClass() {
		stream(1);
		ChildOfClass child = new ChildOfClass();
		OwnClass own = new OwnClass();
		try (TestApplication app = application().listener("child", child).listener("own", own).start()) {
			assertThat(app.registry().containers()).extracting(ListenerContainer::id).containsExactly("child", "mine");
			app.template().send(this.stream, "a").join();
			eventually(() -> assertThat(child.calls).containsExactly("child a"));
			eventually(() -> assertThat(own.calls).containsExactly("text a"));
		}
	}

	@Test
	void aClassMayHaveAnAnnotationOfOnesOwnAndSeveral() {
		stream(1);
		broker.createStream(this.stream + "b", 1);
		Repeated listener = new Repeated();
		try (TestApplication app = application().property("in2", this.stream + "b")
			.listener("orders", listener)
			.start()) {
			assertThat(app.registry().containers()).extracting(ListenerContainer::id)
				.containsExactly("orders", "orders#2");
			app.template().send(this.stream, "a").join();
			app.template().send(this.stream + "b", "b").join();
			eventually(() -> assertThat(listener.calls).containsExactlyInAnyOrder("text a", "text b"));
		}
		try (TestApplication app = application().listener("orders", new Meta()).start()) {
			assertThat(app.container("meta").properties().getConcurrency()).isEqualTo(2);
		}
	}

	@Test
	void callsThroughAProxyOfTheClass() {
		stream(1);
		AtomicInteger calls = new AtomicInteger();
		BaseClass target = new ChildOfClass();
		ProxyFactory factory = new ProxyFactory(target);
		factory.setProxyTargetClass(true);
		factory.addAdvice(counting(calls));
		try (TestApplication app = application().listener("proxied", factory.getProxy()).start()) {
			app.template().send(this.stream, "a").join();
			eventually(() -> assertThat(target.calls).containsExactly("child a"));
			assertThat(calls).hasValue(1);
		}
	}

	@Test
	void callsThroughAProxyOfInterfaces() {
		stream(1);
		broker.createStream(this.stream + ".out", 1);
		AtomicInteger calls = new AtomicInteger();
		BehindInterface target = new BehindInterface();
		ProxyFactory factory = new ProxyFactory(new Class<?>[] { Texts.class });
		factory.setTarget(target);
		factory.addAdvice(counting(calls));
		try (TestApplication app = application().property("out", this.stream + ".out")
			.listener("proxied", factory.getProxy())
			.start()) {
			app.template().send(this.stream, "k", "a").join();
			// What the class says of parameters and results counts, not only the
			// interface.
			eventually(() -> assertThat(app.messages(this.stream + ".out", 0)).extracting(ReceivedMessage::text)
				.containsExactly("a k"));
			assertThat(calls).hasValue(1);
		}
	}

	@Test
	void refusesAMethodThatAProxyHides() {
		ProxyFactory factory = new ProxyFactory(new Class<?>[] { Texts.class });
		factory.setTarget(new HiddenMethod());
		assertThatThrownBy(() -> application().listener("proxied", factory.getProxy()).start())
			.isInstanceOf(IllegalStateException.class)
			.hasMessageContaining("@LiftbridgeListener on HiddenMethod.hidden(String) of bean 'proxied'")
			.hasMessageContaining("not found in any interface");
	}

	private static MethodInterceptor counting(AtomicInteger calls) {
		return (invocation) -> {
			calls.incrementAndGet();
			return invocation.proceed();
		};
	}

	interface Promise {

		@LiftbridgeListener(streams = "${in}")
		void promised(String text);

	}

	static class Parent {

		final Queue<String> calls = new ConcurrentLinkedQueue<>();

		@LiftbridgeListener(streams = "${in}")
		void inherited(String text) {
			this.calls.add("inherited " + text);
		}

		@LiftbridgeListener(streams = "${in}")
		void overridden(String text) {
			this.calls.add("parent " + text);
		}

	}

	static class Child extends Parent implements Promise {

		@Override
		void overridden(String text) {
			this.calls.add("child " + text);
		}

		@Override
		public void promised(String text) {
			this.calls.add("promised " + text);
		}

	}

	static class OwnAnnotation extends Parent {

		@Override
		@LiftbridgeListener(id = "mine", streams = "${in}")
		void overridden(String text) {
			this.calls.add("child " + text);
		}

	}

	@LiftbridgeListener(streams = "${in}")
	public static class BaseClass {

		final Queue<String> calls = new ConcurrentLinkedQueue<>();

		@LiftbridgeHandler
		public void text(String text) {
			this.calls.add("text " + text);
		}

	}

	public static class ChildOfClass extends BaseClass {

		@Override
		public void text(String text) {
			this.calls.add("child " + text);
		}

	}

	@LiftbridgeListener(id = "mine", streams = "${in}")
	static class OwnClass extends BaseClass {

	}

	@LiftbridgeListener(streams = "${in}")
	@LiftbridgeListener(streams = "${in2}")
	static class Repeated extends BaseClass {

	}

	@Retention(RetentionPolicy.RUNTIME)
	@LiftbridgeListener(streams = "${in}", concurrency = "2")
	@interface Listens {

		@AliasFor(annotation = LiftbridgeListener.class)
		String id();

	}

	@Listens(id = "meta")
	static class Meta {

		@LiftbridgeHandler
		void text(String text) {
		}

	}

	public interface Texts {

		String on(String text, String key);

	}

	static class BehindInterface implements Texts {

		@Override
		@LiftbridgeListener(streams = "${in}")
		@SendTo("${out}")
		public String on(String text, @Header(LiftbridgeHeaders.KEY) String key) {
			return text + " " + key;
		}

	}

	static class HiddenMethod implements Texts {

		@Override
		public String on(String text, String key) {
			return text;
		}

		@LiftbridgeListener(streams = "${in}")
		public void hidden(String text) {
		}

	}

}
