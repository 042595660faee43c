package io.liftbridge.test.context;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives a test class a broker inside the JVM: <pre>
 * &#64;SpringBootTest
 * &#64;EmbeddedLiftbridge(streams = { "orders:4", "invoices" })
 * class OrdersTests {
 *
 *     &#64;Test
 *     void bills(@Autowired Orders orders, @Autowired LiftbridgeTestTemplate liftbridge) {
 *         orders.place(new Order("k1", 5));
 *         assertThat(liftbridge.messages("invoices")).hasSize(1).first().hasKey("k1");
 *     }
 *
 * }
 * </pre> In a test with Spring, of any kind, the broker is there before the first bean,
 * {@code liftbridge.seeds} leads to it whatever properties and profiles say, and it ends
 * with the application context. Beans: {@link io.liftbridge.embedded.EmbeddedBroker} and
 * {@link io.liftbridge.test.LiftbridgeTestTemplate}. Contexts are cached and used by all
 * test classes that are configured in the same way, and so is the broker: use other
 * streams, or keys, in each test, or {@code @DirtiesContext}.
 * <p>
 * In a test without Spring there is one broker for all tests of the class and those
 * nested in it. Test methods and constructors may have parameters of the types above, or
 * {@link io.liftbridge.client.LiftbridgeClient}.
 * <p>
 * A {@code LiftbridgeConnectionDetails} bean, such as that of a container with
 * {@code @ServiceConnection}, wins over the broker.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ExtendWith(EmbeddedLiftbridgeExtension.class)
public @interface EmbeddedLiftbridge {

	/**
	 * Streams that are there from the beginning: a name, or {@code name:partitions}. With
	 * Spring, placeholders such as <code>${app.in}</code> are resolved. The subject of a
	 * stream is its name.
	 * @return the streams
	 */
	String[] streams() default {};

	/**
	 * How many partitions those {@link #streams()} have that do not say it.
	 * @return the number, 1 or more
	 */
	int partitions() default 1;

	/**
	 * Settings of the broker as {@code key=value}: {@code broker-id},
	 * {@code cursor-partitions}, {@code max-message-bytes}, {@code activity-stream},
	 * {@code restart-window}, {@code consumer-timeout}, {@code coordinator-timeout};
	 * durations as {@code 500ms}, {@code 2s} or {@code PT2S}. With Spring, placeholders
	 * are resolved.
	 * @return the settings
	 * @see io.liftbridge.embedded.EmbeddedBroker.Builder
	 */
	String[] properties() default {};

	/**
	 * Whether all test classes of this JVM that ask for a shared broker with the same
	 * {@link #properties()} use one. It starts with the first of them and ends with the
	 * JVM; streams that are missing are added. Otherwise each application context, or
	 * test class without Spring, has its own.
	 * @return {@code true} to share, {@code false} by default
	 */
	boolean shared() default false;

	/**
	 * The port to listen on.
	 * @return the port; 0, the default, for any free one. Not with {@link #shared()}.
	 */
	int port() default 0;

	/**
	 * The property of the application that is set to the broker's address.
	 * @return the property, {@code liftbridge.seeds} by default
	 */
	String seedsProperty() default "liftbridge.seeds";

}
