package io.pptpoperator.dataplane.mppe;

/**
 * What CCP agreed on for one direction of a link (RFC 3078 section 2).
 *
 * @param strength the key strength
 * @param stateful whether one RC4 stream runs on from packet to packet, rather than a new key for each
 */
public record MppeMode(MppeStrength strength, boolean stateful) {

    /** What clients use unless told otherwise: 128 bits, a new key for every packet. */
    public static final MppeMode STATELESS_128 = new MppeMode(MppeStrength.BITS_128, false);

    /** For instance "MPPE 128 bits stateless". */
    @Override
    public String toString() {
        return "MPPE " + strength.bits() + " bits " + (stateful ? "stateful" : "stateless");
    }
}
