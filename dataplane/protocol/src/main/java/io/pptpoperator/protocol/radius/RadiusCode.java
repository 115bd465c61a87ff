package io.pptpoperator.protocol.radius;

import java.util.Optional;

/** What a packet is (RFC 2865 section 3, RFC 2866 section 3, RFC 5997, RFC 5176 section 2.3). */
public enum RadiusCode {
    ACCESS_REQUEST(1), ACCESS_ACCEPT(2), ACCESS_REJECT(3), ACCOUNTING_REQUEST(4), ACCOUNTING_RESPONSE(5),
    ACCESS_CHALLENGE(11), STATUS_SERVER(12), DISCONNECT_REQUEST(40), DISCONNECT_ACK(41), DISCONNECT_NAK(42),
    COA_REQUEST(43), COA_ACK(44), COA_NAK(45);

    private static final RadiusCode[] BY_NUMBER = new RadiusCode[256];

    static {
        for (RadiusCode code : values()) {
            BY_NUMBER[code.number] = code;
        }
    }

    private final int number;

    RadiusCode(int number) {
        this.number = number;
    }

    /** The Code field. */
    public int number() {
        return number;
    }

    /** The code with this number, 0 to 255. */
    public static Optional<RadiusCode> of(int number) {
        return Optional.ofNullable(BY_NUMBER[number]);
    }

    /**
     * Whether the Request Authenticator is random (RFC 2865 section 3) and not a digest of the packet (RFC 2866 section 3).
     */
    boolean drawsItsAuthenticator() {
        return this == ACCESS_REQUEST || this == STATUS_SERVER;
    }
}
