package io.liftbridge.spring.listener.delivery;

/**
 * What a replay of dead letters has done, or would do if it was a dry run.
 *
 * @param replayed how many dead letters were put back
 * @param filteredOut how many were left where they are because the filter said so
 * @param replayedBefore how many were looked at and passed over because an earlier run
 * has put them back; those that all were put back at the beginning are not even looked at
 * @param unusable how many could not be put back: they do not tell where they come from,
 * or their value was omitted and the original message is gone
 * @param dryRun whether nothing was put back really
 */
public record ReplayResult(long replayed, long filteredOut, long replayedBefore, long unusable, boolean dryRun) {

}
