package io.liftbridge.client.topic;

/**
 * A definition as it is stored: which parts the topic has, and what they were told.
 *
 * @param stream name of the stream, and of the topic
 * @param partitions how many partitions there are
 * @param serializer how events become bytes
 * @param validator what refuses events
 * @param selector what chooses partitions
 */
public record TopicDescription(String stream, int partitions, Part serializer, Part validator, Part selector) {
}
