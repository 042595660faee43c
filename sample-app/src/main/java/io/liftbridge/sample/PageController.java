package io.liftbridge.sample;

import java.util.List;

import io.liftbridge.sample.ReadingHistory.Summary;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * What the page asks for.
 */
@RestController
@RequestMapping("/api")
class PageController {

	private final LivePage page;

	private final ReadingHistory history;

	PageController(LivePage page, ReadingHistory history) {
		this.page = page;
		this.history = history;
	}

	@GetMapping("/events")
	SseEmitter events() {
		return this.page.connect();
	}

	@GetMapping("/history")
	List<Summary> history() {
		return this.history.summaries();
	}

}
