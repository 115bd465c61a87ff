package io.pptpoperator.operator.roster;

import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which user of a server has which static address and which routes. Of what one has, nobody else can have any part: the
 * more specific route would win, and take the traffic from its owner.
 */
final class AddressClaims {

    private record Route(Ipv4Prefix network, ObjectKey owner) {}

    private final NavigableMap<Ipv4Address, ObjectKey> addresses = new TreeMap<>();
    /** By first address; none overlaps another. */
    private final NavigableMap<Ipv4Address, Route> routes = new TreeMap<>();

    /** Who has this address already, as a sentence for whoever wants it. */
    Optional<String> conflict(ObjectKey wanting, Ipv4Address address) {
        String what = "address " + address;
        ObjectKey same = addresses.get(address);
        return same != null
                ? Optional.of(taken(what, wanting, same, ""))
                : overlapping(new Ipv4Prefix(address, 32))
                        .map(route -> taken(what, wanting, route.owner, "lies in route " + route.network + " of"));
    }

    /** Who has a part of this network already, as a sentence for whoever wants it. */
    Optional<String> conflict(ObjectKey wanting, Ipv4Prefix network) {
        String what = "route " + network;
        Optional<Route> other = overlapping(network);
        if (other.isPresent()) {
            return Optional.of(taken(what, wanting, other.get().owner,
                    other.get().network.equals(network) ? "" : "overlaps " + other.get().network + " of"));
        }
        Map.Entry<Ipv4Address, ObjectKey> inside = addresses.ceilingEntry(network.network());
        return inside != null && network.contains(inside.getKey())
                ? Optional.of(taken(what, wanting, inside.getValue(), "has the address " + inside.getKey() + " of"))
                : Optional.empty();
    }

    /** Whoever is told of users of another namespace is told no more than that they have it. */
    private static String taken(String what, ObjectKey wanting, ObjectKey owner, String how) {
        boolean tellsHow = !how.isEmpty() && owner.namespace().equals(wanting.namespace());
        return what + " " + (tellsHow ? how : "is taken by") + " " + UserJudge.described(wanting, owner);
    }

    private Optional<Route> overlapping(Ipv4Prefix network) {
        Map.Entry<Ipv4Address, Route> below = routes.floorEntry(network.network());
        if (below != null && below.getValue().network.overlaps(network)) {
            return Optional.of(below.getValue());
        }
        Map.Entry<Ipv4Address, Route> above = routes.ceilingEntry(network.network());
        return above != null && above.getValue().network.overlaps(network)
                ? Optional.of(above.getValue())
                : Optional.empty();
    }

    /** Gives a user what nobody has. */
    void add(ObjectKey owner, Optional<Ipv4Address> address, Collection<Ipv4Prefix> networks) {
        address.ifPresent(it -> addresses.put(it, owner));
        // One user's routes may lie in each other: the widest say it all.
        networks.stream()
                .sorted(Comparator.comparingInt(Ipv4Prefix::length))
                .filter(network -> overlapping(network).isEmpty())
                .forEach(network -> routes.put(network.network(), new Route(network, owner)));
    }
}
