package io.liftbridge.boot.autoconfigure.slice;

import org.springframework.stereotype.Service;

/** Has nothing to do with Liftbridge, and cannot be made in a test. */
@Service
class Unrelated {

	Unrelated() {
		throw new IllegalStateException("not to be scanned");
	}

}
