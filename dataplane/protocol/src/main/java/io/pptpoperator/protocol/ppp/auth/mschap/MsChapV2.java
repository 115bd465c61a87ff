package io.pptpoperator.protocol.ppp.auth.mschap;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.pptpoperator.protocol.mppe.Sha1;
import java.util.Arrays;
import java.util.HexFormat;

/** What MS-CHAPv2 adds to {@link MsChap} (RFC 2759 section 8). */
public final class MsChapV2 {
    private static final byte[] MAGIC_1 = "Magic server to client signing constant".getBytes(US_ASCII);
    private static final byte[] MAGIC_2 = "Pad to make it do more than one iteration".getBytes(US_ASCII);

    private MsChapV2() {}

    /**
     * ChallengeHash: the 8 bytes that both challenges and the user's name are mixed to.
     *
     * @param peerChallenge 16 bytes
     * @param authenticatorChallenge 16 bytes
     * @param username as sent, without any {@code DOMAIN\}
     */
    public static byte[] challengeHash(byte[] peerChallenge, byte[] authenticatorChallenge, byte[] username) {
        return Arrays.copyOf(Sha1.digest(peerChallenge, authenticatorChallenge, username), 8);
    }

    /**
     * GenerateAuthenticatorResponse: "S=" and 40 upper-case hexadecimal digits, by which the server proves that it
     * knows the password too.
     *
     * @param passwordHashHash 16 bytes
     * @param ntResponse 24 bytes
     * @param challengeHash 8 bytes
     */
    public static String authenticatorResponse(byte[] passwordHashHash, byte[] ntResponse, byte[] challengeHash) {
        byte[] digest = Sha1.digest(passwordHashHash, ntResponse, MAGIC_1);
        return "S=" + HexFormat.of().withUpperCase().formatHex(Sha1.digest(digest, challengeHash, MAGIC_2));
    }
}
