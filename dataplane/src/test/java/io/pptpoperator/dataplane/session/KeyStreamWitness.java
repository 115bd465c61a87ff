package io.pptpoperator.dataplane.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.protocol.gre.GreHeader;
import io.pptpoperator.protocol.ppp.PppFrame;
import io.pptpoperator.protocol.ppp.PppProtocol;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * Sees all GRE that one session sends in one direction, whose data must be one and the same packet: two that look alike
 * once encrypted were encrypted with the same key stream. Nor may any pass in clear after the first that was encrypted.
 */
final class KeyStreamWitness {
    private static final int MPPE_HEADER = 2;

    private final Set<ByteBuffer> seen = new HashSet<>();

    /** A packet, from its GRE header on. */
    void see(byte[] packet) {
        ByteBuffer buffer = ByteBuffer.wrap(packet);
        int header = GreHeader.validate(buffer, 0, packet.length);
        if (header < 0 || !GreHeader.hasSequence(buffer, 0)) {
            return;
        }
        int information = PppFrame.informationOffset(buffer, header, packet.length);
        switch (PppFrame.protocolAt(buffer, header, packet.length)) {
            case PppProtocol.COMPRESSED -> assertThat(
                    seen.add(ByteBuffer.wrap(Arrays.copyOfRange(packet, information + MPPE_HEADER, packet.length))))
                    .as("a key stream used for the first time, after %s others", seen.size())
                    .isTrue();
            case PppProtocol.IPV4 -> assertThat(seen).as("IP in clear, after so many encrypted packets").isEmpty();
            default -> {
            }
        }
    }

    /** How many packets were encrypted. */
    int encrypted() {
        return seen.size();
    }
}
