package io.liftbridge.boot.autoconfigure;

import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.UnroutableException;
import io.liftbridge.client.producer.Partitioner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class PartitionerTypeTests {

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "EXPLICIT")
	void choosesAmongThePartitions(PartitionerType type) {
		Partitioner partitioner = type.create();
		for (int i = 0; i < 300; i++) {
			assertThat(partitioner.partition(Message.of("k" + i, "v"), 3)).isBetween(0, 2);
		}
	}

	@Test
	void leavesTheChoiceToTheMessage() {
		assertThatExceptionOfType(UnroutableException.class)
			.isThrownBy(() -> PartitionerType.EXPLICIT.create().partition(Message.of("k", "v"), 3));
	}

}
