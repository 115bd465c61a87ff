package io.pptpoperator.protocol.ppp;

/** PPP protocol numbers (RFC 1661 section 2; IANA "PPP DLL Protocol Numbers"). */
public final class PppProtocol {
    /** Internet Protocol version 4. */
    public static final int IPV4 = 0x0021;
    /** Compressed datagram: MPPE, RFC 3078. */
    public static final int COMPRESSED = 0x00FD;
    /** Internet Protocol Control Protocol, RFC 1332. */
    public static final int IPCP = 0x8021;
    /** IPv6 Control Protocol, RFC 5072. */
    public static final int IPV6CP = 0x8057;
    /** Compression Control Protocol, RFC 1962. */
    public static final int CCP = 0x80FD;
    /** Link Control Protocol, RFC 1661. */
    public static final int LCP = 0xC021;
    /** Password Authentication Protocol, RFC 1334. */
    public static final int PAP = 0xC023;
    /** Challenge Handshake Authentication Protocol, RFC 1994, and MS-CHAP, RFC 2433 and 2759. */
    public static final int CHAP = 0xC223;

    /** Extensible Authentication Protocol, RFC 3748. */
    public static final int EAP = 0xC227;

    private PppProtocol() {}

    /** Whether a link of ours ever sends frames of {@code protocol}. */
    public static boolean isSpoken(int protocol) {
        return switch (protocol) {
            case IPV4, COMPRESSED, IPCP, CCP, LCP, PAP, CHAP, EAP -> true;
            default -> false;
        };
    }
}
