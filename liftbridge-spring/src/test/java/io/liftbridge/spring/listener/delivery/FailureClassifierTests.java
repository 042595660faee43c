package io.liftbridge.spring.listener.delivery;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.message.Headers;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.support.PayloadConversionException;
import jakarta.validation.ConstraintViolationException;
import org.junit.jupiter.api.Test;
import org.springframework.util.backoff.FixedBackOff;

import static org.assertj.core.api.Assertions.assertThat;

class FailureClassifierTests {

	private final DefaultErrorHandler handler = new DefaultErrorHandler(new FixedBackOff(10, 2), new Both());

	@Test
	void whatWouldFailAgainInTheSameWayIsNotRetried() {
		assertThat(isRetried(new PayloadConversionException("not JSON", null))).isFalse();
		assertThat(isRetried(new ClassCastException())).isFalse();
		assertThat(isRetried(new ConstraintViolationException(java.util.Set.of()))).isFalse();
		assertThat(isRetried(new NoSuchMethodException())).isFalse();
		assertThat(isRetried(new NoClassDefFoundError())).isFalse();
		assertThat(isRetried(new RuntimeException(new IllegalStateException(new ClassCastException())))).isFalse();
	}

	@Test
	void anythingElseIsRetriedErrorsToo() {
		assertThat(isRetried(new IllegalStateException())).isTrue();
		assertThat(isRetried(new OutOfMemoryError())).isTrue();
		assertThat(isRetried(new StackOverflowError())).isTrue();
		assertThat(isRetried(new AssertionError())).isTrue();
	}

	@Test
	void theClassDecidesBeforeItsSuperclassAndTheExceptionBeforeItsCause() {
		this.handler.addNotRetryable(List.of(IOException.class));
		this.handler.addRetryable(List.of(java.io.FileNotFoundException.class, UncheckedIOException.class));
		assertThat(isRetried(new IOException())).isFalse();
		assertThat(isRetried(new java.io.EOFException())).isFalse();
		assertThat(isRetried(new java.io.FileNotFoundException())).isTrue();
		assertThat(isRetried(new UncheckedIOException(new IOException()))).isTrue();
		assertThat(isRetried(new RuntimeException(new IOException()))).isFalse();
	}

	@Test
	void whatIsKnownCanBeForgottenAndTheDefaultTurnedRound() {
		this.handler.removeClassification(List.of(ClassCastException.class));
		assertThat(isRetried(new ClassCastException())).isTrue();
		this.handler.setRetryableByDefault(false);
		this.handler.addRetryable(List.of(IOException.class));
		assertThat(isRetried(new ClassCastException())).isFalse();
		assertThat(isRetried(new RuntimeException(new IOException()))).isTrue();
	}

	@Test
	void aRingOfCausesEnds() {
		RuntimeException first = new RuntimeException();
		RuntimeException second = new RuntimeException(first);
		first.initCause(second);
		assertThat(isRetried(first)).isTrue();
	}

	@Test
	void aClassHasPausesOfItsOwnEachOfWhichIsTakenOnce() {
		this.handler.setBackOff(IOException.class, new FixedBackOff(500, 1));
		ListenerFailure failure = failure(new IllegalStateException());
		assertThat(this.handler.onFailure(failure)).isEqualTo(ErrorAction.retry(Duration.ofMillis(10)));
		failure.again(failure.messages(), new RuntimeException(new IOException()));
		assertThat(this.handler.onFailure(failure)).isEqualTo(ErrorAction.retry(Duration.ofMillis(500)));
		failure.again(failure.messages(), new IllegalStateException());
		assertThat(this.handler.onFailure(failure)).isEqualTo(ErrorAction.retry(Duration.ofMillis(10)));
		failure.again(failure.messages(), new IOException());
		assertThat(this.handler.onFailure(failure)).isEqualTo(ErrorAction.recover());
	}

	@Test
	void theRecovererLearnsWhatWouldFailAgain() {
		ReceivedMessage<byte[]> message = failure(new IOException()).messages().get(0);
		assertThat(this.handler.recover(message, failure(new IllegalStateException())))
			.isCompletedWithValueMatching("recovered"::equals);
		assertThat(this.handler.recover(message, failure(new ClassCastException())))
			.isCompletedWithValueMatching("fatal"::equals);
	}

	private boolean isRetried(Throwable cause) {
		return this.handler.onFailure(failure(cause)) instanceof ErrorAction.Retry;
	}

	private static ListenerFailure failure(Throwable cause) {
		return new ListenerFailure("l",
				List.of(ReceivedMessage.of("s", 0, 0, 0, null, new byte[0], Headers.empty(), "s")), cause);
	}

	private static final class Both implements Recoverer {

		@Override
		public CompletableFuture<?> recover(ReceivedMessage<byte[]> message, ListenerFailure failure) {
			return CompletableFuture.completedFuture("recovered");
		}

		@Override
		public CompletableFuture<?> recoverFatal(ReceivedMessage<byte[]> message, ListenerFailure failure) {
			return CompletableFuture.completedFuture("fatal");
		}

	}

}
