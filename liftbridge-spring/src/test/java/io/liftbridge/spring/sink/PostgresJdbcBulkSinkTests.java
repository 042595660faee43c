package io.liftbridge.spring.sink;

import java.io.IOException;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIf;

@EnabledIf(value = "isThere", disabledReason = "there is no PostgreSQL: no initdb and pg_ctl")
class PostgresJdbcBulkSinkTests extends JdbcBulkSinkContract {

	private static PostgresServer server;

	static boolean isThere() {
		return PostgresServer.programs().isPresent();
	}

	@BeforeAll
	static void startServer() throws IOException, InterruptedException {
		server = PostgresServer.start();
	}

	@AfterAll
	static void stopServer() {
		if (server != null) {
			server.close();
		}
	}

	@Override
	String url() {
		return server.url();
	}

	@Override
	void crash() throws IOException, InterruptedException {
		server.crash();
	}

	@Override
	void restart() throws IOException, InterruptedException {
		server.open();
	}

}
