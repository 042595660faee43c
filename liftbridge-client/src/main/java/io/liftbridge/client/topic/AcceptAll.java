package io.liftbridge.client.topic;

/**
 * Refuses nothing.
 */
final class AcceptAll implements EventValidator<Object>, Named {

	static final Part PART = Part.of("accept-all");

	static final AcceptAll INSTANCE = new AcceptAll();

	private AcceptAll() {
	}

	@Override
	public void validate(Object event) {
		// Whatever it is.
	}

	@Override
	public Part part() {
		return PART;
	}

}
