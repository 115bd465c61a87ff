package io.pptpoperator.dataplane.linux;

import java.nio.ByteOrder;

/** Network order for single fields of structures that are otherwise in the machine's order. */
final class NetworkOrder {

    private static final boolean SWAP = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    private NetworkOrder() {}

    /** {@code value} so that writing it in native order puts its most significant byte first. */
    static short of(short value) {
        return SWAP ? Short.reverseBytes(value) : value;
    }

    /** {@code value} so that writing it in native order puts its most significant byte first. */
    static int of(int value) {
        return SWAP ? Integer.reverseBytes(value) : value;
    }
}
