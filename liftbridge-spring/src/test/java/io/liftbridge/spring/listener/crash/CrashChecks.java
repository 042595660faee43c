package io.liftbridge.spring.listener.crash;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;

import io.liftbridge.spring.listener.crash.CrashRun.Life;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the table of ack modes says beyond that nothing is lost.
 */
final class CrashChecks {

	private CrashChecks() {
	}

	/** What comes again is what was not stored; with mode NONE everything. */
	static void repeats(List<Life> lives, String mode) {
		Set<Long> acknowledged = new HashSet<>();
		for (int i = 0; i < lives.size(); i++) {
			Life life = lives.get(i);
			switch (mode) {
				case "NONE" -> assertThat(life.stored()).isEqualTo(-1);
				case "COUNT" -> {
					if (i > 0) {
						// Counted from where the life before has begun, unless it stored
						// nothing.
						long counted = life.stored() - lives.get(i - 1).stored();
						assertThat(counted % CrashedListener.ACK_COUNT).isZero();
					}
				}
				case "MANUAL" ->
					assertThat(acknowledged).containsAll(LongStream.rangeClosed(0, life.stored()).boxed().toList());
				default -> {
					// Any position up to the last processed one may be stored.
				}
			}
			acknowledged.addAll(life.acknowledged());
		}
	}

}
