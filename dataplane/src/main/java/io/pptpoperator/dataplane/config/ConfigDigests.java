package io.pptpoperator.dataplane.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Which texts a configuration was read from: whoever wrote the files can see whether a server runs with them. Of a file
 * that a running server could not use it goes on with an earlier text.
 *
 * @param server SHA-256 of {@code server.yaml}, hexadecimal
 * @param users SHA-256 of {@code users.yaml}, hexadecimal
 * @param radius SHA-256 of {@code users.radius.yaml}, hexadecimal; empty when there is none
 * @param profiles SHA-256 of {@code users.profiles.yaml}, hexadecimal; empty when there is none
 */
public record ConfigDigests(String server, String users, String radius, String profiles) {

    /** The digest of one file's text. */
    static String of(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
