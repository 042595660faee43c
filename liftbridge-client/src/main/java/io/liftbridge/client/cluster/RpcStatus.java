package io.liftbridge.client.cluster;

import java.security.cert.CertificateException;
import java.util.regex.Pattern;

import javax.net.ssl.SSLException;

import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.handler.ssl.NotSslRecordException;
import org.jspecify.annotations.Nullable;

/**
 * How a call to a broker ended, as the broker said it. For use inside the client.
 *
 * @param code the gRPC status code
 * @param text the server's words
 * @param broker whom was asked
 */
public record RpcStatus(Code code, String text, String broker) {

	/**
	 * What a server says that misses a certificate, or does not trust the one it got, in
	 * the words of the JDK's TLS and of BoringSSL.
	 */
	private static final Pattern CERTIFICATE_ALERT = Pattern.compile("alert.*(certificate|unknown.ca)",
			Pattern.CASE_INSENSITIVE);

	static RpcStatus of(Status status, String broker) {
		if (status.getCode() == Status.Code.CANCELLED && status.getCause() != null) {
			// gRPC says that the client has ended the call, as it has, but not for its
			// own sake; trying again changes nothing.
			String why = reason(status.getCause());
			return new RpcStatus(Code.INTERNAL,
					"an answer that cannot be read: " + (why.isEmpty() ? status.getCause() : why), broker);
		}
		String text = (status.getDescription() != null) ? status.getDescription() : "";
		if ((status.getCode() == Status.Code.CANCELLED || status.getCode() == Status.Code.RESOURCE_EXHAUSTED)
				&& text.contains("HTTP/2 error code")) {
			// The connection was ended rather than the call, as by a server that stops,
			// or one that has counted too many pings.
			return new RpcStatus(Code.UNAVAILABLE, text, broker);
		}
		if (status.getCode() == Status.Code.UNAVAILABLE) {
			// What follows the first line tells of gRPC's inside.
			text = text.lines().findFirst().orElse("");
			String cause = reason(status.getCause());
			if (!cause.isEmpty() && (text.equals("io exception") || text.equals("ssl exception"))) {
				text = "";
			}
			text = (text.isEmpty() || cause.isEmpty()) ? text + cause : text + ": " + cause;
		}
		return new RpcStatus(Code.valueOf(status.getCode().name()), text, broker);
	}

	/** The innermost cause says it best. */
	private static String reason(@Nullable Throwable failure) {
		String message = "";
		String kind = "";
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause.getMessage() != null && !cause.getMessage().isBlank()) {
				message = cause.getMessage().lines().findFirst().orElse("");
			}
			if (cause instanceof CertificateException) {
				kind = "the server's certificate is not accepted: ";
			}
			else if (cause instanceof NotSslRecordException) {
				return "the broker does not speak TLS, but this client does: remove liftbridge.ssl.enabled=true and"
						+ " liftbridge.ssl.bundle (TlsOptions), or let the broker encrypt";
			}
			else if (cause instanceof SSLException && kind.isEmpty()) {
				kind = "TLS failed: ";
			}
		}
		if (kind.startsWith("TLS") && CERTIFICATE_ALERT.matcher(message).find()) {
			kind = "the server wants a certificate that it trusts from this client, set LiftbridgeClientBuilder.tls"
					+ " (liftbridge.ssl.bundle): ";
		}
		if (message.contains("unable to find valid certification path")) {
			message += "; trust its authority, with LiftbridgeClientBuilder.tls(TlsOptions.files().trustPem(...))"
					+ " (liftbridge.ssl.bundle)";
		}
		return message.isEmpty() ? "" : kind + message;
	}

	/**
	 * Tells whether it is this code with words that contain a text.
	 * @param expected the code
	 * @param part what the words contain
	 * @return whether both fit
	 */
	public boolean is(Code expected, String part) {
		return this.code == expected && this.text.contains(part);
	}

	/**
	 * Tells whether another broker should have been asked.
	 * @return whether the words say so
	 */
	public boolean isNotLeader() {
		return this.code == Code.FAILED_PRECONDITION
				&& (this.text.contains("partition leader") || this.text.contains("not leader for cursors partition")
						|| this.text.contains("not the consumer group coordinator"));
	}

	/**
	 * Tells whether the server's access control refused the call. The server has no code
	 * of its own for this.
	 * @return whether the words say so
	 */
	public boolean isNotAuthorized() {
		return (this.code == Code.UNKNOWN || this.code == Code.INTERNAL || this.code == Code.PERMISSION_DENIED)
				&& (this.text.contains("is not authorized to call")
						|| this.text.contains("Failed to retrieve client ID"));
	}

	@Override
	public String toString() {
		return this.code + (this.text.isEmpty() ? "" : " \"" + this.text + "\"") + " from " + this.broker;
	}

	/**
	 * The status codes of gRPC, by their names.
	 */
	public enum Code {

		/** Ended well. */
		OK,
		/** Ended by the caller. */
		CANCELLED,
		/** Anything the server has no code for. */
		UNKNOWN,
		/** The request is wrong in itself. */
		INVALID_ARGUMENT,
		/** The deadline passed. */
		DEADLINE_EXCEEDED,
		/** No such stream, partition or group. */
		NOT_FOUND,
		/** The name is taken. */
		ALREADY_EXISTS,
		/** Refused by access control. */
		PERMISSION_DENIED,
		/** Too large, or the end of what was to be read. */
		RESOURCE_EXHAUSTED,
		/** Not leader, paused, read-only, fenced. */
		FAILED_PRECONDITION,
		/** Not used by the server. */
		ABORTED,
		/** Not used by the server. */
		OUT_OF_RANGE,
		/** The server does not know the call. */
		UNIMPLEMENTED,
		/** Transient and permanent failures inside the server. */
		INTERNAL,
		/** The connection failed. */
		UNAVAILABLE,
		/** Not used by the server. */
		DATA_LOSS,
		/** Not used by the server. */
		UNAUTHENTICATED

	}

}
