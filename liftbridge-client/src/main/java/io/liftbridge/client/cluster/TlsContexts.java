package io.liftbridge.client.cluster;

import javax.net.ssl.SSLException;

import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.liftbridge.client.message.InvalidRequestException;

/**
 * What TLS options mean to Netty.
 */
final class TlsContexts {

	private TlsContexts() {
	}

	static SslContext of(TlsOptions tls) {
		try {
			SslContextBuilder builder = GrpcSslContexts.forClient();
			if (tls.trust() != null) {
				builder.trustManager(tls.trust());
			}
			if (tls.keys() != null) {
				builder.keyManager(tls.keys());
			}
			if (!tls.ciphers().isEmpty()) {
				builder.ciphers(tls.ciphers());
			}
			if (!tls.protocols().isEmpty()) {
				builder.protocols(tls.protocols());
			}
			return builder.build();
		}
		catch (SSLException | IllegalArgumentException ex) {
			throw new InvalidRequestException("TLS cannot be set up: " + ex.getMessage(), ex);
		}
	}

}
