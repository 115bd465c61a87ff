package io.pptpoperator.protocol.ppp.auth;

import io.pptpoperator.protocol.ppp.PppProtocol;
import java.util.List;

/** The authentication methods, strongest first: the order in which a server offers them. */
public enum AuthMethod {
    /** What peer and RADIUS server agree on through EAP, RFC 3748: a certificate, for instance. */
    EAP("eap", PppProtocol.EAP, -1),
    /** MS-CHAPv2, RFC 2759. */
    MSCHAPV2("mschapv2", PppProtocol.CHAP, 0x81),
    /** MS-CHAPv1, RFC 2433. */
    MSCHAPV1("mschapv1", PppProtocol.CHAP, 0x80),
    /** CHAP with MD5, RFC 1994. */
    CHAP_MD5("chap-md5", PppProtocol.CHAP, 0x05),
    /** PAP, RFC 1334. */
    PAP("pap", PppProtocol.PAP, -1);

    private final String label;
    private final int protocol;
    private final int algorithm;

    AuthMethod(String label, int protocol, int algorithm) {
        this.label = label;
        this.protocol = protocol;
        this.algorithm = algorithm;
    }

    /** Its name in configuration, logs and metrics. */
    public String label() {
        return label;
    }

    /** The PPP protocol number of its packets. */
    public int protocol() {
        return protocol;
    }

    /** The algorithm byte of LCP's Authentication-Protocol option, or -1 for those that have none. */
    public int algorithm() {
        return algorithm;
    }

    /** Those that prove a password by themselves: what a client of this library speaks. */
    public static List<AuthMethod> ofPasswords() {
        return List.of(MSCHAPV2, MSCHAPV1, CHAP_MD5, PAP);
    }

    /** Whether the method can yield keys for MPPE. */
    public boolean yieldsMppeKeys() {
        return this == MSCHAPV2 || this == MSCHAPV1 || this == EAP;
    }

    /** Whether a server can verify it knowing only the user's NT hash. */
    public boolean worksWithNtHash() {
        return this == MSCHAPV2 || this == MSCHAPV1;
    }
}
