package io.liftbridge.embedded.stream;

import java.nio.charset.StandardCharsets;
import java.util.Set;

import io.grpc.Status;
import io.liftbridge.proto.CreateStreamRequest;

/**
 * What a stream may be called and be like.
 */
final class StreamRules {

	static final String CURSORS = "__cursors";

	static final String ACTIVITY = "__activity";

	private static final Set<String> RESERVED = Set.of(CURSORS, ACTIVITY);

	private static final int MAX_NAME_BYTES = 255;

	private static final int MAX_PARTITIONS = 10_000;

	private static final String CRASH = "; a real broker would crash on it";

	private StreamRules() {
	}

	static boolean isReserved(String name) {
		return RESERVED.contains(name);
	}

	/**
	 * What every broker checks before it asks the metadata leader.
	 */
	static void checkRequest(CreateStreamRequest request) {
		if (request.getName().isEmpty()) {
			throw RefusedException.invalid("Name cannot be empty");
		}
		if (!Subject.isValid(request.getSubject())) {
			throw RefusedException.invalid("Subject is invalid");
		}
		if (isReserved(request.getName())) {
			throw RefusedException.invalid("Stream is reserved");
		}
		refuseIf(request.getPartitions() < 0, "Number of partitions " + request.getPartitions() + " is negative");
		if (request.getEncryption().getValue()) {
			throw new RefusedException(Status.FAILED_PRECONDITION
				.withDescription("Failed on preconditions for stream's encryption handler: "
						+ "kwp: invalid AES key size; want 16 or 32, got 0"));
		}
	}

	/**
	 * What the metadata leader checks.
	 */
	static void checkReplication(int replicationFactor) {
		if (replicationFactor > Cluster.SIZE) {
			throw RefusedException
				.invalid("Invalid replicationFactor " + replicationFactor + ", cluster size " + Cluster.SIZE);
		}
		if (replicationFactor < -1) {
			throw RefusedException.invalid("Invalid replicationFactor " + replicationFactor);
		}
	}

	/**
	 * Refuses what a real broker accepts and then dies of, at once or at its next
	 * restart.
	 */
	static void refuseWhatCrashes(CreateStreamRequest request) {
		String name = request.getName();
		String quoted = "Name '" + name + "'";
		refuseIf(Subject.hasWhitespace(name), quoted + " contains white space");
		refuseIf(Subject.hasEmptyToken(name), quoted + " starts or ends with a dot or has two in a row");
		refuseIf(name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES,
				"Name is longer than " + MAX_NAME_BYTES + " bytes");
		refuseIf(hasToken(name, ">"), quoted + " has the token '>'");
		refuseIf(Subject.hasWhitespace(request.getGroup()), "Group '" + request.getGroup() + "' contains white space");
		String subject = request.getSubject();
		String[] tokens = Subject.tokens(subject);
		for (int i = 0; i < tokens.length - 1; i++) {
			refuseIf(">".equals(tokens[i]), "Subject '" + subject + "' has '>' before its end");
		}
		refuseIf(hasToken(subject, ">") && request.getPartitions() > 1,
				"Subject '" + subject + "' ends with '>' and has more than one partition");
		if (request.getPartitions() > MAX_PARTITIONS) {
			throw RefusedException.invalid("More than " + MAX_PARTITIONS + " partitions are too many for one broker");
		}
		refuseIf(request.getCleanerInterval().getValue() < 0, "Negative cleanerInterval");
		refuseIf(request.getSegmentMaxBytes().getValue() < 0, "Negative segmentMaxBytes");
	}

	private static boolean hasToken(String subject, String wanted) {
		for (String token : Subject.tokens(subject)) {
			if (token.equals(wanted)) {
				return true;
			}
		}
		return false;
	}

	private static void refuseIf(boolean condition, String reason) {
		if (condition) {
			throw RefusedException.invalid(reason + CRASH);
		}
	}

}
