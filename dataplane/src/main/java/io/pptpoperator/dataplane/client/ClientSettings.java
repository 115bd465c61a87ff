package io.pptpoperator.dataplane.client;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.control.PnsSettings;
import io.pptpoperator.protocol.ppp.auth.AuthExchanges;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import io.pptpoperator.protocol.ppp.auth.SilentExchange;
import io.pptpoperator.protocol.ppp.ccp.EncryptionSettings;
import io.pptpoperator.protocol.ppp.lcp.EchoSettings;
import io.pptpoperator.protocol.ppp.link.AuthExchangeFactory;
import io.pptpoperator.protocol.ppp.link.LinkConfig;
import io.pptpoperator.protocol.ppp.link.LinkRole;
import io.pptpoperator.protocol.ppp.link.LinkTimers;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;

/**
 * What a client wants of a session, and how patient it is.
 *
 * @param login who logs in; empty for a session that agrees to any method and then stays silent, which shows how far a
 *     server lets a stranger come
 * @param encryption whether and how to encrypt
 * @param mru the longest information field, in bytes, that this end announces, and the largest IP packet either way
 * @param echo when to probe a silent server
 * @param timers how long PPP waits for what
 * @param replyTimeout milliseconds that the server may take for each control message it owes
 */
public record ClientSettings(Optional<Login> login, EncryptionSettings encryption, int mru, EchoSettings echo,
        LinkTimers timers, long replyTimeout) {

    /** What Windows announces. */
    public static final int USUAL_MRU = 1400;

    private static final long CONTROL_ECHO_INTERVAL = 60_000;
    private static final long STOP_TIMEOUT = 2_000;

    /** The usual patience: half a minute for each reply, and LCP echo on. */
    public static ClientSettings of(Login login, EncryptionSettings encryption) {
        return new ClientSettings(Optional.of(login), encryption, USUAL_MRU, EchoSettings.STANDARD, LinkTimers.STANDARD,
                30_000);
    }

    /** The control connection's part of it. */
    PnsSettings control(int callId) {
        PnsSettings usual = PnsSettings.windowsLike(callId);
        return new PnsSettings(usual.start(), usual.call(), CONTROL_ECHO_INTERVAL, replyTimeout, STOP_TIMEOUT);
    }

    /** The PPP link's part of it. */
    LinkConfig link(SecureRandom random) {
        List<AuthMethod> methods = login.map(Login::methods).orElse(AuthMethod.ofPasswords());
        LinkRole role = new LinkRole.Client(methods, exchanges(random), Ipv4Address.ANY, true);
        return new LinkConfig(role, mru, encryption, echo, timers);
    }

    private AuthExchangeFactory exchanges(SecureRandom random) {
        return method -> login.isEmpty()
                ? new SilentExchange()
                : AuthExchanges.peer(method, login.get().username(), login.get().password().value(), random);
    }
}
