package io.pptpoperator.dataplane.session;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import io.pptpoperator.protocol.ppp.ccp.EncryptionDemand;
import io.pptpoperator.protocol.radius.RadiusAttribute;
import io.pptpoperator.protocol.rate.OctetLimit;
import io.pptpoperator.protocol.rate.RateLimit;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What one user's session may have. What is empty is as the profile says, and then as the server's configuration says.
 *
 * @param address which address inside the tunnel
 * @param pool name of the pool that it is taken from, where any of the pools would do
 * @param routes networks behind the client
 * @param dns name servers, none to two
 * @param wins NetBIOS name servers, none to two
 * @param mtu the largest IP packet to the client in bytes, if it is to be less than what fits the tunnel
 * @param limits how many, how long, how fast, how much
 * @param encryption what is asked of encryption beyond the server's own policy
 * @param profile name of the profile that says what else
 * @param accounting how the session is reported
 */
public record Terms(AddressWish address, Optional<String> pool, List<Ipv4Prefix> routes,
        Optional<List<Ipv4Address>> dns, Optional<List<Ipv4Address>> wins, OptionalInt mtu, Limits limits,
        EncryptionDemand encryption, Optional<String> profile, Accounting accounting) {

    /** Everything as the server's configuration says. */
    public static final Terms USUAL = new Terms(new AddressWish.Any(), Optional.empty(), List.of(), Optional.empty(),
            Optional.empty(), OptionalInt.empty(), Limits.USUAL, EncryptionDemand.NONE, Optional.empty(),
            Accounting.USUAL);

    /** Which address a session is to have. */
    public sealed interface AddressWish {

        /** Any of the pools. */
        record Any() implements AddressWish {}

        /** The user's static one, which is lent to nobody else; while it cannot be had, any of the pools. */
        record Static(Ipv4Address address) implements AddressWish {}

        /** This one and no other, of a pool or not: where somebody else has it, the login fails. */
        record Only(Ipv4Address address) implements AddressWish {}
    }

    /**
     * How many, how long, how fast, how much.
     *
     * @param sessions how many sessions the user may have, 0 for any number
     * @param idleTimeout how long a session may carry no data, zero for ever
     * @param maxDuration how long a session may last, zero for ever
     * @param rate how fast it may be
     * @param octets how many bytes it may have
     */
    public record Limits(OptionalInt sessions, Optional<Duration> idleTimeout, Optional<Duration> maxDuration,
            Optional<RateLimit> rate, Optional<OctetLimit> octets) {

        /** As the server's configuration says. */
        public static final Limits USUAL = new Limits(OptionalInt.empty(), Optional.empty(), Optional.empty(),
                Optional.empty(), Optional.empty());
    }

    /**
     * How a session is reported to whoever keeps the books.
     *
     * @param interval time between two records of a session that goes on
     * @param classes what the server that let the user in wants to read in each record, as it said it
     */
    public record Accounting(Optional<Duration> interval, List<RadiusAttribute> classes) {

        /** As the server's configuration says. */
        public static final Accounting USUAL = new Accounting(Optional.empty(), List.of());

        /** Copies the list. */
        public Accounting {
            classes = List.copyOf(classes);
        }
    }

    /** Copies the lists. */
    public Terms {
        routes = List.copyOf(routes);
        dns = dns.map(List::copyOf);
        wins = wins.map(List::copyOf);
    }

    /** These, with another address, and networks behind the client. */
    public Terms with(AddressWish wish, List<Ipv4Prefix> networks) {
        return new Terms(wish, pool, networks, dns, wins, mtu, limits, encryption, profile, accounting);
    }

    /** These, with another profile, or none. */
    public Terms withProfile(Optional<String> other) {
        return new Terms(address, pool, routes, dns, wins, mtu, limits, encryption, other, accounting);
    }

    /** These, with other limits. */
    public Terms with(Limits others) {
        return new Terms(address, pool, routes, dns, wins, mtu, others, encryption, profile, accounting);
    }

    /** These, with something else asked of encryption. */
    public Terms with(EncryptionDemand demand) {
        return new Terms(address, pool, routes, dns, wins, mtu, limits, demand, profile, accounting);
    }
}
