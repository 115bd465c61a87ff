package io.pptpoperator.protocol.address;

import java.util.Collection;
import java.util.List;

/** A set of IPv4 addresses that is asked for every packet: immutable, and a look-up allocates nothing. */
public final class AddressSet {
    /** Nothing. */
    public static final AddressSet EMPTY = new AddressSet(List.of());

    /** Slots per address at least: most look-ups end at the first one. */
    private static final int ROOM = 4;
    /** What multiplication with spreads neighbours, which addresses often are (Knuth, volume 3, section 6.4). */
    private static final int SPREAD = 0x9E37_79B9;

    /** Open addressing; 0.0.0.0, which is no host's address, stands for an empty slot. */
    private final int[] slots;
    private final int shift;

    /** The set of these addresses; 0.0.0.0 is left out. */
    public AddressSet(Collection<Ipv4Address> addresses) {
        int bits = 32 - Integer.numberOfLeadingZeros(Math.max(1, addresses.size()) * ROOM - 1);
        slots = new int[1 << bits];
        shift = 32 - bits;
        for (Ipv4Address address : addresses) {
            int slot = address.bits() * SPREAD >>> shift;
            while (slots[slot] != 0 && slots[slot] != address.bits()) {
                slot = slot + 1 & slots.length - 1;
            }
            slots[slot] = address.bits();
        }
    }

    /** Whether the address with these 32 bits is in the set. */
    public boolean contains(int address) {
        int slot = address * SPREAD >>> shift;
        while (slots[slot] != 0) {
            if (slots[slot] == address) {
                return true;
            }
            slot = slot + 1 & slots.length - 1;
        }
        return false;
    }
}
