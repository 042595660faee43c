package io.liftbridge.spring.listener.delivery;

/**
 * What a container delivers to: single messages or batches.
 */
public sealed interface Listener permits RecordListener, BatchListener {

}
