package io.pptpoperator.protocol.ppp.auth;

import java.util.Arrays;
import java.util.Optional;

/**
 * One packet of EAP (RFC 3748 section 4).
 *
 * @param code what it is
 * @param identifier pairs a Response with its Request
 * @param data what follows the header: type and its data in a Request or Response, nothing in the others
 */
record EapPacket(int code, int identifier, byte[] data) {
    static final int REQUEST = 1;
    static final int RESPONSE = 2;
    static final int SUCCESS = 3;
    static final int FAILURE = 4;
    /** The type of a Request for the peer's name, and of its Response. */
    static final int IDENTITY = 1;

    private static final int HEADER = 4;

    /** What the bytes are, without padding behind the packet's length; empty when they are none (section 4.1). */
    static Optional<EapPacket> tryDecode(byte[] bytes) {
        if (bytes.length < HEADER) {
            return Optional.empty();
        }
        int code = bytes[0] & 0xff;
        int length = (bytes[2] & 0xff) << 8 | bytes[3] & 0xff;
        boolean typed = code == REQUEST || code == RESPONSE;
        if (code < REQUEST || code > FAILURE || length > bytes.length || length < HEADER + (typed ? 1 : 0)) {
            return Optional.empty();
        }
        return Optional.of(new EapPacket(code, bytes[1] & 0xff, Arrays.copyOfRange(bytes, HEADER, length)));
    }

    byte[] encode() {
        byte[] bytes = new byte[HEADER + data.length];
        bytes[0] = (byte) code;
        bytes[1] = (byte) identifier;
        bytes[2] = (byte) (bytes.length >>> 8);
        bytes[3] = (byte) bytes.length;
        System.arraycopy(data, 0, bytes, HEADER, data.length);
        return bytes;
    }

    /** The type of a Request or Response. */
    int type() {
        return data[0] & 0xff;
    }

    /** The name that a Response to a Request for it has, without what may follow a zero (section 5.1). */
    byte[] identity() {
        int end = 1;
        while (end < data.length && data[end] != 0) {
            end++;
        }
        return Arrays.copyOfRange(data, 1, end);
    }

    static EapPacket identityRequest(int identifier) {
        return new EapPacket(REQUEST, identifier, new byte[]{IDENTITY});
    }

    @Override
    public String toString() {
        return "EAP code " + code + ", identifier " + identifier;
    }
}
