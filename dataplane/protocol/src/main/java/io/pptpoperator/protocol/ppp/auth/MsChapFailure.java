package io.pptpoperator.protocol.ppp.auth;

import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The message of an MS-CHAP Failure packet (RFC 2433 section 7, RFC 2759 section 6).
 *
 * @param error the code behind {@code E=}
 * @param retry whether another password may be tried
 * @param challenge the challenge for that, or for a change of password; empty when the sender left it out
 * @param message text for the user
 */
record MsChapFailure(int error, boolean retry, byte[] challenge, String message) {
    /** The newest version of the change-password packets: what every server sends. */
    private static final int VERSION = 3;
    private static final Pattern FORMAT = Pattern
            .compile("E=(\\d{1,9})(?:\\s+R=(\\d))?(?:\\s+C=([0-9a-fA-F]{32}|[0-9a-fA-F]{16}))?"
                    + "(?:\\s+V=\\d+)?(?:\\s+M=(.*))?.*", Pattern.DOTALL);

    /** Empty when the text does not begin with {@code E=}. */
    static Optional<MsChapFailure> parse(String text) {
        Matcher matcher = FORMAT.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String challenge = matcher.group(3);
        String message = matcher.group(4);
        return Optional.of(new MsChapFailure(Integer.parseInt(matcher.group(1)), "1".equals(matcher.group(2)),
                challenge == null ? new byte[0] : HexFormat.of().parseHex(challenge), message == null ? "" : message));
    }

    /** The message as it is sent; the challenge has to be there (RFC 2759 section 6). */
    String encode() {
        return "E=" + error + " R=" + (retry ? 1 : 0) + " C=" + HexFormat.of().withUpperCase().formatHex(challenge)
                + " V=" + VERSION + " M=" + message;
    }
}
