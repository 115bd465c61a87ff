package io.pptpoperator.operator.roster;

import io.pptpoperator.crds.Authentication;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.dataplane.config.ServerConfig;
import io.pptpoperator.protocol.address.AddressPool;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import java.util.ArrayList;
import java.util.List;

/**
 * What a server's settings mean for its users.
 *
 * @param ntHashesSuffice whether no authentication method needs the password itself
 * @param ntHashesWork whether there is a method for which an NT hash is enough
 * @param localIP the server's own address
 * @param rights which addresses users may have
 * @param profiles which profiles they may have
 */
public record ServerTerms(boolean ntHashesSuffice, boolean ntHashesWork, String localIP, AddressRights rights,
        ServerProfiles profiles) {

    /** As the resource says. */
    public static ServerTerms of(PptpServer server, ServerProfiles profiles) {
        List<Authentication.Method> methods = server.getSpec().authentication().methods();
        return new ServerTerms(methods.stream().allMatch(Authentication.Method::worksWithNtHash),
                methods.stream().anyMatch(Authentication.Method::worksWithNtHash), server.getSpec().localIP(),
                new AddressRights(server.getSpec().localIP(), server.getSpec().pools(),
                        server.getSpec().users().allowedNetworks()),
                profiles);
    }

    /**
     * As a data plane was told, for a resource that none can be told: what users may have, they keep.
     *
     * @param running what a data plane runs with, with its own share of the pools
     * @param lent the addresses that all of them lend, as far as it is known
     */
    public static ServerTerms of(PptpServer server, ServerConfig running, AddressPool lent, ServerProfiles profiles) {
        List<AuthMethod> methods = running.authentication().methods();
        String localIP = running.network().localIP().toString();
        var pools = new ArrayList<>(server.getSpec().pools());
        pools.addAll(running.network().pools());
        lent.ranges().forEach(range -> pools.add(range.toString()));
        return new ServerTerms(methods.stream().allMatch(AuthMethod::worksWithNtHash),
                methods.stream().anyMatch(AuthMethod::worksWithNtHash), localIP,
                new AddressRights(localIP, pools, server.getSpec().users().allowedNetworks()), profiles);
    }
}
