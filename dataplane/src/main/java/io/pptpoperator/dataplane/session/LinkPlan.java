package io.pptpoperator.dataplane.session;

import io.pptpoperator.dataplane.config.ServerConfig;
import io.pptpoperator.protocol.ppp.auth.AuthExchanges;
import io.pptpoperator.protocol.ppp.auth.AuthenticatorSettings;
import io.pptpoperator.protocol.ppp.ccp.EncryptionPolicy;
import io.pptpoperator.protocol.ppp.ccp.EncryptionSettings;
import io.pptpoperator.protocol.ppp.lcp.EchoSettings;
import io.pptpoperator.protocol.ppp.link.LinkConfig;
import io.pptpoperator.protocol.ppp.link.LinkRole;
import io.pptpoperator.protocol.ppp.link.LinkSnapshot;
import io.pptpoperator.protocol.ppp.link.LinkTimers;
import io.pptpoperator.protocol.ppp.link.PppLink;
import java.security.SecureRandom;
import java.util.Set;

/** Turns the server's configuration into a PPP link's. */
final class LinkPlan {

    private LinkPlan() {}

    static PppLink serverLink(ServerConfig config, int mtu, SecureRandom random) {
        return new PppLink(linkConfig(config, mtu, random), random);
    }

    /** One that goes on where another one was. */
    static PppLink serverLink(ServerConfig config, int mtu, SecureRandom random, LinkSnapshot up, long now) {
        return new PppLink(linkConfig(config, mtu, random), random, up, now);
    }

    private static LinkConfig linkConfig(ServerConfig config, int mtu, SecureRandom random) {
        AuthenticatorSettings settings = new AuthenticatorSettings(config.name(), config.authentication().retries());
        LinkRole role = new LinkRole.Server(config.authentication().methods(),
                method -> AuthExchanges.authenticator(method, settings, random));
        return new LinkConfig(role, mtu, encryption(config.encryption()), echo(config.keepalive()),
                LinkTimers.STANDARD);
    }

    private static EncryptionSettings encryption(ServerConfig.Encryption encryption) {
        EncryptionPolicy policy = switch (encryption.policy()) {
            case REQUIRED -> EncryptionPolicy.REQUIRED;
            case PREFERRED -> EncryptionPolicy.PREFERRED;
            case OFF -> EncryptionPolicy.OFF;
        };
        return new EncryptionSettings(policy, Set.copyOf(encryption.keyLengths()), encryption.allowStateful());
    }

    private static EchoSettings echo(ServerConfig.Keepalive keepalive) {
        return new EchoSettings(keepalive.interval().toMillis(), keepalive.failures());
    }
}
