package io.liftbridge.spring.listener;

/**
 * How often the newest offset of a partition is looked up. While it is delivered and
 * nothing happens there is no lag that its subscription would not tell of, and what asks
 * for it in ten quiet listeners takes more than all else they do.
 */
final class LookPace {

	/** A quiet partition is looked at in one of so many rounds. */
	static final int SLOWEST = 6;

	private long newest = Long.MIN_VALUE;

	private int rounds = 1;

	private int wait;

	/**
	 * Called once in each round.
	 * @param position what is processed
	 * @param newest the newest offset that is known
	 * @param delivered whether messages would come by themselves
	 * @return whether to look
	 */
	boolean isDue(long position, long newest, boolean delivered) {
		boolean quiet = delivered && position >= newest && newest == this.newest;
		this.newest = newest;
		if (!quiet) {
			this.rounds = 1;
			this.wait = 0;
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

}
