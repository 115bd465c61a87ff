package io.pptpoperator.dataplane.client.gre;

import java.nio.ByteBuffer;

/** Takes what comes out of a call. */
@FunctionalInterface
public interface IpReceiver {

    /**
     * An IPv4 packet arrived, decrypted and in order.
     *
     * @param packet holds it until this returns
     * @param offset where it starts
     * @param length bytes of it that are there
     */
    void received(ByteBuffer packet, int offset, int length);
}
