package io.pptpoperator.dataplane.mppe;

/** The chain of session keys that grows from one start key (RFC 3078 section 7, RFC 3079 section 2.4). */
final class SessionKeys {
    private final MppeStrength strength;
    private final byte[] startKey;

    SessionKeys(MppeStrength strength, byte[] startKey) {
        if (startKey.length != strength.keyLength()) {
            throw new IllegalArgumentException("an MPPE start key for " + strength.bits() + " bits has "
                    + strength.keyLength() + " bytes, not " + startKey.length);
        }
        this.strength = strength;
        this.startKey = startKey.clone();
    }

    int length() {
        return startKey.length;
    }

    /** The key that CCP opens with. */
    byte[] initialKey() {
        byte[] key = startKey.clone();
        new SessionKeyDigest().interimKey(startKey, key, key.length);
        strength.reduce(key);
        return key;
    }

    /** Turns a session key into the one after it. */
    void advance(byte[] key, MppeWorkspace workspace) {
        workspace.digest.interimKey(startKey, key, startKey.length);
        workspace.interim.init(key, startKey.length);
        workspace.interim.crypt(key, 0, startKey.length);
        strength.reduce(key);
    }

    /** Starts {@code packet} with {@code key}, and turns {@code key} into the one after it. */
    void initAndAdvance(Rc4 packet, byte[] key, MppeWorkspace workspace) {
        packet.init(key, startKey.length);
        advance(key, workspace);
    }
}
