package io.liftbridge.spring.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import io.liftbridge.spring.aot.ListenerReflectiveProcessor;
import org.springframework.aot.hint.annotation.Reflective;

/**
 * Makes a method receive the messages of streams, or a class, whose methods with
 * {@link LiftbridgeHandler} then share them by the type of the payload. All attributes
 * are texts and may hold {@code ${placeholders}} and {@code #{SpEL}}; what is left empty
 * follows the container factory.
 * <p>
 * The method's parameters may be: the payload, converted to the parameter's type, also
 * with {@code @Payload} and {@code @Valid}; {@code @Header} and {@code @Headers} (names
 * in {@link io.liftbridge.spring.support.LiftbridgeHeaders});
 * {@link io.liftbridge.client.message.ReceivedMessage} with {@code byte[]} or a type to
 * convert to; {@code Message<?>}; {@link io.liftbridge.spring.support.Acknowledgment};
 * and {@link io.liftbridge.spring.support.ListenerContext}. A message with an empty value
 * gives {@code null} to a payload that is {@code @Nullable} or
 * {@code @Payload(required = false)}, and an empty {@code Optional}.
 * <p>
 * A batch listener has a {@code List} of payloads, of {@code Message} or of
 * {@code ReceivedMessage}, and may have Lists with {@code @Header}, of the same length.
 * <p>
 * With {@code @SendTo}, on the method or on the class, the returned value is sent to one
 * or several streams with the key of the message; {@code null} and an empty
 * {@code Optional} send nothing, a {@code Collection} sends each element, a
 * {@code Message} keeps its own headers and key. A stream may be an expression over
 * {@code result} and {@code request}, such as <code>!{result.region}</code>; one that
 * gives {@code null} sends nothing. The message counts as processed only when all of this
 * is stored; if the stream does not exist, or no broker is there, the partition waits and
 * the sending is repeated. A returned {@code CompletableFuture} is waited for.
 * <p>
 * May be repeated, and used on annotations of your own together with {@code @AliasFor}.
 * Annotations of superclasses and interfaces count, unless the class or the overriding
 * method has its own.
 */
@Target({ ElementType.METHOD, ElementType.TYPE, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Repeatable(LiftbridgeListeners.class)
@Reflective(ListenerReflectiveProcessor.class)
public @interface LiftbridgeListener {

	/**
	 * Id of the listener, unique in the application; it names the listener in logs,
	 * meters, health and registry.
	 * @return the id; default {@code <beanName>.<method>}, or {@code <beanName>} on a
	 * class
	 */
	String id() default "";

	/**
	 * Streams to read; each may also be a list separated by commas.
	 * @return their names
	 */
	String[] streams() default {};

	/**
	 * All streams whose names match are read, instead of named ones; those that are
	 * created later, too. Does not go with {@link #streams()} and {@link #group()}.
	 * @return a regular expression for the whole name
	 */
	String streamPattern() default "";

	/**
	 * Consumer group whose members share the partitions: other instances of the
	 * application, and other applications. Positions are the group's. Does not go with
	 * {@link #partitions()} and {@link #cursorId()}.
	 * @return the group's name; default: as the factory says, otherwise none
	 */
	String group() default "";

	/**
	 * Whether one member of the group reads all partitions while the others stand by.
	 * @return {@code true} or {@code false}; default: as the factory says, otherwise
	 * {@code false}
	 */
	String leaderOnly() default "";

	/**
	 * Which messages the listener receives; positions go beyond the others.
	 * @return name of a {@link io.liftbridge.spring.listener.MessageFilter} bean, or an
	 * expression over {@code headers}, {@code key}, {@code text}, {@code stream},
	 * {@code partition}, {@code offset} and {@code message}, such as
	 * {@code headers['region'] == 'eu'}; default: as the factory says, otherwise all
	 */
	String filter() default "";

	/**
	 * Partitions to read, of each stream.
	 * @return numbers and ranges such as {@code 0-3,5}; default: all
	 */
	String partitions() default "";

	/**
	 * Where reading begins when no position is stored.
	 * @return {@code earliest}, {@code latest} (the newest message and what follows),
	 * {@code new} (only what follows), {@code offset:42}, a time such as
	 * {@code 2026-11-21T03:00:00Z}, or an age such as {@code -PT1H}; default: as the
	 * factory says, otherwise {@code new}
	 */
	String startPosition() default "";

	/**
	 * Cursor in which positions are stored, and from which reading goes on after a
	 * restart. A stored position wins over {@link #startPosition()}. With ack mode
	 * {@code NONE} there is no cursor. Cursors belong to the whole cluster: two
	 * applications with the same cursor id on the same stream overwrite each other's
	 * positions.
	 * @return the cursor's id; default: the listener's id, with
	 * {@code spring.application.name} and a dot before it where that is set; another name
	 * or id begins anew at the start position
	 */
	String cursorId() default "";

	/**
	 * How many partitions are worked at the same time.
	 * @return a number of 1 and above; default: as the factory says, otherwise 1
	 */
	String concurrency() default "";

	/**
	 * Whether the method receives lists.
	 * @return {@code true} or {@code false}; default: {@code false}
	 */
	String batch() default "";

	/**
	 * Most messages in a list.
	 * @return a number of 1 and above; default: as the factory says, otherwise 500
	 */
	String batchSize() default "";

	/**
	 * How many messages per partition may wait in memory.
	 * @return a number of 1 and above; default: as the factory says, otherwise 1000
	 */
	String prefetch() default "";

	/**
	 * When positions are stored.
	 * @return a name of {@link io.liftbridge.spring.listener.delivery.AckMode}, in any
	 * case; default: as the factory says, otherwise {@code RECORD}
	 */
	String ackMode() default "";

	/**
	 * Whether the listener starts with the application.
	 * @return {@code true} or {@code false}; default: as the factory says, otherwise
	 * {@code true}
	 */
	String autoStartup() default "";

	/**
	 * The container factory.
	 * @return name of a bean; default {@code liftbridgeListenerContainerFactory}
	 */
	String containerFactory() default "";

	/**
	 * What decides about failures.
	 * @return name of an {@link io.liftbridge.spring.listener.delivery.ErrorHandler}
	 * bean; default: the factory's
	 */
	String errorHandler() default "";

	/**
	 * A text about the listener, for people and for tools.
	 * @return the text; default: none
	 */
	String info() default "";

	/**
	 * Further options of the container, for which there is no attribute: each as
	 * {@code name=value}, with a name from
	 * {@link io.liftbridge.spring.listener.ContainerProperties}, for instance
	 * {@code shutdown-timeout=30s} or {@code shutdownTimeout=PT30S}. One may hold
	 * several, each in a line.
	 * @return options
	 */
	String[] properties() default {};

}
