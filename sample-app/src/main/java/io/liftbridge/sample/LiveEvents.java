package io.liftbridge.sample;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Hands events to the open pages. Each page has a queue and a thread of its own, so that
 * a slow one delays nobody; one that falls too far behind is let go and connects again.
 */
@Component
class LiveEvents {

	private static final int CAPACITY = 5_000;

	private static final int MAX_PAGES = 50;

	private static final long SILENCE_SECONDS = 30;

	private static final Event END = new Event("end", "");

	private final Set<Page> pages = ConcurrentHashMap.newKeySet();

	private final SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor("page-");

	LiveEvents() {
		this.executor.setConcurrencyLimit(MAX_PAGES);
		this.executor.setRejectTasksWhenLimitReached(true);
	}

	SseEmitter connect(Object snapshot) {
		Page page = new Page(new SseEmitter(0L), new LinkedBlockingQueue<>(CAPACITY));
		page.queue.add(new Event("snapshot", snapshot));
		this.executor.execute(() -> serve(page));
		this.pages.add(page);
		return page.emitter;
	}

	boolean isWatched() {
		return !this.pages.isEmpty();
	}

	void publish(String name, Object data) {
		Event event = new Event(name, data);
		this.pages.removeIf((page) -> !page.queue.offer(event));
	}

	@EventListener(ContextClosedEvent.class)
	void close() {
		this.pages.forEach((page) -> page.queue.clear());
		publish(END.name(), END.data());
	}

	private void serve(Page page) {
		try {
			Event event = page.queue.take();
			while (event != null && !event.equals(END)) {
				page.emitter.send(SseEmitter.event().name(event.name()).data(event.data(), MediaType.APPLICATION_JSON));
				event = page.queue.poll(SILENCE_SECONDS, TimeUnit.SECONDS);
			}
		}
		catch (IOException | IllegalStateException ex) {
			// The page is gone.
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			this.pages.remove(page);
			page.emitter.complete();
		}
	}

	private record Event(String name, Object data) {
	}

	private record Page(SseEmitter emitter, LinkedBlockingQueue<Event> queue) {
	}

}
