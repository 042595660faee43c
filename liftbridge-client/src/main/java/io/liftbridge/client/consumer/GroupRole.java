package io.liftbridge.client.consumer;

/**
 * As whom a subscription reads. For use inside the client.
 *
 * @param group the group's name
 * @param consumerId the member's id
 * @param epoch the group's epoch in which the partition was assigned to the member,
 * unsigned
 */
public record GroupRole(String group, String consumerId, long epoch) {
}
