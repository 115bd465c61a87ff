package io.pptpoperator.dataplane.session;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import io.pptpoperator.protocol.ppp.ccp.EncryptionDemand;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What one user's session may have. What is empty is as the server's configuration says.
 *
 * @param address which address inside the tunnel
 * @param routes networks behind the client
 * @param dns name servers, none to two
 * @param wins NetBIOS name servers, none to two
 * @param sessions how many sessions the user may have, 0 for any number
 * @param idleTimeout how long a session may carry no data, zero for ever
 * @param maxDuration how long a session may last, zero for ever
 * @param encryption what is asked of encryption beyond the server's own policy
 */
public record Terms(AddressWish address, List<Ipv4Prefix> routes, Optional<List<Ipv4Address>> dns,
        Optional<List<Ipv4Address>> wins, OptionalInt sessions, Optional<Duration> idleTimeout,
        Optional<Duration> maxDuration, EncryptionDemand encryption) {

    /** Everything as the server's configuration says. */
    public static final Terms USUAL = new Terms(new AddressWish.Any(), List.of(), Optional.empty(), Optional.empty(),
            OptionalInt.empty(), Optional.empty(), Optional.empty(), EncryptionDemand.NONE);

    /** Which address a session is to have. */
    public sealed interface AddressWish {

        /** Any of the pools. */
        record Any() implements AddressWish {}

        /** The user's static one, which is lent to nobody else; while it cannot be had, any of the pools. */
        record Static(Ipv4Address address) implements AddressWish {}

        /** This one of the pools and no other: where somebody else has it, the login fails. */
        record Only(Ipv4Address address) implements AddressWish {}
    }

    /** Copies the lists. */
    public Terms {
        routes = List.copyOf(routes);
        dns = dns.map(List::copyOf);
        wins = wins.map(List::copyOf);
    }

    /** These, with another address, networks behind the client, and another number of sessions. */
    Terms with(AddressWish wish, List<Ipv4Prefix> networks, OptionalInt most) {
        return new Terms(wish, networks, dns, wins, most, idleTimeout, maxDuration, encryption);
    }
}
