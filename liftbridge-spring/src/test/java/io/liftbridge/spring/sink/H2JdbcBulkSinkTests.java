package io.liftbridge.spring.sink;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

import org.h2.tools.Server;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class H2JdbcBulkSinkTests extends JdbcBulkSinkContract {

	@TempDir
	static Path directory;

	private static Server server;

	private static int port;

	@BeforeAll
	static void startServer() throws SQLException {
		server = Server.createTcpServer("-tcpPort", Integer.toString(port), "-baseDir", directory.toString(),
				"-ifNotExists");
		server.start();
		port = server.getPort();
	}

	@AfterAll
	static void stopServer() {
		server.stop();
		port = 0;
	}

	@Override
	String url() {
		return "jdbc:h2:tcp://127.0.0.1:" + port + "/./items;DB_CLOSE_DELAY=-1;WRITE_DELAY=0";
	}

	@Override
	void crash() throws SQLException {
		try (Connection connection = SinkProcess.dataSource(url()).getConnection();
				Statement statement = connection.createStatement()) {
			statement.execute("SHUTDOWN IMMEDIATELY");
		}
		catch (SQLException ex) {
			// It is gone before it answers.
		}
		server.stop();
	}

	@Override
	void restart() throws SQLException {
		startServer();
	}

}
