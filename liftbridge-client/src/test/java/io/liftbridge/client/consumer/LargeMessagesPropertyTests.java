package io.liftbridge.client.consumer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import com.google.protobuf.ByteString;
import io.liftbridge.client.entry.EntryHeaders;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.proto.Message;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * However chunks are mixed with each other and with other messages, each message is
 * delivered once, whole, and never skipped by a position.
 */
class LargeMessagesPropertyTests {

	@Property(tries = 300)
	void eachMessageIsDeliveredOnceAndNoPositionSkipsIt(@ForAll @IntRange(min = 1, max = 5) int producers,
			@ForAll @IntRange(min = 1, max = 6) int most, @ForAll long seed) {
		Random random = new Random(seed);
		Map<String, Integer> counts = new HashMap<>();
		List<List<Integer>> rest = new ArrayList<>();
		for (int i = 0; i < producers; i++) {
			int count = 1 + random.nextInt(most);
			counts.put("p" + i, count);
			rest.add(order(count, random));
		}
		List<Message> log = new ArrayList<>();
		Map<String, Long> firsts = new HashMap<>();
		while (!rest.stream().allMatch(List::isEmpty)) {
			int producer = random.nextInt(producers + 1);
			if (producer == producers) {
				log.add(Chunks.wire(log.size()).setTimestamp(1).setValue(ByteString.copyFromUtf8("plain")).build());
			}
			else if (!rest.get(producer).isEmpty()) {
				String id = "p" + producer;
				int index = rest.get(producer).remove(0);
				firsts.putIfAbsent(id, (long) log.size());
				log.add(Chunks.chunk(log.size(), id, index, counts.get(id), id + "." + index + ";")
					.setTimestamp(1)
					.build());
			}
		}
		Chunks chunks = new Chunks();
		Delivery delivery = chunks.each();
		List<String> undelivered = new ArrayList<>(counts.keySet());
		for (Message next : log) {
			chunks.messages.clear();
			chunks.run(delivery, next);
			chunks.messages.forEach((message) -> {
				String text = message.text();
				if (!text.equals("plain")) {
					String id = text.substring(0, text.indexOf('.'));
					assertThat(undelivered.remove(id)).isTrue();
					assertThat(text).isEqualTo(whole(id, counts.get(id)));
					assertThat(message.offset()).isEqualTo(next.getOffset());
					assertThat(message.resumeOffset()).isLessThanOrEqualTo(firsts.get(id));
				}
			});
			long lowest = undelivered.stream()
				.mapToLong(firsts::get)
				.filter((first) -> first <= next.getOffset())
				.min()
				.orElse(Long.MAX_VALUE);
			assertThat(delivery.lastProcessed()).isLessThan(lowest);
			chunks.messages.stream()
				.map(ReceivedMessage::processedOffset)
				.forEach((processed) -> assertThat(processed).isLessThan(lowest));
		}
		assertThat(undelivered).isEmpty();
		assertThat(chunks.malformed).isEmpty();
		assertThat(chunks.consumed).isEqualTo(log.size());
		assertThat(delivery.lastProcessed()).isEqualTo(log.size() - 1L);
	}

	/** In order mostly, some again, some late. */
	private static List<Integer> order(int count, Random random) {
		List<Integer> order = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			order.add(i);
		}
		if (random.nextInt(4) == 0) {
			order.add(order.remove(random.nextInt(count)));
		}
		if (random.nextBoolean()) {
			order.addAll(new ArrayList<>(order.subList(random.nextInt(count), count)));
		}
		return order;
	}

	private static String whole(String id, int count) {
		StringBuilder text = new StringBuilder();
		for (int i = 0; i < count; i++) {
			text.append(id).append('.').append(i).append(';');
		}
		return text.toString();
	}

	@Property
	void anyHeaderIsTakenWithoutEndingTheSubscription(@ForAll @Size(max = 5) List<byte[]> headers) {
		Chunks chunks = new Chunks();
		Delivery delivery = chunks.each();
		for (int i = 0; i < headers.size(); i++) {
			chunks.run(delivery,
					Chunks.wire(i).putHeaders(EntryHeaders.CHUNK, ByteString.copyFrom(headers.get(i))).build());
		}
		chunks.run(delivery, Chunks.plain(headers.size()));
		assertThat(chunks.seen.get(chunks.seen.size() - 1)).endsWith("plain");
		assertThat(chunks.finished).isEmpty();
	}

}
