package io.pptpoperator.protocol.mppe;

/** The chain of session keys that grows from one start key (RFC 3078 section 7, RFC 3079 section 2.4). */
final class SessionKeys {
    private final MppeStrength strength;
    private final boolean stateless;
    private final byte[] startKey;

    SessionKeys(MppeParameters parameters, byte[] startKey) {
        strength = MppeStrength.of(parameters.keyBits());
        stateless = parameters.stateless();
        if (startKey.length != strength.keyLength()) {
            throw new IllegalArgumentException("an MPPE start key for " + strength.bits() + " bits has "
                    + strength.keyLength() + " bytes, not " + startKey.length);
        }
        this.startKey = startKey.clone();
    }

    /** Reads the start key, so that the processor has it near; the result means nothing. */
    int fetch() {
        return startKey[0] + startKey[startKey.length - 1];
    }

    /** The key that all others grow from: a copy. */
    byte[] startKey() {
        return startKey.clone();
    }

    MppeParameters parameters() {
        return new MppeParameters(strength.bits(), stateless);
    }

    int length() {
        return startKey.length;
    }

    /** The key that CCP opens with. */
    byte[] initialKey(MppeWorkspace workspace) {
        byte[] key = startKey.clone();
        workspace.digest.interimKey(startKey, key);
        strength.reduce(key);
        return key;
    }

    /** The first packet's key: when stateless, the key changes before every packet, the first one included. */
    byte[] firstPacketKey(MppeWorkspace workspace) {
        byte[] key = initialKey(workspace);
        if (stateless) {
            advance(key, workspace);
        }
        return key;
    }

    /** The stream that runs on from packet to packet, or null when stateless. */
    Rc4 stream(byte[] firstPacketKey) {
        if (stateless) {
            return null;
        }
        var stream = new Rc4();
        stream.init(firstPacketKey, length());
        return stream;
    }

    /** Turns a session key into the one after it. */
    void advance(byte[] key, MppeWorkspace workspace) {
        workspace.digest.interimKey(startKey, key);
        workspace.interim.init(key, startKey.length);
        workspace.interim.crypt(key, startKey.length);
        strength.reduce(key);
    }

    /**
     * Starts {@code packet} with {@code key}, and turns {@code key} into the one after it: both need an RC4 table, and
     * two tables at once cost little more than one.
     */
    void initAndAdvance(Rc4 packet, byte[] key, MppeWorkspace workspace) {
        byte[] packetKey = workspace.packetKey;
        System.arraycopy(key, 0, packetKey, 0, startKey.length);
        workspace.digest.interimKey(startKey, key);
        Rc4.initPair(packet, packetKey, workspace.interim, key, startKey.length);
        workspace.interim.crypt(key, startKey.length);
        strength.reduce(key);
    }
}
