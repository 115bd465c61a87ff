package io.pptpoperator.protocol.ppp.auth;

import io.pptpoperator.protocol.ppp.PppProtocol;

/** The authentication methods, strongest first: the order in which a server offers them. */
public enum AuthMethod {
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

    /** The algorithm byte of LCP's Authentication-Protocol option, or -1 for PAP, which has none. */
    public int algorithm() {
        return algorithm;
    }

    /** Whether the method yields keys for MPPE. */
    public boolean yieldsMppeKeys() {
        return this == MSCHAPV2 || this == MSCHAPV1;
    }

    /** Whether a server can verify it knowing only the user's NT hash. */
    public boolean worksWithNtHash() {
        return yieldsMppeKeys();
    }
}
