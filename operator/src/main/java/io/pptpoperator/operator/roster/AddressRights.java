package io.pptpoperator.operator.roster;

import io.pptpoperator.protocol.address.AddressPool;
import io.pptpoperator.protocol.address.AddressRange;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Which addresses and networks a server lets its users have. The server routes them to itself, on its node's own
 * network perhaps, so whoever may edit VpnUsers must not be free to name any.
 */
public final class AddressRights {

    private static final int OF_A_RANGE = 24;

    private final String localIP;
    private final Collection<String> allowed;
    private final AddressPool lent;
    private final AddressPool addresses;
    private final AddressPool routes;

    /**
     * The rights that a server's spec gives.
     *
     * @param localIP the server's own address
     * @param pools items as in {@code spec.pools}
     * @param allowed networks as in {@code spec.users.allowedNetworks}
     */
    public AddressRights(String localIP, Collection<String> pools, Collection<String> allowed) {
        this.localIP = localIP;
        this.allowed = List.copyOf(allowed);
        lent = pool(pools, AddressRange::parse);
        routes = pool(allowed, AddressRange::parse);
        addresses = pool(pools, AddressRights::surroundings).plus(routes);
    }

    /** What cannot be read gives no rights; that it cannot be read is said of the server, not of its users. */
    private static AddressPool pool(Collection<String> items, Function<String, AddressRange> parser) {
        return AddressPool.of(items.stream().flatMap(item -> parsed(item, parser).stream()).toList());
    }

    private static Optional<AddressRange> parsed(String item, Function<String, AddressRange> parser) {
        try {
            return Optional.of(parser.apply(item));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * The network that a pool's item is meant to lie in: a range does not say, so it is taken for a part of its /24.
     */
    private static AddressRange surroundings(String item) {
        AddressRange range = AddressRange.parse(item);
        return item.contains("/")
                ? range
                : new AddressRange(around(range.first()).network(), around(range.last()).last());
    }

    private static Ipv4Prefix around(Ipv4Address address) {
        return new Ipv4Prefix(new Ipv4Address(address.bits() & -1 << 32 - OF_A_RANGE), OF_A_RANGE);
    }

    /** Why no user may have this static address; empty when one may. */
    public Optional<String> refusal(Ipv4Address address) {
        return addresses.contains(address)
                ? Optional.empty()
                : Optional.of("address " + address + " lies in no network of the server's pools, nor in its"
                        + " users.allowedNetworks " + allowed + "; with " + address + "/32 there it would be right");
    }

    /** Why no user may have this route; empty when one may. */
    public Optional<String> refusal(Ipv4Prefix route) {
        AddressPool wanted = AddressPool.of(List.of(AddressRange.of(route)));
        if (wanted.overlaps(lent)) {
            return Optional.of("route " + route + " has addresses of the server's pools, which are other clients'");
        }
        if (wanted.overlaps(pool(List.of(localIP), AddressRange::parse))) {
            return Optional.of("route " + route + " has the server's localIP " + localIP);
        }
        return wanted.minus(routes).isEmpty()
                ? Optional.empty()
                : Optional.of("route " + route + " does not lie in the server's users.allowedNetworks " + allowed
                        + "; with " + route + " there it would be right");
    }
}
