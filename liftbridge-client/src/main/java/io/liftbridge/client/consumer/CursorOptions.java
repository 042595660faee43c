package io.liftbridge.client.consumer;

import io.liftbridge.client.cursor.CursorConvention;
import io.liftbridge.client.cursor.OffsetTracking;

/**
 * The cursor that a subscription goes on from and stores its position in. For use inside
 * the client.
 *
 * @param id the cursor's id
 * @param convention what the number in it means
 * @param tracking when it is stored
 * @param pulled whether a message counts as processed when a consumer says so, instead of
 * when the handler returns
 */
public record CursorOptions(String id, CursorConvention convention, OffsetTracking tracking, boolean pulled) {
}
