package io.liftbridge.client.cluster;

import java.io.Serial;

import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.LiftbridgeException.Outcome;

/**
 * What connections are made of is not there or cannot be had: classes of gRPC, or files
 * that the system lets a process open.
 */
final class NetworkException extends LiftbridgeException {

	@Serial
	private static final long serialVersionUID = 1;

	NetworkException(Throwable cause) {
		super("The network of the client cannot be set up: " + cause
				+ ". See that grpc-netty-shaded is there in the version of the other gRPC modules, and that the process"
				+ " may open more files.", cause, Outcome.NOT_SENT);
	}

}
