package io.liftbridge.spring.sink;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

import javax.sql.DataSource;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.spring.core.DefaultProducerFactory;
import io.liftbridge.spring.listener.LiftbridgeListenerContainerFactory;
import org.h2.jdbcx.JdbcDataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A sink in a process of its own, to be killed.
 */
final class SinkProcess {

	private SinkProcess() {
	}

	static Process start(String broker, String stream, String url) throws IOException {
		return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx200m",
				"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
				SinkProcess.class.getName(), broker, stream, url)
			.redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.DISCARD)
			.start();
	}

	static DataSource dataSource(String url) {
		if (url.startsWith("jdbc:h2:")) {
			JdbcDataSource source = new JdbcDataSource();
			source.setURL(url);
			return source;
		}
		PGSimpleDataSource source = new PGSimpleDataSource();
		source.setUrl(url);
		return source;
	}

	public static void main(String[] args) throws InterruptedException {
		LiftbridgeClient client = LiftbridgeClient.builder().seeds(args[0]).build();
		LiftbridgeListenerContainerFactory factory = new LiftbridgeListenerContainerFactory(client,
				new DefaultProducerFactory(client));
		factory.getContainerProperties().setStartPosition(StartPosition::earliest);
		SinkProperties properties = new SinkProperties();
		properties.setBatchSize(20);
		properties.setWaitTime(Duration.ofMillis(5));
		properties.setWorkers(2);
		JdbcBulkSink.builder("crash", client, factory, dataSource(args[2]))
			.as(JdbcBulkSinkContract.Item.class)
			.streams(args[1])
			.properties(properties)
			.row("INSERT INTO item (stream, part, pos, idx, number, text) VALUES (?, ?, ?, ?, ?, ?)",
					JdbcBulkSinkContract::bind)
			.build()
			.start();
		new CountDownLatch(1).await();
	}

}
