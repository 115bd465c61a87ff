package io.pptpoperator.protocol.ppp.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;

/** Names and messages as they travel: bytes in an encoding that nobody declares. */
final class WireText {
    /** RFC 2759 section 4 bounds names so; CHAP itself would allow a whole packet. */
    static final int MAX_NAME = 256;
    private static final int MAX_SHOWN = 200;

    private WireText() {}

    /** The bytes as UTF-8 or, where they are not, as ISO 8859-1, which every byte is. */
    static String decode(byte[] bytes) {
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            return new String(bytes, ISO_8859_1);
        }
    }

    static byte[] checkedName(byte[] name) {
        if (name.length > MAX_NAME) {
            throw new AuthPacketException("Name has " + name.length + " bytes, more than " + MAX_NAME);
        }
        return name;
    }

    /** A user's name without the {@code DOMAIN\} that Windows puts before it. */
    static byte[] withoutDomain(byte[] name) {
        for (int k = name.length - 1; k >= 0; k--) {
            if (name[k] == '\\') {
                return Arrays.copyOfRange(name, k + 1, name.length);
            }
        }
        return name;
    }

    /** As many of a text's characters as fit so many bytes. */
    static byte[] cut(String text, int most) {
        byte[] bytes = text.getBytes(UTF_8);
        int length = Math.min(bytes.length, most);
        while (length < bytes.length && (bytes[length] & 0xc0) == 0x80) {
            length--; // in the middle of a character
        }
        return Arrays.copyOf(bytes, length);
    }

    /** The other side's words fit to be logged: bounded, and without control characters. */
    static String printable(String text) {
        String bounded = text.length() > MAX_SHOWN ? text.substring(0, MAX_SHOWN) + "…" : text;
        return bounded.replaceAll("\\p{C}", "\uFFFD");
    }
}
