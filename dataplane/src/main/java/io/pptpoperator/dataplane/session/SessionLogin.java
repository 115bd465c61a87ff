package io.pptpoperator.dataplane.session;

import io.pptpoperator.dataplane.config.ServerConfig;
import io.pptpoperator.dataplane.config.UserConfig;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import io.pptpoperator.protocol.ppp.auth.LoginFailure;
import io.pptpoperator.protocol.ppp.auth.LoginPolicy;
import io.pptpoperator.protocol.ppp.ipcp.AddressPlan;
import java.util.List;
import java.util.Optional;

/** Who has logged in on a session's link, and which address was leased for it. */
final class SessionLogin implements LoginPolicy {
    private final Session session;
    private final Sessions sessions;
    private final ServerConfig.Network network;
    private Optional<UserConfig> user = Optional.empty();
    private Optional<AuthMethod> method = Optional.empty();
    private Optional<Ipv4Address> lease = Optional.empty();
    private Optional<Ipv4Address> address = Optional.empty();

    SessionLogin(Session session, Sessions sessions) {
        this.session = session;
        this.sessions = sessions;
        this.network = sessions.config().network();
    }

    @Override
    public boolean mayTry(String name) {
        return sessions.backoff().mayTry(session.peer(), name, sessions.now());
    }

    @Override
    public Optional<Account> find(String name) {
        return sessions.users().find(name).map(found -> new Account(found.username(), found.credentials()));
    }

    @Override
    public Admission admit(Account account, AuthMethod provenBy) {
        sessions.backoff().proved(session.peer(), account.username());
        if (session.wasConnected() && !username().orElseThrow().equals(account.username())) {
            // A link may be negotiated anew, but the books, and the routes, are those of one user.
            return new Admission.Refused(LoginFailure.REFUSED);
        }
        giveBack();
        return switch (sessions.admit(session, account.username(), sessions.now())) {
            case Sessions.Granted.Address granted -> {
                user = Optional.of(granted.user());
                lease = Optional.of(granted.address());
                address = lease;
                method = Optional.of(provenBy);
                yield new Admission.Admitted();
            }
            case Sessions.Granted.Nothing nothing -> new Admission.Refused(nothing.reason());
        };
    }

    /** The two addresses of the link. */
    Optional<AddressPlan> addresses(String username) {
        return lease.map(leased -> new AddressPlan(network.localAddress(), leased, network.dns(), network.wins()));
    }

    /** Ends the lease, if there is one. */
    void giveBack() {
        lease.ifPresent(leased -> sessions.release(session, user.orElseThrow().username(), leased));
        lease = Optional.empty();
    }

    /** The configured name of the user, once the password was right. */
    Optional<String> username() {
        return user.map(UserConfig::username);
    }

    /** How the user proved the password. */
    Optional<AuthMethod> method() {
        return method;
    }

    /** The client's address inside the tunnel; the one it had, once it is given back. */
    Optional<Ipv4Address> address() {
        return address;
    }

    /** The user's static address, if it has one. */
    Optional<Ipv4Address> wantedAddress() {
        return user.flatMap(UserConfig::address);
    }

    /** Networks behind the client; for those who have logged in. */
    List<Ipv4Prefix> routes() {
        return user.orElseThrow().routes();
    }
}
