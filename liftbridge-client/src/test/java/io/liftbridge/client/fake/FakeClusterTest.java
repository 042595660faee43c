package io.liftbridge.client.fake;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.LiftbridgeClientBuilder;
import io.liftbridge.client.message.LiftbridgeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * A test with one scripted broker, stream "orders" with one partition, and a client.
 */
public abstract class FakeClusterTest {

	/** Long enough for anything that happens at all. */
	protected static final Duration LONG = Duration.ofSeconds(20);

	protected FakeCluster cluster;

	protected FakeBroker broker;

	protected FakePartition orders;

	protected LiftbridgeClient client;

	@BeforeEach
	void startCluster() {
		this.cluster = new FakeCluster(1);
		this.broker = this.cluster.broker(1);
		this.orders = this.cluster.stream("orders");
		this.client = builder().build();
	}

	@AfterEach
	void stopCluster() {
		this.client.close(Duration.ZERO);
		this.cluster.close();
	}

	/**
	 * A client of the cluster.
	 * @return its builder
	 */
	protected LiftbridgeClientBuilder builder() {
		return LiftbridgeClient.builder().seeds(this.cluster.seeds()).connectTimeout(Duration.ofSeconds(5));
	}

	/**
	 * Replaces the client.
	 * @param builder the new one
	 */
	protected void client(LiftbridgeClientBuilder builder) {
		this.client.close(Duration.ZERO);
		this.client = builder.build();
	}

	/**
	 * Waits for a result.
	 * @param future the result
	 * @param <T> its type
	 * @return the result
	 */
	protected static <T> T get(CompletableFuture<T> future) {
		try {
			return future.get(LONG.toSeconds(), TimeUnit.SECONDS);
		}
		catch (InterruptedException | ExecutionException | TimeoutException ex) {
			throw new AssertionError("No result: " + ex, ex);
		}
	}

	/**
	 * Waits for a failure.
	 * @param future what is to fail
	 * @return the client's exception
	 */
	protected static LiftbridgeException failure(CompletableFuture<?> future) {
		try {
			Object result = future.get(LONG.toSeconds(), TimeUnit.SECONDS);
			throw new AssertionError("Expected a failure, but there was a result: " + result);
		}
		catch (ExecutionException | CompletionException ex) {
			if (ex.getCause() instanceof LiftbridgeException failure) {
				return failure;
			}
			throw new AssertionError("Expected another failure", ex);
		}
		catch (InterruptedException | TimeoutException ex) {
			throw new AssertionError("No outcome", ex);
		}
	}

	/**
	 * Waits for results.
	 * @param futures the results
	 * @param <T> their type
	 * @return the results
	 */
	protected static <T> List<T> getAll(List<CompletableFuture<T>> futures) {
		return futures.stream().map(FakeClusterTest::get).toList();
	}

}
