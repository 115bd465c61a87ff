package io.pptpoperator.operator.roster;

import io.pptpoperator.crds.Authentication;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.dataplane.config.ServerConfig;
import io.pptpoperator.dataplane.ppp.auth.AuthMethod;
import java.util.List;

/**
 * What a server's settings mean for its users.
 *
 * @param ntHashesSuffice whether no authentication method needs the password itself
 * @param ntHashesWork whether there is a method for which an NT hash is enough
 * @param localIp the server's own address
 */
public record ServerTerms(boolean ntHashesSuffice, boolean ntHashesWork, String localIp) {

    /** As the resource says. */
    public static ServerTerms of(PptpServer server) {
        List<Authentication.Method> methods = server.getSpec().authentication().methods();
        return new ServerTerms(methods.stream().allMatch(Authentication.Method::worksWithNtHash),
                methods.stream().anyMatch(Authentication.Method::worksWithNtHash),
                server.getSpec().localIp());
    }

    /** As a data plane was told. */
    public static ServerTerms of(ServerConfig server) {
        List<AuthMethod> methods = server.authentication().methods();
        return new ServerTerms(methods.stream().allMatch(AuthMethod::worksWithNtHash),
                methods.stream().anyMatch(AuthMethod::worksWithNtHash),
                server.network().localAddress().toString());
    }
}
