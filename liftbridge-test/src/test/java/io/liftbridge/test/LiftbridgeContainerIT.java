package io.liftbridge.test;

import java.util.Optional;

import com.github.dockerjava.api.exception.NotFoundException;
import io.liftbridge.client.stream.StreamSpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.utility.DockerImageName;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Against an image that is there: nothing is pulled for it. {@code LIFTBRIDGE_IMAGE}
 * names another one.
 */
class LiftbridgeContainerIT {

	private static final String IMAGE = Optional.ofNullable(System.getenv("LIFTBRIDGE_IMAGE"))
		.orElse("liftbridge/liftbridge:local");

	@BeforeEach
	void needsDockerAndTheImage() {
		assumeTrue(LiftbridgeContainer.isAvailable(), LiftbridgeContainer::unavailableReason);
		assumeTrue(isPresent(IMAGE), () -> "There is no image " + IMAGE + ": build it, or set LIFTBRIDGE_IMAGE");
	}

	@Test
	void isReachedWhereItAdvertisesItself() {
		DockerImageName image = DockerImageName.parse(IMAGE).asCompatibleSubstituteFor(LiftbridgeContainer.IMAGE);
		try (LiftbridgeContainer container = new LiftbridgeContainer(image)) {
			container.start();
			try (LiftbridgeTestTemplate liftbridge = LiftbridgeTestTemplate.connect(container.address())) {
				liftbridge.client().streams().create(StreamSpec.named("orders").partitions(2));
				liftbridge.send("orders", "k1", "five");
				assertThat(liftbridge.messages("orders")).hasSize(1).first().hasKey("k1").hasText("five");
				assertThat(liftbridge.client().brokers()).singleElement()
					.satisfies((broker) -> assertThat(broker.address()).hasToString(container.address()));
				liftbridge.client().cursors().set("billing", "orders", 0, 0);
				assertThat(liftbridge.client().cursors().get("billing", "orders", 0)).isZero();
			}
		}
	}

	private static boolean isPresent(String image) {
		try {
			DockerClientFactory.instance().client().inspectImageCmd(image).exec();
			return true;
		}
		catch (NotFoundException ex) {
			return false;
		}
	}

}
