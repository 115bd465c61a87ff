package io.pptpoperator.protocol.control;

import java.nio.charset.StandardCharsets;

/**
 * Text of a fixed-length field, padded with NUL on the wire. RFC 2637 speaks of ASCII, but peers send local code pages
 * and Windows puts a binary identifier into Subaddress, so bytes and characters map one to one (ISO 8859-1).
 *
 * @param value the text up to the first NUL; characters that have no byte are replaced by '?', and what does not fit
 *     into the field is cut off when it is encoded
 */
public record TextField(String value) {

    /** No text at all. */
    public static final TextField EMPTY = new TextField("");

    /** Keeps of {@code value} what the wire can carry. */
    public TextField {
        int end = value.indexOf('\0');
        byte[] bytes = (end < 0 ? value : value.substring(0, end)).getBytes(StandardCharsets.ISO_8859_1);
        value = new String(bytes, StandardCharsets.ISO_8859_1);
    }

    static TextField read(byte[] field) {
        return new TextField(new String(field, StandardCharsets.ISO_8859_1));
    }

    byte[] bytes() {
        return value.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The text for a log: quoted, and with everything but printable ASCII escaped, since a peer chose it. */
    @Override
    public String toString() {
        var text = new StringBuilder("\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c >= ' ' && c <= '~' && c != '"' && c != '\\') {
                text.append(c);
            } else {
                text.append(String.format("\\x%02x", (int) c));
            }
        }
        return text.append('"').toString();
    }
}
