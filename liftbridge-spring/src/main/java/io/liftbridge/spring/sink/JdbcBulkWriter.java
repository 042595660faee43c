package io.liftbridge.spring.sink;

import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import javax.sql.DataSource;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.support.PayloadConversionException;
import io.liftbridge.spring.support.PayloadConverters;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;

/**
 * Writes rows and positions in one transaction.
 *
 * @param <T> type of the payloads
 */
final class JdbcBulkWriter<T> implements BulkWriter {

	private final LiftbridgeClient client;

	private final DataSource dataSource;

	private final JdbcDialect dialect;

	private final OffsetTable offsets;

	private final String sink;

	private final String sql;

	private final RowBinder<T> binder;

	private final PayloadConverters converters;

	private final ResolvableType type;

	private final ConcurrentMap<String, Claim> claims = new ConcurrentHashMap<>();

	private final ReentrantLock creation = new ReentrantLock();

	private boolean created;

	JdbcBulkWriter(JdbcBulkSink.Builder<T> builder, JdbcDialect dialect) {
		this.client = builder.client;
		this.dataSource = builder.dataSource;
		this.dialect = dialect;
		this.sink = builder.id;
		this.offsets = new OffsetTable(builder.offsetTable, dialect, builder.id);
		this.sql = builder.sql;
		this.binder = builder.binder;
		this.converters = builder.converters;
		this.type = builder.type;
	}

	@Override
	public boolean storesPositions() {
		return true;
	}

	@Override
	public boolean isPoison(Throwable failure) {
		return failure instanceof RowRefusedException;
	}

	@Override
	public @Nullable StartPosition start(String stream, int partition, Supplier<StartPosition> configured) {
		String identity = identity(stream);
		Claim claim = new Claim(UUID.randomUUID().toString());
		try {
			createTable();
			StartPosition start = transaction(
					(connection) -> claim(connection, stream, partition, identity, claim, configured));
			this.claims.put(stream + "/" + partition, claim);
			return start;
		}
		catch (SQLException ex) {
			throw new IllegalStateException("Sink '" + this.sink + "' cannot read its position in " + stream + "/"
					+ partition + " from the database: " + ex.getMessage(), ex);
		}
	}

	private void createTable() throws SQLException {
		this.creation.lock();
		try {
			if (!this.created) {
				transaction((connection) -> {
					this.offsets.create(connection);
					return true;
				});
				this.created = true;
			}
		}
		finally {
			this.creation.unlock();
		}
	}

	private StartPosition claim(Connection connection, String stream, int partition, String identity, Claim claim,
			Supplier<StartPosition> configured) throws SQLException {
		OffsetTable.Row stored = this.offsets.lock(connection, stream, partition);
		claim.created = identity;
		claim.place = (stored == null) ? Place.NOWHERE
				: stored.created().equals(identity) ? stored.place() : Place.before(0);
		StartPosition start = claim.place.start();
		if (start == null) {
			start = configured.get();
			// A crash before the first batch must not skip anything.
			claim.place = Place.begin(start);
		}
		OffsetTable.Row taken = new OffsetTable.Row(claim.place, identity, claim.owner);
		if (stored == null) {
			this.offsets.insert(connection, stream, partition, taken);
		}
		else {
			this.offsets.update(connection, stream, partition, taken);
		}
		return start;
	}

	private String identity(String stream) {
		return this.client.streams().describe(stream).createdAt().toString();
	}

	@Override
	public void write(SinkBatch batch) throws Exception {
		Claim claim = this.claims.get(batch.stream() + "/" + batch.partition());
		if (claim == null) {
			throw new IllegalStateException("Sink '" + this.sink + "' has not taken over " + batch.stream() + "/"
					+ batch.partition() + " yet.");
		}
		List<ReceivedMessage<byte[]>> messages = claim.fresh(batch.messages());
		if (claim.covers(batch.last())) {
			return;
		}
		if (!claim.place.isBefore(messages.isEmpty() ? batch.last() : messages.get(0))) {
			// Offsets begin anew: the stream may be another one by now.
			claim.created = identity(batch.stream());
		}
		int skipped = batch.messages().size() - messages.size();
		Place target = Place.of(batch.last());
		OffsetTable.Row row = new OffsetTable.Row(target, claim.created, claim.owner);
		transaction((connection) -> {
			// First, so that nothing is written a second time if the answer to a commit
			// was lost, and nobody else writes meanwhile.
			if (this.offsets.advance(connection, batch.stream(), batch.partition(), claim.place, row)) {
				insert(connection, messages, skipped);
			}
			else {
				check(this.offsets.lock(connection, batch.stream(), batch.partition()), row, batch);
			}
			return target;
		});
		claim.place = target;
		claim.begun = true;
	}

	/** The row was not as it was left. */
	private void check(OffsetTable.@Nullable Row found, OffsetTable.Row wanted, SinkBatch batch) {
		if (wanted.equals(found)) {
			return;
		}
		String where = batch.stream() + "/" + batch.partition();
		if (found == null || found.owner().equals(wanted.owner())) {
			throw new SinkFencedException("the position of sink '" + this.sink + "' in " + where + " is "
					+ ((found != null) ? "offset " + found.place().offset() : "missing") + " in the database, which is"
					+ " not what the sink has stored. It goes on from there after its next start.");
		}
		throw new SinkFencedException(
				"another sink '" + this.sink + "' writes " + where + ", now at offset " + found.place().offset()
						+ ". Only one may run for each id, unless all of them are members of one group: stop one"
						+ " of them, or give it another id.");
	}

	private void insert(Connection connection, List<ReceivedMessage<byte[]>> messages, int skipped)
			throws SQLException {
		if (messages.isEmpty()) {
			return;
		}
		try (PreparedStatement statement = connection.prepareStatement(this.sql)) {
			int index = skipped;
			for (ReceivedMessage<byte[]> message : messages) {
				bind(statement, convert(message, index), index);
				statement.addBatch();
				index++;
			}
			execute(statement);
		}
	}

	@SuppressWarnings("unchecked")
	private ReceivedMessage<T> convert(ReceivedMessage<byte[]> message, int index) {
		try {
			Object payload = this.converters.read(message, this.type);
			return (ReceivedMessage<T>) ((payload != message.value()) ? message.withValue(payload) : message);
		}
		catch (PayloadConversionException ex) {
			throw new PoisonMessageException(index, ex);
		}
	}

	private void execute(PreparedStatement statement) throws SQLException {
		try {
			statement.executeBatch();
		}
		catch (SQLException ex) {
			if (this.dialect.isPoison(ex)) {
				throw new RowRefusedException(reason(ex));
			}
			throw reason(ex);
		}
	}

	/** Drivers quote the whole row before they tell what is wrong with it. */
	private static SQLException reason(SQLException failure) {
		SQLException next = failure.getNextException();
		return (failure instanceof BatchUpdateException && next != null) ? next : failure;
	}

	private void bind(PreparedStatement statement, ReceivedMessage<T> row, int index) throws SQLException {
		try {
			this.binder.bind(statement, row);
		}
		catch (SQLException ex) {
			if (statement.getConnection().isValid(1)) {
				throw new PoisonMessageException(index, new RowRefusedException(ex));
			}
			throw ex;
		}
		catch (RuntimeException ex) {
			throw new PoisonMessageException(index, ex);
		}
	}

	private <R> R transaction(Work<R> work) throws SQLException {
		try (Connection connection = this.dataSource.getConnection()) {
			boolean autoCommit = connection.getAutoCommit();
			connection.setAutoCommit(false);
			try {
				R result = work.in(connection);
				connection.commit();
				return result;
			}
			catch (SQLException | RuntimeException | Error ex) {
				try {
					connection.rollback();
				}
				catch (SQLException rollback) {
					ex.addSuppressed(rollback);
				}
				throw ex;
			}
			finally {
				if (!connection.isClosed()) {
					connection.setAutoCommit(autoCommit);
				}
			}
		}
	}

	/**
	 * What is done in a transaction.
	 *
	 * @param <R> type of the result
	 */
	private interface Work<R> {

		R in(Connection connection) throws SQLException;

	}

	/** A partition that was taken over, and how far it is written. Used by one worker. */
	private static final class Claim {

		private final String owner;

		private volatile String created = "";

		private volatile Place place = Place.NOWHERE;

		/** What was written before the start may come again only in the beginning. */
		private volatile boolean begun;

		Claim(String owner) {
			this.owner = owner;
		}

		boolean covers(ReceivedMessage<?> message) {
			return !this.begun && this.place.covers(message);
		}

		List<ReceivedMessage<byte[]>> fresh(List<ReceivedMessage<byte[]>> messages) {
			int first = 0;
			while (first < messages.size() && covers(messages.get(first))) {
				first++;
			}
			return messages.subList(first, messages.size());
		}

	}

}
