package io.pptpoperator.protocol.mppe;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;

/** MPPE's start keys from what a completed MS-CHAP exchange leaves behind (RFC 3079). */
public final class StartKeyDerivation {
    private static final byte[] MASTER_KEY = "This is the MPPE Master Key".getBytes(US_ASCII);
    private static final byte[] CLIENT_SENDS = ("On the client side, this is the send key; "
            + "on the server side, it is the receive key.").getBytes(US_ASCII);
    private static final byte[] SERVER_SENDS = ("On the client side, this is the receive key; "
            + "on the server side, it is the send key.").getBytes(US_ASCII);
    private static final byte[] PAD_1 = new byte[40];
    private static final byte[] PAD_2 = new byte[40];

    static {
        Arrays.fill(PAD_2, (byte) 0xf2);
    }

    private StartKeyDerivation() {}

    /**
     * Keys after MS-CHAPv1 (RFC 3079 section 2): the same in both directions.
     *
     * @param passwordHashHash MD4 of the NT hash, 16 bytes
     * @param challenge the challenge that was answered, 8 bytes
     * @param lmHash the LAN Manager hash, which 40 and 56 bits start from, or null where it is not known
     */
    public static MppeStartKeys msChapV1(byte[] passwordHashHash, byte[] challenge, byte[] lmHash) {
        byte[] key128 = Arrays.copyOf(Sha1.digest(passwordHashHash, passwordHashHash, challenge), 16);
        byte[] keyShort = lmHash == null ? null : Arrays.copyOf(lmHash, 8);
        return new MppeStartKeys(key128, key128, keyShort, keyShort);
    }

    /**
     * Keys after MS-CHAPv2 (RFC 3079 section 3): one for each direction.
     *
     * @param passwordHashHash MD4 of the NT hash, 16 bytes
     * @param ntResponse the NT-Response that proved the password, 24 bytes
     * @param server whether this end was the authenticator
     */
    public static MppeStartKeys msChapV2(byte[] passwordHashHash, byte[] ntResponse, boolean server) {
        byte[] masterKey = Arrays.copyOf(Sha1.digest(passwordHashHash, ntResponse, MASTER_KEY), 16);
        byte[] clientSends = Sha1.digest(masterKey, PAD_1, CLIENT_SENDS, PAD_2);
        byte[] serverSends = Sha1.digest(masterKey, PAD_1, SERVER_SENDS, PAD_2);
        byte[] send = server ? serverSends : clientSends;
        byte[] receive = server ? clientSends : serverSends;
        return new MppeStartKeys(Arrays.copyOf(send, 16), Arrays.copyOf(receive, 16), Arrays.copyOf(send, 8),
                Arrays.copyOf(receive, 8));
    }
}
