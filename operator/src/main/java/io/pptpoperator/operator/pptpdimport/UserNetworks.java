package io.pptpoperator.operator.pptpdimport;

import io.pptpoperator.operator.roster.AddressRights;
import io.pptpoperator.protocol.address.AddressPool;
import io.pptpoperator.protocol.address.AddressRange;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Users' own addresses that are far from the pools: a PptpServer has to allow what other servers give without asking.
 */
final class UserNetworks {

    private static final int MAX_NETWORKS = 256;

    private UserNetworks() {}

    /**
     * Adds {@code users.allowedNetworks} where some address needs it.
     *
     * @param addresses addresses of users
     * @param rights what the server allows as it is
     * @param users what names the users, for the remarks
     * @param pools what names the pools, for the remarks
     */
    static void allow(Collection<Ipv4Address> addresses, AddressRights rights, Map<String, Object> spec, String users,
            String pools, List<Remark> comments, List<Remark> problems) {
        List<Ipv4Prefix> elsewhere = AddressPool.of(addresses.stream()
                .filter(address -> rights.refusal(address).isPresent())
                .map(address -> new AddressRange(address, address))
                .toList()).toPrefixes();
        if (elsewhere.isEmpty()) {
            return;
        }
        spec.put("users",
                Map.of("allowedNetworks", elsewhere.stream().limit(MAX_NETWORKS).map(Ipv4Prefix::toString).toList()));
        comments.add(new Remark("users.allowedNetworks", 0,
                "addresses that " + users + " gives to users, far from those of " + pools));
        if (elsewhere.size() > MAX_NETWORKS) {
            problems.add(new Remark("users.allowedNetworks", 0,
                    users + " has users' addresses in " + elsewhere.size() + " places, of which only the first "
                            + MAX_NETWORKS + " were taken; a few networks around them would be right"));
        }
    }
}
