package io.pptpoperator.protocol.radius;

import io.pptpoperator.protocol.rate.OctetLimit;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads how many bytes a session may have, in the forms that billing systems send. */
final class OctetAttributes {

    private OctetAttributes() {}

    /** What a reply says in any of the forms; where two say something of the same bytes, less. */
    static Optional<OctetLimit> of(RadiusPacket reply) {
        OctetLimit limit = new OctetLimit(
                gigawords(reply, AttributeType.MIKROTIK_RECV_LIMIT, AttributeType.MIKROTIK_RECV_LIMIT_GIGAWORDS),
                gigawords(reply, AttributeType.MIKROTIK_XMIT_LIMIT, AttributeType.MIKROTIK_XMIT_LIMIT_GIGAWORDS),
                gigawords(reply, AttributeType.MIKROTIK_TOTAL_LIMIT, AttributeType.MIKROTIK_TOTAL_LIMIT_GIGAWORDS), 0)
                .and(new OctetLimit(
                        gigawords(reply, AttributeType.CHILLISPOT_MAX_INPUT_OCTETS,
                                AttributeType.CHILLISPOT_MAX_INPUT_GIGAWORDS),
                        gigawords(reply, AttributeType.CHILLISPOT_MAX_OUTPUT_OCTETS,
                                AttributeType.CHILLISPOT_MAX_OUTPUT_GIGAWORDS),
                        gigawords(reply, AttributeType.CHILLISPOT_MAX_TOTAL_OCTETS,
                                AttributeType.CHILLISPOT_MAX_TOTAL_GIGAWORDS),
                        0))
                .and(pppd(reply));
        return limit.equals(OctetLimit.NONE) ? Optional.empty() : Optional.of(limit);
    }

    private static OctetLimit pppd(RadiusPacket reply) {
        long octets = reply.number(AttributeType.SESSION_OCTETS_LIMIT).orElse(0);
        return switch ((int) reply.number(AttributeType.OCTETS_DIRECTION).orElse(0)) {
            case 1 -> new OctetLimit(octets, 0, 0, 0);
            case 2 -> new OctetLimit(0, octets, 0, 0);
            case 3, 4 -> new OctetLimit(0, 0, 0, octets);
            default -> new OctetLimit(0, 0, octets, 0);
        };
    }

    private static long gigawords(RadiusPacket reply, AttributeType low, AttributeType high) {
        OptionalLong least = reply.number(low);
        return (reply.number(high).orElse(0) << 32) + least.orElse(0);
    }
}
