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
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/** Turns what a RADIUS server grants into what a session may have at this server. */
public final class GrantedTerms {
    /** RFC 791: what every link has to carry, and more than a client's stack is asked to do without. */
    private static final int LEAST_MTU = 576;
    /** No server can make this PAC busy with reports. */
    private static final long LEAST_INTERVAL = 60;

    private final Function<Ipv4Prefix, Optional<String>> overlap;
    private final Predicate<String> isProfile;

    /**
     * @param overlap which network of this host these addresses would take something from, as the end of a sentence
     * @param isProfile whether there is a profile of this name
     */
    public GrantedTerms(Function<Ipv4Prefix, Optional<String>> overlap, Predicate<String> isProfile) {
        this.overlap = overlap;
        this.isProfile = isProfile;
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
        grants.profile()
                .filter(isProfile.negate())
                .ifPresent(
                        it -> notes.accept("Filter-Id " + it + ": there is no profile of this name; it is left out"));
        Terms.AddressWish address = grants.address()
                .filter(it -> isFree("Framed-IP-Address " + it, new Ipv4Prefix(it, 32),
                        "an address of the pools is given instead", notes)).<Terms
                                .AddressWish>map(Terms.AddressWish.Only::new)
                .orElse(new Terms.AddressWish.Any());
        return new Terms(address, grants.pool(), routes, some(grants.dns()), some(grants.wins()), mtu(grants),
                new Terms.Limits(grants.sessions(), seconds(grants.idleTimeout()), seconds(grants.sessionTimeout()),
                        grants.rate(), grants.octets()),
                new EncryptionDemand(reply.encryption().required(), reply.encryption().keyBits()),
                grants.profile().filter(isProfile), new Terms.Accounting(interval(grants), grants.classes()));
    }

    /** Whether this host has all that a CoA asks for. */
    boolean isPossible(Grants change) {
        return change.profile().filter(isProfile.negate()).isEmpty();
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
