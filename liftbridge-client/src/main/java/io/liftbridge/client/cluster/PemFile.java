package io.liftbridge.client.cluster;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

import org.jspecify.annotations.Nullable;

/**
 * Reads certificates and keys from PEM files. What it says of a file has nothing of its
 * content.
 */
final class PemFile {

	private static final Pattern BLOCK = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----",
			Pattern.DOTALL);

	private PemFile() {
	}

	static List<Certificate> certificates(Path file) throws GeneralSecurityException, IOException {
		CertificateFactory factory = CertificateFactory.getInstance("X.509");
		List<Certificate> certificates = new ArrayList<>();
		Matcher block = BLOCK.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
		while (block.find()) {
			if (block.group(1).equals("CERTIFICATE")) {
				certificates.add(factory.generateCertificate(new ByteArrayInputStream(decode(block.group(2)))));
			}
		}
		if (certificates.isEmpty()) {
			throw new GeneralSecurityException("there is no certificate in " + file);
		}
		return certificates;
	}

	static PrivateKey privateKey(Path file, char @Nullable [] password) throws GeneralSecurityException, IOException {
		Matcher block = BLOCK.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
		while (block.find()) {
			String kind = block.group(1);
			if (kind.equals("PRIVATE KEY")) {
				return privateKey(new PKCS8EncodedKeySpec(decode(block.group(2))), file);
			}
			if (kind.equals("ENCRYPTED PRIVATE KEY")) {
				return privateKey(decrypt(decode(block.group(2)), file, password), file);
			}
			if (kind.endsWith("PRIVATE KEY")) {
				throw new GeneralSecurityException(
						file + " has a key of the kind '" + kind + "'; convert it with openssl pkcs8 -topk8");
			}
		}
		throw new GeneralSecurityException("there is no private key in " + file);
	}

	private static PKCS8EncodedKeySpec decrypt(byte[] encrypted, Path file, char @Nullable [] password)
			throws GeneralSecurityException, IOException {
		if (password == null) {
			throw new GeneralSecurityException("the key in " + file + " needs a password");
		}
		EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(encrypted);
		// Of PBES2 the parameters know the whole name.
		String named = String.valueOf(info.getAlgParameters());
		String algorithm = named.startsWith("PBEWith") ? named : info.getAlgName();
		PBEKeySpec secret = new PBEKeySpec(password);
		try {
			Cipher cipher = Cipher.getInstance(algorithm);
			cipher.init(Cipher.DECRYPT_MODE, SecretKeyFactory.getInstance(algorithm).generateSecret(secret),
					info.getAlgParameters());
			return info.getKeySpec(cipher);
		}
		finally {
			secret.clearPassword();
		}
	}

	private static PrivateKey privateKey(PKCS8EncodedKeySpec spec, Path file) throws GeneralSecurityException {
		for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
			try {
				return KeyFactory.getInstance(algorithm).generatePrivate(spec);
			}
			catch (InvalidKeySpecException ex) {
				// Another kind of key.
			}
		}
		throw new GeneralSecurityException("the key in " + file + " is none of RSA, EC and EdDSA in PKCS#8");
	}

	private static byte[] decode(String base64) {
		return Base64.getMimeDecoder().decode(base64);
	}

}
