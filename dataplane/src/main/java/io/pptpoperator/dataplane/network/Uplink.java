package io.pptpoperator.dataplane.network;

import io.pptpoperator.dataplane.linux.netlink.Link;
import io.pptpoperator.dataplane.linux.netlink.Route;
import io.pptpoperator.dataplane.linux.netlink.Rtnetlink;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalInt;

/** Finds the interface toward the Internet. */
final class Uplink {

    private Uplink() {}

    /** The interface that the plan names, or that of the best default route; empty when there is none. */
    static Optional<Link> find(Rtnetlink rtnetlink, NetworkPlan plan) {
        if (plan.uplink().isPresent()) {
            return rtnetlink.link(plan.uplink().get());
        }
        return rtnetlink.routes(Route.MAIN, OptionalInt.empty())
                .stream()
                .filter(route -> route.isDefault() && route.type() == Route.UNICAST)
                .sorted(Comparator.comparingInt(Route::metric))
                .flatMap(route -> rtnetlink.links().stream().filter(link -> link.index() == route.linkIndex()))
                .filter(link -> !link.name().equals(plan.tun()))
                .findFirst();
    }
}
