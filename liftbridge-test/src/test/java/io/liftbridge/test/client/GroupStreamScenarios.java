package io.liftbridge.test.client;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.group.ConsumerUpdateListener;
import io.liftbridge.client.group.GroupMember;
import io.liftbridge.client.group.GroupPartition;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.producer.Producer;
import io.liftbridge.client.stream.StreamSpec;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a group must come through while its streams are deleted, created anew, and paused.
 */
abstract class GroupStreamScenarios extends GroupScenarioTest {

	private void delete() {
		this.producer.close();
		this.client.streams().delete("orders");
	}

	private void create() {
		this.client.streams().create(StreamSpec.named("orders").partitions(PARTITIONS));
		this.producer = this.client.producer("orders").build();
	}

	@Test
	void aStreamThatIsCreatedAnewAtOnceIsReadFromItsBeginning() throws Exception {
		join();
		join();
		awaitSettled(2);
		send(30);
		awaitAllProcessed();
		delete();
		create();
		// More than the cursor says was read.
		send(90);
		awaitAllProcessed();
		awaitSettled(2);
		send(30);
		awaitAllProcessed();
	}

	@Test
	void aStreamThatWasReplacedWhileNobodyReadItIsReadFromItsBeginning() throws Exception {
		join();
		send(30);
		awaitAllProcessed();
		leave(0);
		delete();
		create();
		send(90);
		join((builder) -> builder.from(StartPosition.newOnly()));
		awaitAllProcessed();
	}

	@Test
	void aRestartOfTheBrokerDoesNotMakeAStreamAnotherOne() throws Exception {
		join();
		send(30);
		awaitAllProcessed();
		leave(0);
		this.server.crash();
		this.server.restart();
		send(30);
		join();
		awaitAllProcessed();
		assertThat(this.processed.values()).allSatisfy((times) -> assertThat(times).hasValue(1));
	}

	@Test
	void aGroupGoesOnWithItsOtherStreamsAndWaitsForTheOneThatWasDeleted() throws Exception {
		this.client.streams().create(StreamSpec.named("invoices"));
		List<String> told = new CopyOnWriteArrayList<>();
		ConsumerUpdateListener listener = new ConsumerUpdateListener() {

			@Override
			public void onStreamDeleted(GroupMember member, String stream) {
				told.add(stream);
			}

		};
		GroupMemberUnderTest member = join((builder) -> builder.streams("invoices", "orders").listener(listener));
		send(30);
		awaitAllProcessed();
		delete();
		await().atMost(LONG).until(() -> !told.isEmpty());
		try (Producer invoices = this.client.producer("invoices").build()) {
			invoices.send(Message.builder().value("invoice").build()).join();
			await().atMost(LONG).until(() -> this.processed.containsKey("invoice"));
		}
		assertThat(told).containsExactly("orders");
		assertThat(member.partitions()).containsExactly(new GroupPartition("invoices", 0));
		assertThat(member.consumer().ended()).isNotDone();
		create();
		send(90);
		awaitAllProcessed();
	}

	@Test
	void whatComesAfterAPauseIsNewForTheWholeGroup() throws Exception {
		send(3);
		this.client.streams().pause("orders", false);
		GroupMemberUnderTest first = join((builder) -> builder.from(StartPosition.newOnly()));
		for (int partition = 0; partition < PARTITIONS; partition++) {
			int number = partition;
			await().atMost(LONG)
				.until(() -> this.client.cursors().find("__group:billing:begun", "orders", number).isPresent());
		}
		first.vanish();
		this.members.remove(first);
		// Resumes the partitions.
		send(30);
		join((builder) -> builder.from(StartPosition.newOnly()));
		await().atMost(LONG).untilAsserted(() -> {
			for (int i = 3; i < 33; i++) {
				assertThat(this.processed).containsKey(Integer.toString(i));
			}
		});
	}

	@Test
	void aMemberThatWaitsForAPausedPartitionSkipsNothingOfIt() throws Exception {
		this.client.streams().pause("orders", false);
		List<Throwable> failures = new CopyOnWriteArrayList<>();
		ConsumerUpdateListener listener = new ConsumerUpdateListener() {

			@Override
			public void onFailure(GroupMember member, GroupPartition partition, Throwable failure) {
				failures.add(failure);
			}

		};
		join((builder) -> builder.from(StartPosition.newOnly()).listener(listener));
		await().atMost(LONG).until(() -> failures.size() >= PARTITIONS);
		send(30);
		awaitAllProcessed();
	}

}
