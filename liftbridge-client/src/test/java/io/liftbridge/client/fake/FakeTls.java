package io.liftbridge.client.fake;

import java.io.File;

/**
 * A server's certificate and key, as PEM files.
 *
 * @param certificate the certificate
 * @param key its private key
 * @param clientAuthority who has to have signed the certificates of clients, or
 * {@code null} if they need none
 */
public record FakeTls(File certificate, File key, File clientAuthority) {
}
