package io.pptpoperator.protocol.ppp.link;

import io.pptpoperator.protocol.mppe.MppeStartKeys;
import io.pptpoperator.protocol.ppp.auth.AuthAction;
import io.pptpoperator.protocol.ppp.auth.AuthExchange;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import io.pptpoperator.protocol.ppp.auth.LoginFailure;
import io.pptpoperator.protocol.ppp.auth.LoginGrant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A login without cryptography, shaped like CHAP: challenge (1), response with the password in clear (2), success (3),
 * failure (4), retry (5). Both ends repeat themselves every three seconds, as the real exchanges do.
 */
final class FakeExchange implements AuthExchange {
    static final byte[] CHALLENGE = {1};
    static final byte[] SUCCESS = {3};
    static final byte[] FAILURE = {4};
    static final byte[] RETRY = {5};
    static final String USER = "testvpn1";

    private static final long PERIOD = 3_000;
    private static final int TRIES = 10;

    private final AuthMethod method;
    private final boolean server;
    private final boolean shortKeys;
    private final LoginGrant grant;
    private final byte[] response;
    private int tries;
    private boolean done;
    private long deadline = Long.MAX_VALUE;

    private FakeExchange(AuthMethod method, boolean server, String password, boolean shortKeys) {
        this(method, server, password, shortKeys, server ? LoginGrant.of(LinkConfigs.PLAN) : LoginGrant.NONE);
    }

    private FakeExchange(AuthMethod method, boolean server, String password, boolean shortKeys, LoginGrant grant) {
        this.method = method;
        this.grant = grant;
        this.server = server;
        this.shortKeys = shortKeys;
        response = new byte[1 + password.length()];
        response[0] = 2;
        for (int i = 0; i < password.length(); i++) {
            response[1 + i] = (byte) password.charAt(i);
        }
    }

    static AuthExchangeFactory server(String password) {
        return method -> new FakeExchange(method, true, password, true);
    }

    /** A server that grants its clients this. */
    static AuthExchangeFactory serverGranting(LoginGrant grant) {
        return method -> new FakeExchange(method, true, LinkConfigs.PASSWORD, true, grant);
    }

    static AuthExchangeFactory serverWithoutShortKeys(String password) {
        return method -> new FakeExchange(method, true, password, false);
    }

    static AuthExchangeFactory client(String password) {
        return method -> new FakeExchange(method, false, password, true);
    }

    static byte[] response(String password) {
        return new FakeExchange(AuthMethod.PAP, false, password, true).response;
    }

    @Override
    public List<AuthAction> start(long now) {
        return server ? repeat(CHALLENGE, now) : List.of();
    }

    private List<AuthAction> repeat(byte[] packet, long now) {
        tries++;
        deadline = now + PERIOD;
        return List.of(new AuthAction.Send(method.protocol(), packet));
    }

    @Override
    public List<AuthAction> receive(byte[] packet, long now) {
        if (packet.length == 0) {
            return List.of();
        }
        return server ? serverReceives(packet) : clientReceives(packet, now);
    }

    private List<AuthAction> serverReceives(byte[] packet) {
        if (packet[0] != 2) {
            return List.of();
        }
        if (packet.length == 1 && !done) {
            return List.of(new AuthAction.Send(method.protocol(), RETRY),
                    new AuthAction.Retrying(USER, method, LoginFailure.BAD_CREDENTIALS));
        }
        boolean right = Arrays.equals(packet, response);
        AuthAction answer = new AuthAction.Send(method.protocol(), right ? SUCCESS : FAILURE);
        if (done) {
            return List.of(answer);
        }
        done = true;
        deadline = Long.MAX_VALUE;
        return List.of(answer, right
                ? new AuthAction.Succeeded(USER, method, keys(), grant)
                : new AuthAction.Failed(USER, method, LoginFailure.BAD_CREDENTIALS, "wrong password or unknown user"));
    }

    private List<AuthAction> clientReceives(byte[] packet, long now) {
        return switch (packet[0]) {
            case 1, 5 -> repeat(response, now);
            case 3 -> {
                boolean first = !done;
                done = true;
                deadline = Long.MAX_VALUE;
                yield first ? List.of(new AuthAction.Succeeded(USER, method, keys(), grant)) : List.of();
            }
            case 4 -> {
                deadline = Long.MAX_VALUE;
                yield List.of(new AuthAction.Failed(USER, method, LoginFailure.BAD_CREDENTIALS, "E=691"));
            }
            default -> List.of();
        };
    }

    @Override
    public List<AuthAction> tick(long now) {
        if (now < deadline) {
            return List.of();
        }
        if (tries == TRIES) {
            deadline = Long.MAX_VALUE;
            return List.of(new AuthAction.Failed("", method, LoginFailure.TIMEOUT, "the peer did not answer"));
        }
        return repeat(server ? CHALLENGE : response, now);
    }

    @Override
    public long deadline() {
        return deadline;
    }

    private Optional<MppeStartKeys> keys() {
        if (!method.yieldsMppeKeys()) {
            return Optional.empty();
        }
        byte[] up = new byte[16];
        byte[] down = new byte[16];
        Arrays.fill(up, (byte) 1);
        Arrays.fill(down, (byte) 2);
        byte[] send = server ? down : up;
        byte[] receive = server ? up : down;
        return Optional.of(shortKeys
                ? new MppeStartKeys(send, receive, Arrays.copyOf(send, 8), Arrays.copyOf(receive, 8))
                : new MppeStartKeys(send, receive, null, null));
    }
}
