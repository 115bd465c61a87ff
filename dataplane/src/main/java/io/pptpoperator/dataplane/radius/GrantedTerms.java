package io.pptpoperator.dataplane.radius;

import io.pptpoperator.dataplane.session.Terms;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import io.pptpoperator.protocol.ppp.ccp.EncryptionDemand;
import io.pptpoperator.protocol.radius.Grants;
import io.pptpoperator.protocol.radius.LoginReply;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** Turns what a RADIUS server grants into what a session may have at this server. */
public final class GrantedTerms {
    /** RFC 791: what every link has to carry, and more than a client's stack is asked to do without. */
    private static final int LEAST_MTU = 576;
    /** No server can make this PAC busy with reports. */
    private static final long LEAST_INTERVAL = 60;

    private final Function<Ipv4Prefix, Optional<String>> overlap;
    private final Supplier<Set<String>> profiles;

    /**
     * @param overlap which network of this host these addresses would take something from, as the end of a sentence
     * @param profiles the names of the profiles that there are
     */
    public GrantedTerms(Function<Ipv4Prefix, Optional<String>> overlap, Supplier<Set<String>> profiles) {
        this.overlap = overlap;
        this.profiles = profiles;
    }

    /**
     * The terms.
     *
     * @param notes is told sentences about what is left out
     */
    Terms of(LoginReply.Accepted reply, Consumer<String> notes) {
        Grants grants = reply.grants();
        List<Ipv4Prefix> routes = grants.routes()
                .stream()
                .filter(route -> isFree("Framed-Route " + route, route, "it is left out", notes))
                .toList();
        grants.pool()
                .ifPresent(it -> notes.accept("Framed-Pool " + it + ": there are no pools with names; it is left out"));
        // Where there are none it can mean none; where there are some, its user must not have more than it says.
        Optional<String> profile = grants.profile().filter(it -> !profiles.get().isEmpty());
        grants.profile()
                .filter(it -> profile.isEmpty())
                .ifPresent(it -> notes.accept("Filter-Id " + it + ": there are no profiles; it is left out"));
        Terms.AddressWish address = grants.address()
                .filter(it -> isFree("Framed-IP-Address " + it, new Ipv4Prefix(it, 32),
                        "an address of the pools is given instead", notes)).<Terms
                                .AddressWish>map(Terms.AddressWish.Only::new)
                .orElse(new Terms.AddressWish.Any());
        return new Terms(address, grants.pool(), routes, some(grants.dns()), some(grants.wins()), mtu(grants),
                new Terms.Limits(grants.sessions(), seconds(grants.idleTimeout()), seconds(grants.sessionTimeout()),
                        grants.rate(), grants.octets()),
                new EncryptionDemand(reply.encryption().required(), reply.encryption().keyBits()), profile,
                new Terms.Accounting(interval(grants), grants.classes()));
    }

    /** Whether this host has all that a CoA asks for. */
    boolean isPossible(Grants change) {
        return change.profile().filter(it -> !profiles.get().contains(it)).isEmpty();
    }

    /** What a CoA makes of a session's terms: what it does not name stays. */
    static Terms changed(Terms terms, Grants change) {
        Terms.Limits limits = terms.limits();
        Terms.Accounting accounting = terms.accounting();
        return new Terms(terms.address(), terms.pool(), terms.routes(), terms.dns(), terms.wins(), terms.mtu(),
                new Terms.Limits(limits.sessions(), seconds(change.idleTimeout()).or(limits::idleTimeout),
                        seconds(change.sessionTimeout()).or(limits::maxDuration), change.rate().or(limits::rate),
                        limits.octets()),
                terms.encryption(), change.profile().or(terms::profile),
                new Terms.Accounting(interval(change).or(accounting::interval),
                        change.classes().isEmpty() ? accounting.classes() : change.classes()));
    }

    private boolean isFree(String what, Ipv4Prefix wanted, String consequence, Consumer<String> notes) {
        Optional<String> taken = overlap.apply(wanted);
        taken.ifPresent(it -> notes.accept(what + " " + it + ": " + consequence));
        return taken.isEmpty();
    }

    private static OptionalInt mtu(Grants grants) {
        return grants.mtu().isPresent()
                ? OptionalInt.of(Math.max(LEAST_MTU, grants.mtu().getAsInt()))
                : OptionalInt.empty();
    }

    private static Optional<Duration> interval(Grants grants) {
        return seconds(grants.interimInterval()).filter(it -> !it.isZero())
                .map(it -> it.compareTo(Duration.ofSeconds(LEAST_INTERVAL)) < 0
                        ? Duration.ofSeconds(LEAST_INTERVAL)
                        : it);
    }

    private static Optional<List<Ipv4Address>> some(List<Ipv4Address> list) {
        return list.isEmpty() ? Optional.empty() : Optional.of(list);
    }

    private static Optional<Duration> seconds(OptionalLong seconds) {
        return seconds.isPresent() ? Optional.of(Duration.ofSeconds(seconds.getAsLong())) : Optional.empty();
    }
}
