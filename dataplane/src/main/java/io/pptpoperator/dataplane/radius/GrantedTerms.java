package io.pptpoperator.dataplane.radius;

import io.pptpoperator.dataplane.session.Terms;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import io.pptpoperator.protocol.ppp.ccp.EncryptionDemand;
import io.pptpoperator.protocol.radius.Grants;
import io.pptpoperator.protocol.radius.LoginReply;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Turns what a RADIUS server grants into what a session may have at this server. */
public final class GrantedTerms {
    private final Predicate<Ipv4Prefix> mayBeRouted;

    /** @param mayBeRouted whether a network can lie behind a client without taking anything from this host */
    public GrantedTerms(Predicate<Ipv4Prefix> mayBeRouted) {
        this.mayBeRouted = mayBeRouted;
    }

    /**
     * The terms.
     *
     * @param notes is told sentences about what is left out
     */
    Terms of(LoginReply.Accepted reply, Consumer<String> notes) {
        Grants grants = reply.grants();
        List<Ipv4Prefix> routes = grants.routes().stream().filter(route -> {
            boolean free = mayBeRouted.test(route);
            if (!free) {
                notes.accept("Framed-Route " + route + " is left out: this host has something there itself");
            }
            return free;
        }).toList();
        grants.pool().ifPresent(it -> notes.accept("Framed-Pool " + it + " is left out: there is one set of pools"));
        grants.mtu().ifPresent(it -> notes.accept("Framed-MTU " + it + " is left out: the MTU is the server's"));
        Terms.AddressWish address = grants
                .address().<Terms.AddressWish>map(Terms.AddressWish.Only::new).orElse(new Terms.AddressWish.Any());
        return new Terms(address, routes, some(grants.dns()), some(grants.wins()), grants.sessions(),
                seconds(grants.idleTimeout()), seconds(grants.sessionTimeout()),
                new EncryptionDemand(reply.encryption().required(), reply.encryption().keyBits()));
    }

    private static <T> Optional<List<T>> some(List<T> list) {
        return list.isEmpty() ? Optional.empty() : Optional.of(list);
    }

    private static Optional<Duration> seconds(OptionalLong seconds) {
        return seconds.isPresent() ? Optional.of(Duration.ofSeconds(seconds.getAsLong())) : Optional.empty();
    }
}
