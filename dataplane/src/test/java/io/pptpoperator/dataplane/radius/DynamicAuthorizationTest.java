package io.pptpoperator.dataplane.radius;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import io.pptpoperator.protocol.radius.AttributeType;
import io.pptpoperator.protocol.radius.DynamicRequest;
import io.pptpoperator.protocol.radius.DynamicRequest.ErrorCause;
import io.pptpoperator.protocol.radius.PacketAuthentication;
import io.pptpoperator.protocol.radius.PacketAuthentication.Demand;
import io.pptpoperator.protocol.radius.RadiusAttribute;
import io.pptpoperator.protocol.radius.RadiusCode;
import io.pptpoperator.protocol.radius.RadiusException;
import io.pptpoperator.protocol.radius.RadiusPacket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DynamicAuthorizationTest {
    private static final PacketAuthentication OURS = new PacketAuthentication("s".getBytes(StandardCharsets.UTF_8));
    private static final Ipv4Address BILLING = Ipv4Address.parse("10.0.0.5");
    private static final long NOW = 1_796_000_000L;

    private final List<DynamicRequest> asked = new ArrayList<>();
    private Optional<ErrorCause> refusal = Optional.empty();
    private final List<RadiusCode> answered = new ArrayList<>();
    private final DynamicAuthorization port = new DynamicAuthorization(List.of(Ipv4Prefix.parse("10.0.0.5/32")), OURS,
            () -> new NasIdentity("vpn/office/0", Ipv4Address.parse("192.0.2.1")), request -> {
                asked.add(request);
                return refusal;
            }, () -> NOW, answered::add);

    private static RadiusPacket request(RadiusCode code, RadiusAttribute... attributes) {
        return new RadiusPacket(code, 9, new byte[16], List.of(attributes));
    }

    private static RadiusAttribute session() {
        return RadiusAttribute.of(AttributeType.ACCT_SESSION_ID, "s-1");
    }

    private RadiusPacket answer(RadiusPacket request) throws RadiusException {
        byte[] bytes = OURS.signRequest(request);
        return OURS.readReply(port.answer(bytes, BILLING, 4711), request, Arrays.copyOfRange(bytes, 4, 20),
                Demand.MESSAGE_AUTHENTICATOR);
    }

    @Test
    void whatIsDoneIsAcknowledgedAndWhatIsNotSaysWhy() throws RadiusException {
        assertThat(answer(request(RadiusCode.DISCONNECT_REQUEST, session())).code())
                .isEqualTo(RadiusCode.DISCONNECT_ACK);
        refusal = Optional.of(ErrorCause.SESSION_CONTEXT_NOT_FOUND);
        RadiusPacket nak = answer(
                request(RadiusCode.COA_REQUEST, session(), RadiusAttribute.of(AttributeType.IDLE_TIMEOUT, 5)));

        assertThat(nak.code()).isEqualTo(RadiusCode.COA_NAK);
        assertThat(nak.number(AttributeType.ERROR_CAUSE)).hasValue(503);
        assertThat(asked).hasSize(2);
    }

    @Test
    void theSameAgainIsAnsweredFromMemory() throws RadiusException {
        byte[] bytes = OURS.signRequest(request(RadiusCode.DISCONNECT_REQUEST, session()));
        byte[] first = port.answer(bytes, BILLING, 4711);
        refusal = Optional.of(ErrorCause.SESSION_CONTEXT_NOT_FOUND);

        assertThat(port.answer(bytes, BILLING, 4711)).isEqualTo(first);
        assertThat(asked).hasSize(1);
        assertThat(port.answer(bytes, BILLING, 4712)).as("from another port it is another's").isNotEqualTo(first);
    }

    @Test
    void strangersForgersAndOldCopiesGetNoAnswer() {
        byte[] good = OURS.signRequest(request(RadiusCode.DISCONNECT_REQUEST, session()));
        byte[] forged = new PacketAuthentication("other".getBytes(StandardCharsets.UTF_8))
                .signRequest(request(RadiusCode.DISCONNECT_REQUEST, session()));
        byte[] old = OURS.signRequest(request(RadiusCode.DISCONNECT_REQUEST, session(),
                RadiusAttribute.of(AttributeType.EVENT_TIMESTAMP, NOW - 301)));
        byte[] login = OURS.signRequest(request(RadiusCode.ACCESS_REQUEST, session()));

        assertThatThrownBy(() -> port.answer(good, Ipv4Address.parse("10.0.0.6"), 1))
                .hasMessage("10.0.0.6 may not ask");
        assertThatThrownBy(() -> port.answer(forged, BILLING, 1)).hasMessageContaining("Request Authenticator");
        assertThatThrownBy(() -> port.answer(old, BILLING, 1)).hasMessageContaining("Event-Timestamp");
        assertThatThrownBy(() -> port.answer(login, BILLING, 1)).isInstanceOf(RadiusException.class);
        assertThat(asked).isEmpty();
    }

    @Test
    void whatIsMeantForAnotherAccessServerIsNotDone() throws RadiusException {
        RadiusPacket other = answer(request(RadiusCode.DISCONNECT_REQUEST, session(),
                RadiusAttribute.of(AttributeType.NAS_IDENTIFIER, "vpn/office/1")));
        RadiusPacket ours = answer(request(RadiusCode.DISCONNECT_REQUEST, session(),
                RadiusAttribute.of(AttributeType.NAS_IDENTIFIER, "vpn/office/0"),
                RadiusAttribute.of(AttributeType.NAS_IP_ADDRESS, Ipv4Address.parse("192.0.2.1"))));

        assertThat(other.number(AttributeType.ERROR_CAUSE)).hasValue(403);
        assertThat(ours.code()).isEqualTo(RadiusCode.DISCONNECT_ACK);
        assertThat(asked).hasSize(1);
    }

    @Test
    void anImpossibleChangeChangesNothing() throws RadiusException {
        RadiusPacket nak = answer(
                request(RadiusCode.COA_REQUEST, session(), RadiusAttribute.of(AttributeType.SESSION_TIMEOUT, 60),
                        RadiusAttribute.of(AttributeType.FRAMED_POOL, "other")));

        assertThat(nak.number(AttributeType.ERROR_CAUSE)).hasValue(401);
        assertThat(asked).isEmpty();
    }

    @Test
    void memoryIsBounded() throws RadiusException {
        for (int k = 0; k < 3_000; k++) {
            port.answer(OURS.signRequest(request(RadiusCode.DISCONNECT_REQUEST,
                    RadiusAttribute.of(AttributeType.ACCT_SESSION_ID, "s-" + k))), BILLING, 1);
        }
        assertThat(asked).hasSize(3_000);
        byte[] last = OURS.signRequest(
                request(RadiusCode.DISCONNECT_REQUEST, RadiusAttribute.of(AttributeType.ACCT_SESSION_ID, "s-2999")));
        byte[] first = OURS.signRequest(
                request(RadiusCode.DISCONNECT_REQUEST, RadiusAttribute.of(AttributeType.ACCT_SESSION_ID, "s-0")));
        port.answer(last, BILLING, 1);
        assertThat(asked).as("the last is remembered").hasSize(3_000);
        port.answer(first, BILLING, 1);
        assertThat(asked).as("the first no more").hasSize(3_001);
    }
}
