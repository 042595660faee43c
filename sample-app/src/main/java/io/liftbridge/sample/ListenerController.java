package io.liftbridge.sample;

import io.liftbridge.spring.listener.LiftbridgeListenerEndpointRegistry;
import io.liftbridge.spring.listener.ListenerContainer;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * Lets a listener wait, and go on where it was. What arrives meanwhile stays in the
 * stream.
 */
@RestController
@RequestMapping("/api/listeners/{id}")
class ListenerController {

	private final LiftbridgeListenerEndpointRegistry listeners;

	ListenerController(LiftbridgeListenerEndpointRegistry listeners) {
		this.listeners = listeners;
	}

	@PostMapping("/pause")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void pause(@PathVariable String id) {
		container(id).pause();
	}

	@PostMapping("/resume")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void resume(@PathVariable String id) {
		container(id).resume();
	}

	private ListenerContainer container(String id) {
		ListenerContainer container = this.listeners.container(id);
		if (container == null) {
			throw new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no listener '" + id + "'.");
		}
		return container;
	}

}
