package io.pptpoperator.dataplane.radius;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.session.ConnectedUsers;
import io.pptpoperator.dataplane.session.Session;
import io.pptpoperator.dataplane.session.Terms;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import io.pptpoperator.protocol.ppp.link.TerminationReason;
import io.pptpoperator.protocol.radius.AttributeType;
import io.pptpoperator.protocol.radius.PacketAuthentication;
import io.pptpoperator.protocol.radius.PacketAuthentication.Demand;
import io.pptpoperator.protocol.radius.RadiusAttribute;
import io.pptpoperator.protocol.radius.RadiusCode;
import io.pptpoperator.protocol.radius.RadiusException;
import io.pptpoperator.protocol.radius.RadiusPacket;
import io.pptpoperator.protocol.rate.RateLimit;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What orders of a RADIUS server do to sessions, from the datagram to the clients, in virtual time. */
class SessionChangesTest {
    private static final PacketAuthentication SECRET = new PacketAuthentication("s".getBytes(StandardCharsets.UTF_8));
    private static final Ipv4Address BILLING = Ipv4Address.parse("10.0.0.5");

    private final ConnectedUsers users = new ConnectedUsers();
    private final List<Session> changed = new ArrayList<>();
    private final DynamicAuthorization port = new DynamicAuthorization(List.of(Ipv4Prefix.parse("10.0.0.5/32")), SECRET,
            () -> new NasIdentity("vpn/office/0", Ipv4Address.parse("192.0.2.1")), new SessionChanges(users.sessions(),
                    new GrantedTerms(it -> Optional.empty(), () -> Set.of("gold")), changed::add, users::now),
            () -> users.time().getEpochSecond(), code -> {});
    private int identifier;

    private RadiusPacket order(RadiusCode code, RadiusAttribute... attributes) throws RadiusException {
        var request = new RadiusPacket(code, identifier++, new byte[16], List.of(attributes));
        byte[] bytes = SECRET.signRequest(request);
        return SECRET.readReply(port.answer(bytes, BILLING, 4711), request, Arrays.copyOfRange(bytes, 4, 20),
                Demand.MESSAGE_AUTHENTICATOR);
    }

    private static RadiusAttribute user(String name) {
        return RadiusAttribute.of(AttributeType.USER_NAME, name);
    }

    private static RadiusAttribute session(Session session) {
        return RadiusAttribute.of(AttributeType.ACCT_SESSION_ID, session.id());
    }

    /** What ends the session is on its way before the answer is. */
    @Test
    void whoseDisconnectIsAcknowledgedIsCutOffAlready() throws RadiusException {
        assertThat(order(RadiusCode.DISCONNECT_REQUEST, user("alice")).code()).isEqualTo(RadiusCode.DISCONNECT_ACK);

        assertThat(users.alice().isConnected()).as("IP may pass").isFalse();
        users.run(Duration.ZERO);
        assertThat(users.terminateRequests()).isOne();
        users.run(Duration.ofSeconds(1));
        assertThat(users.ends()).containsExactly(TerminationReason.ADMIN);
        assertThat(users.alice().detail()).isEqualTo("a RADIUS server asked for it");
        assertThat(users.bob().isConnected()).isTrue();
    }

    @Test
    void aSessionWhoseClientIsDeadEndsWithinASecondAsWell() throws RadiusException {
        users.aliceDies();
        order(RadiusCode.DISCONNECT_REQUEST, session(users.alice()));

        users.run(Duration.ofSeconds(1));

        assertThat(users.ends()).containsExactly(TerminationReason.ADMIN);
    }

    @Test
    void whoIsNotThereIsNotFoundAndNothingIsDone() throws RadiusException {
        assertThat(order(RadiusCode.DISCONNECT_REQUEST, user("mallory")).number(AttributeType.ERROR_CAUSE))
                .hasValue(503);
        assertThat(order(RadiusCode.COA_REQUEST, user("alice"), session(users.bob()),
                RadiusAttribute.of(AttributeType.SESSION_TIMEOUT, 60)).number(AttributeType.ERROR_CAUSE))
                .as("all that is said must fit")
                .hasValue(503);
        order(RadiusCode.DISCONNECT_REQUEST, session(users.alice()));
        assertThat(order(RadiusCode.DISCONNECT_REQUEST, session(users.alice())).number(AttributeType.ERROR_CAUSE))
                .as("it is about to end")
                .hasValue(503);

        users.run(Duration.ofMinutes(2));
        assertThat(users.ends()).hasSize(1);
        assertThat(changed).isEmpty();
    }

    @Test
    void aChangeTakesEffectAtOnceAndLeavesTheRestAsItWas() throws RadiusException {
        Terms before = users.alice().terms();

        assertThat(order(RadiusCode.COA_REQUEST, user("alice"), RadiusAttribute.of(AttributeType.SESSION_TIMEOUT, 300),
                RadiusAttribute.of(AttributeType.MIKROTIK_RATE_LIMIT, "2M/10M"),
                RadiusAttribute.of(AttributeType.ACCT_INTERIM_INTERVAL, 120)).code()).isEqualTo(RadiusCode.COA_ACK);

        assertThat(changed).containsExactly(users.alice());
        Terms now = users.alice().terms();
        assertThat(now.limits().rate()).contains(new RateLimit(2_000_000, 10_000_000, 0, 0));
        assertThat(now.accounting().interval()).contains(Duration.ofMinutes(2));
        assertThat(now.limits().idleTimeout()).isEqualTo(before.limits().idleTimeout());
        assertThat(users.bob().terms()).isEqualTo(before);
        users.run(Duration.ofSeconds(295));
        assertThat(users.ends()).isEmpty();
        users.run(Duration.ofSeconds(10));
        assertThat(users.ends()).containsExactly(TerminationReason.SESSION_TIMEOUT);
        assertThat(users.bob().isConnected()).isTrue();
    }

    @Test
    void aChangeThatIsNotPossibleInPartIsNotDoneAtAll() throws RadiusException {
        Terms before = users.alice().terms();

        assertThat(order(RadiusCode.COA_REQUEST, user("alice"), RadiusAttribute.of(AttributeType.SESSION_TIMEOUT, 1),
                RadiusAttribute.of(AttributeType.FILTER_ID, "silver")).number(AttributeType.ERROR_CAUSE)).hasValue(407);

        assertThat(users.alice().terms()).isEqualTo(before);
        assertThat(changed).isEmpty();
        users.run(Duration.ofMinutes(1));
        assertThat(users.ends()).isEmpty();
    }
}
