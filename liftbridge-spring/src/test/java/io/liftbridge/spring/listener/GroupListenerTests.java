package io.liftbridge.spring.listener;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.spring.GroupBrokerTest;
import io.liftbridge.spring.TestApplication;
import io.liftbridge.spring.event.ListenerPartitionsAssignedEvent;
import io.liftbridge.spring.event.ListenerPartitionsRevokedEvent;
import io.liftbridge.spring.listener.delivery.AckMode;
import io.liftbridge.spring.listener.delivery.DefaultErrorHandler;
import io.liftbridge.spring.listener.delivery.LoggingRecoverer;
import io.liftbridge.spring.listener.delivery.RecordListener;
import io.liftbridge.spring.support.SeekTo;
import org.junit.jupiter.api.Test;
import org.springframework.context.event.EventListener;
import org.springframework.util.backoff.FixedBackOff;

import static io.liftbridge.spring.TestApplication.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

class GroupListenerTests extends GroupBrokerTest {

	@Test
	void theMembersShareThePartitionsAndTakeOverFromOneAnother() {
		broker.createStream(this.stream, 4);
		Member first = member("a");
		Member second = member("b");
		eventually(() -> {
			assertThat(first.partitions()).hasSize(2);
			assertThat(second.partitions()).hasSize(2).doesNotContainAnyElementsOf(first.partitions());
		});
		publish(first, 0, 20);
		eventually(() -> assertThat(union(first, second)).containsExactlyInAnyOrder(expected(0, 20)));
		assertThat(first.texts).isNotEmpty();
		assertThat(second.texts).isNotEmpty();
		first.application.container("shared").stop();
		eventually(() -> assertThat(second.partitions()).containsExactly(0, 1, 2, 3));
		publish(second, 20, 40);
		// The one that left has stored all its positions: nothing comes again.
		eventually(() -> assertThat(union(first, second)).containsExactlyInAnyOrder(expected(0, 40)));
		first.application.container("shared").start();
		eventually(() -> assertThat(first.partitions()).hasSize(2));
		publish(second, 40, 60);
		eventually(() -> assertThat(union(first, second)).contains(expected(0, 60)));
	}

	@Test
	void tellsWhatIsAssignedAndRevoked() {
		broker.createStream(this.stream, 2);
		Events events = new Events();
		Member first = member("b", (application) -> application.listener("events", events), (properties) -> {
		}, null);
		eventually(() -> assertThat(events.seen).containsExactly("assigned [0, 1]"));
		member("a");
		eventually(() -> assertThat(events.seen).contains("revoked [0]").doesNotContain("revoked [1]"));
		eventually(() -> assertThat(first.partitions()).containsExactly(1));
		assertThat(first.application.container("shared").state()).isEqualTo(ContainerState.RUNNING);
	}

	@Test
	void aPartitionInBackOffIsGivenUpAtOnce() {
		broker.createStream(this.stream, 1);
		AtomicInteger attempts = new AtomicInteger();
		Member failing = member("b",
				(application) -> application.factory((factory) -> factory
					.setErrorHandler(new DefaultErrorHandler(new FixedBackOff(600_000, 3), new LoggingRecoverer()))),
				(properties) -> {
				}, (message, acknowledgment) -> {
					attempts.incrementAndGet();
					throw new IllegalStateException("no database");
				});
		publish(failing, 0, 1);
		eventually(() -> assertThat(attempts).hasValue(1));
		Member other = member("a");
		eventually(() -> assertThat(other.texts).containsExactly("0-0"));
		eventually(() -> assertThat(failing.partitions()).isEmpty());
		assertThat(attempts).hasValue(1);
		assertThat(failing.application.container("shared").state()).isEqualTo(ContainerState.RUNNING);
	}

	@Test
	void aMessageThatIsBeingProcessedIsFinishedAndItsPositionStoredWhenTheMemberLeaves() throws Exception {
		broker.createStream(this.stream, 1);
		CountDownLatch entered = new CountDownLatch(1);
		CountDownLatch proceed = new CountDownLatch(1);
		Queue<String> texts = new ConcurrentLinkedQueue<>();
		Member slow = member("a", (application) -> {
		}, (properties) -> {
		}, (message, acknowledgment) -> {
			entered.countDown();
			proceed.await(20, TimeUnit.SECONDS);
			texts.add(message.text());
			return null;
		});
		publish(slow, 0, 3);
		assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
		Member other = member("b");
		slow.application.container("shared").stop(() -> {
		});
		proceed.countDown();
		eventually(() -> assertThat(slow.application.container("shared").state()).isEqualTo(ContainerState.STOPPED));
		assertThat(texts).containsExactly("0-0");
		eventually(() -> assertThat(other.texts).containsExactly("0-1", "0-2"));
	}

	@Test
	void aListenerThatHangsIsLeftBehind() throws Exception {
		broker.createStream(this.stream, 1);
		CountDownLatch entered = new CountDownLatch(1);
		CountDownLatch interrupted = new CountDownLatch(1);
		Member hanging = member("b",
				(application) -> application
					.factory((factory) -> factory.getContainerProperties().setShutdownTimeout(Duration.ofMillis(300))),
				(properties) -> {
				}, (message, acknowledgment) -> {
					entered.countDown();
					try {
						new CountDownLatch(1).await();
					}
					catch (InterruptedException ex) {
						interrupted.countDown();
						throw ex;
					}
					return null;
				});
		publish(hanging, 0, 2);
		assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
		Member other = member("a");
		eventually(() -> assertThat(other.texts).containsExactly("0-0", "0-1"));
		assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
		eventually(() -> assertThat(hanging.partitions()).isEmpty());
	}

	@Test
	void withoutStoredPositionsThePartitionsAreSharedNevertheless() {
		broker.createStream(this.stream, 2);
		Member first = member("a", (application) -> {
		}, (properties) -> properties.setAckMode(AckMode.NONE), null);
		Member second = member("b", (application) -> {
		}, (properties) -> properties.setAckMode(AckMode.NONE), null);
		eventually(() -> assertThat(second.partitions()).hasSize(1));
		publish(first, 0, 3);
		eventually(() -> assertThat(union(first, second)).contains(expected(0, 3)));
		assertThat(first.application.cursor("__group:" + this.stream, this.stream, 0)).isEqualTo(-1);
	}

	@Test
	void whoStoresPositionsElsewhereSaysWhereAPartitionOfTheGroupBegins() {
		broker.createStream(this.stream, 2);
		Member publisher = member("a", (application) -> {
		}, (properties) -> properties.setAckMode(AckMode.NONE), null);
		publish(publisher, 0, 5);
		publisher.application.container("shared").stop();
		Queue<Integer> asked = new ConcurrentLinkedQueue<>();
		Member member = member("b", (application) -> {
		}, (properties) -> {
			properties.setAckMode(AckMode.NONE);
			properties.setPartitionStart((stream, partition, configured) -> {
				asked.add(partition);
				// What is stored elsewhere may be behind what a stream has left.
				return StartPosition.offset((partition == 0) ? 3 : 100);
			});
		}, null);
		eventually(() -> assertThat(member.texts).containsExactly("0-3", "0-4"));
		eventually(() -> assertThat(member.partitions()).containsExactly(0, 1));
		eventually(() -> assertThat(member.application.container("shared").partitions())
			.allSatisfy((status) -> assertThat(status.state()).isEqualTo(PartitionState.LIVE)));
		publish(member, 5, 6);
		eventually(() -> assertThat(member.texts).containsExactlyInAnyOrder("0-3", "0-4", "0-5", "1-5"));
		assertThat(asked).containsExactlyInAnyOrder(0, 1);
	}

	@Test
	void tellsWhatTheMemberIs() {
		broker.createStream(this.stream, 2);
		Member member = member("a");
		ListenerContainer container = member.application.container("shared");
		eventually(() -> assertThat(container.groupMember()).satisfies((present) -> {
			assertThat(present.group()).isEqualTo(this.stream);
			assertThat(present.consumerId()).isEqualTo("a");
			assertThat(present.partitions()).hasSize(2);
		}));
		container.stop();
		assertThat(container.groupMember()).isNull();
	}

	/** Who publishes when it runs relies on that: what came before would not be seen. */
	@Test
	void runsWhenAllThatItIsGivenIsRead() throws Exception {
		broker.createStream(this.stream, 2);
		CountDownLatch begins = new CountDownLatch(1);
		CountDownLatch mayBegin = new CountDownLatch(1);
		Member member = member("a", (application) -> {
		}, (properties) -> {
			properties.setStartPosition(StartPosition::newOnly);
			properties.setSeekAware((container, stream, partition, stored) -> {
				begins.countDown();
				eventually(() -> assertThat(mayBegin.getCount()).isZero());
				return null;
			});
		}, null);
		ListenerContainer container = member.application.container("shared");
		assertThat(begins.await(30, TimeUnit.SECONDS)).isTrue();
		eventually(
				() -> assertThat(container.partitions()).extracting(PartitionStatus::partition, PartitionStatus::state)
					.containsExactly(tuple(0, PartitionState.STARTING), tuple(1, PartitionState.STARTING)));
		assertThat(container.state()).isEqualTo(ContainerState.STARTING);
		mayBegin.countDown();
		eventually(() -> assertThat(container.state()).isEqualTo(ContainerState.RUNNING));
		assertThat(container.partitions()).extracting(PartitionStatus::state)
			.containsExactly(PartitionState.LIVE, PartitionState.LIVE);
		publish(member, 0, 1);
		eventually(() -> assertThat(member.texts).containsExactlyInAnyOrder("0-0", "1-0"));
	}

	@Test
	void runsAlsoWhereEverythingThatCannotBecomeMoreIsRead() {
		broker.createStream(this.stream, 2);
		Member member = member("a");
		publish(member, 0, 1);
		ListenerContainer container = member.application.container("shared");
		eventually(() -> assertThat(member.application.cursor("__group:" + this.stream, this.stream, 1)).isZero());
		container.stop();
		member.application.client().streams().setReadonly(this.stream, true, 1);
		container.start();
		eventually(() -> assertThat(container.state()).isEqualTo(ContainerState.RUNNING));
		assertThat(container.partitions()).extracting(PartitionStatus::state)
			.containsExactly(PartitionState.LIVE, PartitionState.ENDED);
	}

	@Test
	void tellsWhatKeepsAPartitionFromBeginning() {
		broker.createStream(this.stream, 1);
		AtomicInteger attempts = new AtomicInteger();
		CountDownLatch mended = new CountDownLatch(1);
		Member member = member("a", (application) -> {
		}, (properties) -> properties.setSeekAware((container, stream, partition, stored) -> {
			attempts.incrementAndGet();
			if (mended.getCount() > 0) {
				throw new IllegalStateException("no database");
			}
			return null;
		}), null);
		ListenerContainer container = member.application.container("shared");
		eventually(() -> assertThat(container.partitions()).singleElement().satisfies((status) -> {
			assertThat(status.state()).isEqualTo(PartitionState.WAITING);
			assertThat(status.lastError()).contains("no database");
		}));
		assertThat(container.state()).isEqualTo(ContainerState.STARTING);
		mended.countDown();
		eventually(() -> assertThat(container.state()).isEqualTo(ContainerState.RUNNING));
		assertThat(attempts).hasValueGreaterThan(1);
	}

	@Test
	void failsWithAPartitionThatCannotBeginIfThatIsItsPolicy() {
		broker.createStream(this.stream, 1);
		Member member = member("a", (application) -> {
		}, (properties) -> {
			properties.setStartupFailurePolicy(StartupFailurePolicy.CONTINUE);
			properties.setSeekAware((container, stream, partition, stored) -> {
				throw new IllegalStateException("no database");
			});
		}, null);
		ListenerContainer container = member.application.container("shared");
		eventually(() -> assertThat(container.state()).isEqualTo(ContainerState.FAILED));
	}

	@Test
	void whatThrowsWhenAPartitionIsRevokedKeepsNothing() {
		broker.createStream(this.stream, 2);
		Member first = member("b", (application) -> {
		}, (properties) -> properties.setSeekAware(new SeekAware() {

			@Override
			public SeekTo onAssigned(ListenerContainer container, String stream, int partition, OptionalLong stored) {
				return null;
			}

			@Override
			public void onRevoked(ListenerContainer container, String stream, int partition) {
				throw new IllegalStateException("cannot let go");
			}

		}), null);
		eventually(() -> assertThat(first.partitions()).containsExactly(0, 1));
		Member second = member("a");
		eventually(() -> assertThat(second.partitions()).containsExactly(0));
		eventually(() -> assertThat(first.partitions()).containsExactly(1));
	}

	@Test
	void oneMemberReadsAllPartitionsWhileTheOthersStandBy() {
		broker.createStream(this.stream, 3);
		Member first = member("a", (application) -> {
		}, (properties) -> properties.setLeaderOnly(true), null);
		eventually(() -> assertThat(first.partitions()).containsExactly(0, 1, 2));
		Member second = member("b", (application) -> {
		}, (properties) -> properties.setLeaderOnly(true), null);
		second.application.awaitRunning("shared");
		publish(second, 0, 5);
		eventually(() -> assertThat(first.texts).containsExactlyInAnyOrder(expected(0, 5)));
		assertThat(second.partitions()).isEmpty();
		assertThat(second.texts).isEmpty();
		first.application.container("shared").stop();
		eventually(() -> assertThat(second.partitions()).containsExactly(0, 1, 2));
		publish(second, 5, 10);
		eventually(() -> assertThat(second.texts).containsExactlyInAnyOrder(expected(5, 10)));
		assertThat(first.texts).containsExactlyInAnyOrder(expected(0, 5));
	}

	@Test
	void waitsForAStreamThatDoesNotExistYet() {
		Member early = member("a");
		eventually(() -> assertThat(early.application.container("shared").partitions()).singleElement()
			.satisfies((status) -> {
				assertThat(status.state()).isEqualTo(PartitionState.WAITING);
				assertThat(status.lastError()).contains(this.stream);
			}));
		broker.createStream(this.stream, 1);
		early.application.awaitRunning("shared");
		publish(early, 0, 1);
		eventually(() -> assertThat(early.texts).containsExactly("0-0"));
	}

	@Test
	void refusesByNameWhatDoesNotGoWithAGroup() {
		broker.createStream(this.stream, 1);
		TestApplication app = TestApplication.on(broker.address()).start();
		this.applications.add(app);
		RecordListener listener = (message, acknowledgment) -> null;
		ContainerProperties properties = properties(app);
		properties.setCursorId("mine");
		assertThatIllegalArgumentException().isThrownBy(() -> app.factory().createContainer("x", properties, listener))
			.withMessageContainingAll("'x'", "cursorId = 'mine'", "group = '" + this.stream + "'");
		properties.setCursorId(null);
		properties.setPartitions(PartitionSelection.of(0));
		assertThatIllegalArgumentException().isThrownBy(() -> app.factory().createContainer("x", properties, listener))
			.withMessageContaining("partitions = [0]");
		properties.setPartitions(PartitionSelection.all());
		properties.setGroup(null);
		properties.setLeaderOnly(true);
		assertThatIllegalArgumentException().isThrownBy(() -> app.factory().createContainer("x", properties, listener))
			.withMessageContaining("leaderOnly");
	}

	@Test
	void goesToAnotherPlaceInAPartitionOfTheGroup() {
		broker.createStream(this.stream, 1);
		Member member = member("a");
		publish(member, 0, 5);
		eventually(() -> assertThat(member.texts).hasSize(5));
		member.texts.clear();
		member.application.container("shared").seek(this.stream, 0, SeekTo.offset(3)).join();
		eventually(() -> assertThat(member.texts).containsExactly("0-3", "0-4"));
		member.texts.clear();
		member.application.container("shared").seek(SeekTo.earliest()).join();
		eventually(() -> assertThat(member.texts).containsExactly("0-0", "0-1", "0-2", "0-3", "0-4"));
		member.texts.clear();
		member.application.container("shared").seek(SeekTo.relative(-2)).join();
		eventually(() -> assertThat(member.texts).containsExactly("0-3", "0-4"));
		eventually(() -> assertThat(member.application.cursor("__group:" + this.stream, this.stream, 0)).isEqualTo(4));
	}

	@Test
	void aPausedMemberKeepsItsPartitions() {
		broker.createStream(this.stream, 2);
		Member member = member("a");
		eventually(() -> assertThat(member.partitions()).hasSize(2));
		ListenerContainer container = member.application.container("shared");
		container.pause();
		eventually(() -> assertThat(container.partitions())
			.allSatisfy((status) -> assertThat(status.state()).isEqualTo(PartitionState.PAUSED)));
		publish(member, 0, 3);
		// Another member's coming and going does not wake it.
		Member other = member("b");
		eventually(() -> assertThat(other.texts).hasSize(3));
		assertThat(member.texts).isEmpty();
		container.resume();
		eventually(() -> assertThat(member.texts).hasSize(3));
	}

	private Member member(String memberId) {
		return member(memberId, (application) -> {
		}, (properties) -> {
		}, null);
	}

	private Member member(String memberId, Consumer<TestApplication.Builder> application,
			Consumer<ContainerProperties> options, RecordListener listener) {
		TestApplication.Builder builder = TestApplication.on(broker.address());
		application.accept(builder);
		TestApplication app = builder.start();
		this.applications.add(app);
		Member member = new Member(app);
		ContainerProperties properties = properties(app);
		properties.setMemberId(memberId);
		options.accept(properties);
		app.registry()
			.register(app.factory()
				.createContainer("shared", properties, (listener != null) ? listener : member.collecting()));
		return member;
	}

	private ContainerProperties properties(TestApplication app) {
		ContainerProperties properties = new ContainerProperties(app.factory().getContainerProperties());
		properties.setStreams(List.of(this.stream));
		properties.setGroup(this.stream);
		properties.setConcurrency(4);
		return properties;
	}

	/** Publishes some messages to each partition. */
	private void publish(Member member, int from, int to) {
		int partitions = member.application.client().streams().describe(this.stream).partitions().size();
		for (int i = from; i < to; i++) {
			for (int partition = 0; partition < partitions; partition++) {
				member.application.template()
					.newMessage(partition + "-" + i)
					.stream(this.stream)
					.partition(partition)
					.send()
					.join();
			}
		}
	}

	private String[] expected(int from, int to) {
		int partitions = this.applications.element().client().streams().describe(this.stream).partitions().size();
		return IntStream.range(from, to)
			.boxed()
			.flatMap((i) -> IntStream.range(0, partitions).mapToObj((partition) -> partition + "-" + i))
			.toArray(String[]::new);
	}

	private static List<String> union(Member... members) {
		return Stream.of(members).flatMap((member) -> member.texts.stream()).toList();
	}

	/** One instance of an application. */
	private static final class Member {

		final Queue<String> texts = new ConcurrentLinkedQueue<>();

		final TestApplication application;

		Member(TestApplication application) {
			this.application = application;
		}

		RecordListener collecting() {
			return (message, acknowledgment) -> {
				this.texts.add(message.text());
				return null;
			};
		}

		List<Integer> partitions() {
			return this.application.container("shared").partitions().stream().map(PartitionStatus::partition).toList();
		}

	}

	static class Events {

		final Queue<String> seen = new ConcurrentLinkedQueue<>();

		@EventListener
		void on(ListenerPartitionsAssignedEvent event) {
			this.seen.add("assigned " + event.getPartitions());
		}

		@EventListener
		void on(ListenerPartitionsRevokedEvent event) {
			this.seen.add("revoked " + event.getPartitions());
		}

	}

}
