package io.pptpoperator.protocol.address;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** The destinations that a host takes for its own, as its kernel has them at one moment. */
public final class LocalAddresses {
    /** Of a host that nothing is known of. */
    public static final LocalAddresses NONE = new LocalAddresses(Set.of(), List.of(), Set.of());

    private final Set<Ipv4Address> own;
    private final List<Ipv4Prefix> networks;
    private final Set<Ipv4Address> broadcasts;
    private final AddressSet all;
    private final AddressSet broadcastSet;

    /**
     * Takes copies.
     *
     * @param own single addresses, of all interfaces
     * @param networks networks of which every address is the host's own
     * @param broadcasts what reaches everybody on one of its links, 255.255.255.255 aside
     */
    public LocalAddresses(Set<Ipv4Address> own, Collection<Ipv4Prefix> networks, Set<Ipv4Address> broadcasts) {
        this.own = Set.copyOf(own);
        this.networks = List.copyOf(networks);
        this.broadcasts = Set.copyOf(broadcasts);
        List<Ipv4Address> every = new ArrayList<>(own);
        every.addAll(broadcasts);
        this.all = new AddressSet(every);
        this.broadcastSet = new AddressSet(broadcasts);
    }

    /** The host's single addresses. */
    public Set<Ipv4Address> own() {
        return own;
    }

    /** Whether packets to the address with these 32 bits are for the host, alone or among others; allocates nothing. */
    public boolean has(int address) {
        if (all.contains(address)) {
            return true;
        }
        for (int i = 0; i < networks.size(); i++) {
            Ipv4Prefix network = networks.get(i);
            if ((address & network.mask()) == network.network().bits()) {
                return true;
            }
        }
        return false;
    }

    /** Whether packets to the address with these 32 bits reach everybody on a link. */
    public boolean isBroadcast(int address) {
        return broadcastSet.contains(address) || address == -1;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LocalAddresses that && own.equals(that.own) && networks.equals(that.networks)
                && broadcasts.equals(that.broadcasts);
    }

    @Override
    public int hashCode() {
        return own.hashCode() + 31 * (networks.hashCode() + 31 * broadcasts.hashCode());
    }

    @Override
    public String toString() {
        return own + " " + networks + " and broadcasts " + broadcasts;
    }
}
