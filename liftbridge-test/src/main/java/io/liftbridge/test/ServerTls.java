package io.liftbridge.test;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;

import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Lets a {@link LiftbridgeServer} encrypt its connections, and if wanted ask clients for
 * certificates and allow them no more than is listed. All files are in the PEM format,
 * keys in PKCS#8 without password. Immutable.
 *
 * <pre>{@code
 * ServerTls tls = ServerTls.of(certificate, key)
 *     .clients(authorities, myCertificate, myKey)
 *     .allow("alice", "orders", "Publish", "Subscribe");
 * LiftbridgeServer server = LiftbridgeServer.builder().tls(tls).start();
 * }</pre>
 */
public final class ServerTls {

	private static final String MODEL = """
			[request_definition]
			r = sub, obj, act
			[policy_definition]
			p = sub, obj, act
			[policy_effect]
			e = some(where (p.eft == allow))
			[matchers]
			m = r.sub == p.sub && keyMatch(r.obj, p.obj) && r.act == p.act
			""";

	private final Path certificate;

	private final Path key;

	private final @Nullable Clients clients;

	private final List<String> permissions;

	private ServerTls(Path certificate, Path key, @Nullable Clients clients, List<String> permissions) {
		this.certificate = certificate;
		this.key = key;
		this.clients = clients;
		this.permissions = List.copyOf(permissions);
	}

	/**
	 * Encrypts connections with any client.
	 * @param certificate the server's certificate
	 * @param key its private key
	 * @return the options
	 */
	public static ServerTls of(Path certificate, Path key) {
		return new ServerTls(certificate, key, null, List.of());
	}

	/**
	 * Asks clients for a certificate.
	 * @param authorities who must have signed it; a certificate that signed itself is its
	 * own authority
	 * @param certificate the one that {@link LiftbridgeServer} shows when it finds out
	 * whether the server is ready
	 * @param key its private key
	 * @return options with that
	 */
	public ServerTls clients(Path authorities, Path certificate, Path key) {
		return new ServerTls(this.certificate, this.key, new Clients(authorities, certificate, key), this.permissions);
	}

	/**
	 * Allows a client some calls, and nobody anything that is not listed so. What
	 * {@link LiftbridgeServer} needs itself is allowed to the client whose certificate it
	 * shows.
	 * @param client the common name of the client's certificate
	 * @param resource a stream's name, a subject for {@code PublishToSubject}, or
	 * {@code *} for {@code FetchMetadata}; an asterisk in the end stands for any
	 * characters
	 * @param calls names of calls, such as {@code CreateStream}, as the server knows
	 * them: {@code PublishAsync} is {@code Publish}
	 * @return options with that
	 * @throws IllegalStateException if clients need no certificate
	 */
	public ServerTls allow(String client, String resource, String... calls) {
		if (this.clients == null) {
			throw new IllegalStateException("Access control knows clients by their certificates: call clients(...)");
		}
		List<String> all = new ArrayList<>(this.permissions);
		for (String call : calls) {
			all.add("p, " + client + ", " + resource + ", " + call);
		}
		return new ServerTls(this.certificate, this.key, this.clients, all);
	}

	/**
	 * Writes the files that go with these options.
	 * @param directory where to
	 * @return settings of the server
	 */
	Map<String, String> settings(Path directory) throws IOException {
		Map<String, String> settings = new LinkedHashMap<>();
		settings.put("tls.cert", this.certificate.toString());
		settings.put("tls.key", this.key.toString());
		if (this.clients != null) {
			settings.put("tls.client.auth.enabled", "true");
			settings.put("tls.client.auth.ca", this.clients.authorities().toString());
			if (!this.permissions.isEmpty()) {
				ServerTls all = allow(commonName(this.clients.certificate()), ServerReadiness.PROBE + "*",
						"CreateStream", "DeleteStream")
					.allow(commonName(this.clients.certificate()), "*", "FetchMetadata");
				settings.put("tls.client.authz.enabled", "true");
				settings.put("tls.client.authz.model",
						Files.writeString(directory.resolve("model.conf"), MODEL).toString());
				settings.put("tls.client.authz.policy",
						Files.write(directory.resolve("policy.csv"), all.permissions).toString());
			}
		}
		return settings;
	}

	private static String commonName(Path certificate) throws IOException {
		try (InputStream in = Files.newInputStream(certificate)) {
			X509Certificate parsed = (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
			return new LdapName(parsed.getSubjectX500Principal().getName()).getRdns()
				.stream()
				.filter((part) -> part.getType().equalsIgnoreCase("CN"))
				.map((part) -> String.valueOf(part.getValue()))
				.findFirst()
				.orElseThrow(() -> new IOException("The certificate in " + certificate + " has no common name"));
		}
		catch (GeneralSecurityException | InvalidNameException ex) {
			throw new IOException("Cannot read the certificate in " + certificate, ex);
		}
	}

	/**
	 * How to reach the server from this machine, whatever its certificate says.
	 */
	SslContext probe() throws IOException {
		SslContextBuilder context = GrpcSslContexts.forClient().trustManager(InsecureTrustManagerFactory.INSTANCE);
		if (this.clients != null) {
			context.keyManager(this.clients.certificate().toFile(), this.clients.key().toFile());
		}
		return context.build();
	}

	@Override
	public String toString() {
		return "ServerTls[" + this.certificate + ((this.clients != null) ? ", clients show certificates" : "")
				+ (this.permissions.isEmpty() ? "" : ", access control") + "]";
	}

	private record Clients(Path authorities, Path certificate, Path key) {
	}

}
