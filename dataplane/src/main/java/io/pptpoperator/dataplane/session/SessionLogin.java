package io.pptpoperator.dataplane.session;

import io.pptpoperator.dataplane.config.ServerConfig;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import io.pptpoperator.protocol.ppp.auth.LoginGrant;
import io.pptpoperator.protocol.ppp.auth.LoginProof;
import io.pptpoperator.protocol.ppp.ipcp.AddressPlan;
import java.util.Optional;

/** Who has logged in on a session's link, on which terms, and which address was leased for it. */
final class SessionLogin {
    private final ServerConfig.Network network;
    private Optional<Verdict.Proven> proven = Optional.empty();
    private Optional<AuthMethod> method = Optional.empty();
    private Optional<Ipv4Address> lease = Optional.empty();
    private Optional<Ipv4Address> address = Optional.empty();

    /** @param network what the session's addresses go with */
    SessionLogin(ServerConfig.Network network) {
        this.network = network;
    }

    /** The user is in, with this address. */
    void admitted(Verdict.Proven verdict, AuthMethod provenBy, Ipv4Address leased) {
        proven = Optional.of(verdict);
        method = Optional.of(provenBy);
        lease = Optional.of(leased);
        address = lease;
    }

    /** The user may have something else from now on. */
    void change(Terms terms) {
        proven = proven.map(it -> new Verdict.Proven(it.username(), it.proof(), terms, it.by()));
    }

    /** The user was let in by another process, on these terms. */
    void takenOver(SessionSnapshot.Login before, Authority by) {
        admitted(new Verdict.Proven(before.username(), LoginProof.WELCOME, before.terms(), by), before.method(),
                before.address());
    }

    /** What another process needs to take it over; empty unless there is a lease. */
    Optional<SessionSnapshot.Login> snapshot() {
        return lease.map(leased -> new SessionSnapshot.Login(username().orElseThrow(), method.orElseThrow(), terms(),
                leased, authority().orElseThrow().name()));
    }

    /** What the link may have. */
    LoginGrant grant(Profiles profiles) {
        Terms terms = terms();
        AddressPlan plan = new AddressPlan(network.localIP(), lease.orElseThrow(),
                profiles.dns(terms).orElse(network.dns()), profiles.wins(terms).orElse(network.wins()));
        return new LoginGrant(Optional.of(plan), terms.encryption());
    }

    /** Ends the lease, if there is one, and says which it was. */
    Optional<Ipv4Address> takeLease() {
        Optional<Ipv4Address> taken = lease;
        lease = Optional.empty();
        return taken;
    }

    /** The configured name of the user, once the password was right. */
    Optional<String> username() {
        return proven.map(Verdict.Proven::username);
    }

    /** What the session may have. */
    Terms terms() {
        return proven.map(Verdict.Proven::terms).orElse(Terms.USUAL);
    }

    /** Who has let the user in. */
    Optional<Authority> authority() {
        return proven.map(Verdict.Proven::by);
    }

    /** How the user proved the password. */
    Optional<AuthMethod> method() {
        return method;
    }

    /** The user's static address, if it has one. */
    Optional<Ipv4Address> wantedAddress() {
        return terms().address() instanceof Terms.AddressWish.Static(Ipv4Address wanted)
                ? Optional.of(wanted)
                : Optional.empty();
    }

    /** The client's address inside the tunnel; the one it had, once it is given back. */
    Optional<Ipv4Address> address() {
        return address;
    }
}
