package io.liftbridge.spring.listener.rebalance;

import java.nio.file.Path;

import io.liftbridge.embedded.EmbeddedBroker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Members of a group in processes of their own come, go, crash and hang.
 */
class RebalanceTests {

	@Test
	void eachPartitionIsWorkedByOneMemberAndNothingIsSkipped(@TempDir Path directory) throws Exception {
		try (EmbeddedBroker broker = EmbeddedBroker.builder().consumerTimeout(Rebalancing.MEMBER_TIMEOUT).start()) {
			new Rebalancing(broker.address(), directory).run();
		}
	}

}
