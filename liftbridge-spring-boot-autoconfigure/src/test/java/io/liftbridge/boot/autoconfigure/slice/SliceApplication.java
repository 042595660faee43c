package io.liftbridge.boot.autoconfigure.slice;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * An application of which a slice is tested.
 */
@SpringBootApplication
class SliceApplication {

}
