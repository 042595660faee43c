package io.liftbridge.spring.listener;

/**
 * How often the newest offset of a partition is looked up. In one that is delivered and
 * in which nothing happens, a lag is to be expected only if the broker hands nothing out;
 * asking each time was most of what ten quiet listeners did.
 */
final class LookPace {

	/** A quiet partition is looked at in one of so many rounds. */
	private static final int SLOWEST = 6;

	private long newest = Long.MIN_VALUE;

	private int rounds = 1;

	private int wait;

	/**
	 * Called once in each round.
	 * @param position what is processed
	 * @param newest the newest offset that is known
	 * @return whether to look
	 */
	boolean isDue(long position, long newest) {
		boolean quiet = position >= newest && newest == this.newest;
		if (!quiet) {
			reset();
			this.newest = newest;
			return true;
		}
		if (this.wait > 0) {
			this.wait--;
			return false;
		}
		this.rounds = Math.min(this.rounds * 2, SLOWEST);
		this.wait = this.rounds - 1;
		return true;
	}

	/** Looks in the next round, whatever there is. */
	void reset() {
		this.newest = Long.MIN_VALUE;
		this.rounds = 1;
		this.wait = 0;
	}

}
