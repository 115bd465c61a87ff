package io.pptpoperator.dataplane.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Which texts a configuration was read from: whoever wrote the files can see whether a server runs with them.
 *
 * @param server SHA-256 of {@code server.yaml}, hexadecimal
 * @param users SHA-256 of {@code users.yaml}, hexadecimal
 */
public record ConfigDigests(String server, String users) {

    static ConfigDigests of(String serverYaml, String usersYaml) {
        return new ConfigDigests(sha256(serverYaml), sha256(usersYaml));
    }

    private static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
