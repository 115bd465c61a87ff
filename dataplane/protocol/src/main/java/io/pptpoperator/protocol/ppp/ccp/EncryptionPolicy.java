package io.pptpoperator.protocol.ppp.ccp;

/** Whether a link is encrypted with MPPE. */
public enum EncryptionPolicy {
    /** No IP packet passes in clear; a peer that does not encrypt is disconnected. */
    REQUIRED("required"),
    /** Encrypted when the peer agrees, in clear otherwise. */
    PREFERRED("preferred"),
    /** Never encrypted; CCP is unknown. */
    OFF("off");

    private final String label;

    EncryptionPolicy(String label) {
        this.label = label;
    }

    /** Its name in configuration, logs and metrics. */
    public String label() {
        return label;
    }
}
