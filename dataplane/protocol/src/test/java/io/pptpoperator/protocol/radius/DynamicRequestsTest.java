package io.pptpoperator.protocol.radius;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.radius.AccountingRecord.Event;
import io.pptpoperator.protocol.radius.AccountingRecord.TerminateCause;
import io.pptpoperator.protocol.radius.DynamicRequest.ErrorCause;
import io.pptpoperator.protocol.rate.RateLimit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DynamicRequestsTest {
    private static final DynamicRequest.Identity SESSION = new DynamicRequest.Identity("s-1", "alice",
            Ipv4Address.parse("10.8.0.9"), Ipv4Address.parse("203.0.113.9"), 42);

    private static DynamicRequest read(RadiusCode code, RadiusAttribute... attributes) throws RadiusException {
        return DynamicRequests.read(new RadiusPacket(code, 1, new byte[16], List.of(attributes)));
    }

    private static boolean fits(RadiusAttribute... attributes) throws RadiusException {
        return ((DynamicRequest.Disconnect) read(RadiusCode.DISCONNECT_REQUEST, attributes)).target().fits(SESSION);
    }

    @Test
    void aSessionIsFoundByAnythingThatItsAccountingTold() throws RadiusException {
        var right = List.of(RadiusAttribute.of(AttributeType.ACCT_SESSION_ID, "s-1"),
                RadiusAttribute.of(AttributeType.USER_NAME, "alice"),
                RadiusAttribute.of(AttributeType.FRAMED_IP_ADDRESS, Ipv4Address.parse("10.8.0.9")),
                RadiusAttribute.of(AttributeType.CALLING_STATION_ID, "203.0.113.9"),
                RadiusAttribute.of(AttributeType.NAS_PORT, 42),
                RadiusAttribute.of(AttributeType.NAS_PORT_ID, "pptp42"));
        var wrong = List.of(RadiusAttribute.of(AttributeType.ACCT_SESSION_ID, "s-2"),
                RadiusAttribute.of(AttributeType.USER_NAME, "bob"),
                RadiusAttribute.of(AttributeType.FRAMED_IP_ADDRESS, Ipv4Address.parse("10.8.0.8")),
                RadiusAttribute.of(AttributeType.CALLING_STATION_ID, "203.0.113.8"),
                RadiusAttribute.of(AttributeType.NAS_PORT, 43),
                RadiusAttribute.of(AttributeType.NAS_PORT_ID, "pptp43"));

        for (int k = 0; k < right.size(); k++) {
            assertThat(fits(right.get(k))).as(right.get(k).name()).isTrue();
            assertThat(fits(wrong.get(k))).as(wrong.get(k).name()).isFalse();
            var all = new ArrayList<>(right);
            all.set(k, wrong.get(k));
            assertThat(fits(all.toArray(RadiusAttribute[]::new))).as("all but " + right.get(k).name()).isFalse();
        }
        assertThat(fits(right.toArray(RadiusAttribute[]::new))).isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = {"DISCONNECT_REQUEST", "COA_REQUEST"})
    void aRequestThatNamesNoSessionIsRefused(RadiusCode code) throws RadiusException {
        assertThat(read(code, RadiusAttribute.of(AttributeType.NAS_IDENTIFIER, "nas"))).isInstanceOfSatisfying(
                DynamicRequest.Impossible.class, it -> assertThat(it.cause()).isEqualTo(ErrorCause.MISSING_ATTRIBUTE));
    }

    @Test
    void aChangeIsTakenWholeOrNotAtAll() throws RadiusException {
        RadiusAttribute who = RadiusAttribute.of(AttributeType.ACCT_SESSION_ID, "s-1");
        RadiusAttribute timeout = RadiusAttribute.of(AttributeType.SESSION_TIMEOUT, 60);
        RadiusAttribute rate = RadiusAttribute.of(AttributeType.MIKROTIK_RATE_LIMIT, "1M/2M");

        assertThat(read(RadiusCode.COA_REQUEST, who, timeout, rate)).isInstanceOfSatisfying(DynamicRequest.Change.class,
                it -> {
                    assertThat(it.grants().sessionTimeout()).hasValue(60);
                    assertThat(it.grants().rate()).hasValue(new RateLimit(1_000_000, 2_000_000, 0, 0));
                });
        assertThat(read(RadiusCode.COA_REQUEST, who, timeout, RadiusAttribute.of(AttributeType.FRAMED_POOL, "x")))
                .isEqualTo(new DynamicRequest.Impossible(ErrorCause.UNSUPPORTED_ATTRIBUTE,
                        "Framed-Pool cannot be changed"));
        assertThat(read(RadiusCode.COA_REQUEST, who, timeout,
                RadiusAttribute.of(AttributeType.MIKROTIK_RATE_LIMIT, "fast")))
                .isEqualTo(new DynamicRequest.Impossible(ErrorCause.INVALID_ATTRIBUTE_VALUE,
                        "Mikrotik-Rate-Limit is not a rate such as 2M/10M"));
    }

    /** The address in a CoA-Request says which session, and is no new address. */
    @Test
    void whatNamesASessionIsNoGrant() throws RadiusException {
        assertThat(read(RadiusCode.COA_REQUEST,
                RadiusAttribute.of(AttributeType.FRAMED_IP_ADDRESS, Ipv4Address.parse("10.8.0.9")),
                RadiusAttribute.of(AttributeType.IDLE_TIMEOUT, 5)))
                .isInstanceOfSatisfying(DynamicRequest.Change.class, it -> assertThat(it.grants().address()).isEmpty());
    }

    @Test
    void aReplySaysWhyAndRepeatsWhatProxiesLeft() throws RadiusException {
        RadiusAttribute proxy = RadiusAttribute.of(AttributeType.PROXY_STATE, "p");
        var request = new RadiusPacket(RadiusCode.COA_REQUEST, 9, new byte[16], List.of(proxy));

        RadiusPacket refusal = DynamicRequests.reply(request, Optional.of(ErrorCause.SESSION_CONTEXT_NOT_FOUND));
        RadiusPacket done = DynamicRequests.reply(request, Optional.empty());

        assertThat(refusal.code()).isEqualTo(RadiusCode.COA_NAK);
        assertThat(refusal.number(AttributeType.ERROR_CAUSE)).hasValue(503);
        assertThat(refusal.all(AttributeType.PROXY_STATE)).containsExactly(proxy);
        assertThat(done.code()).isEqualTo(RadiusCode.COA_ACK);
        assertThat(done.identifier()).isEqualTo(9);
    }

    @Test
    void accountingCountsBeyondFourGibibytes() {
        RadiusAttribute group = RadiusAttribute.of(AttributeType.CLASS, "c");
        var record = new AccountingRecord(new Event.Stop(TerminateCause.LOST_CARRIER), "s-1", "alice",
                Optional.of(Ipv4Address.parse("10.8.0.9")), 90_000, (3L << 32) + 7, 5, 11, 12, true, List.of(group),
                List.of());

        RadiusPacket request = record.request(4, 1_796_000_000L, 61);

        assertThat(request.number(AttributeType.ACCT_STATUS_TYPE)).hasValue(2);
        assertThat(request.number(AttributeType.ACCT_INPUT_OCTETS)).hasValue(7);
        assertThat(request.number(AttributeType.ACCT_INPUT_GIGAWORDS)).hasValue(3);
        assertThat(request.number(AttributeType.ACCT_OUTPUT_OCTETS)).hasValue(5);
        assertThat(request.number(AttributeType.ACCT_OUTPUT_GIGAWORDS)).hasValue(0);
        assertThat(request.number(AttributeType.ACCT_SESSION_TIME)).hasValue(90_000);
        assertThat(request.number(AttributeType.ACCT_TERMINATE_CAUSE)).hasValue(2);
        assertThat(request.number(AttributeType.ACCT_DELAY_TIME)).hasValue(61);
        assertThat(request.number(AttributeType.EVENT_TIMESTAMP)).hasValue(1_796_000_000L);
        assertThat(request.all(AttributeType.CLASS)).containsExactly(group);
        assertThat(Arrays.equals(request.authenticator(), new byte[16])).isTrue();
    }

    @Test
    void aStartCountsNothing() {
        RadiusPacket request = new AccountingRecord(new Event.Start(), "s-1", "alice", Optional.empty(), 0, 0, 0, 0, 0,
                false, List.of(), List.of()).request(1, 0, 0);

        assertThat(request.number(AttributeType.ACCT_STATUS_TYPE)).hasValue(1);
        assertThat(request.number(AttributeType.ACCT_AUTHENTIC)).hasValue(2);
        assertThat(request.first(AttributeType.ACCT_INPUT_OCTETS)).isEmpty();
        assertThat(request.first(AttributeType.FRAMED_IP_ADDRESS)).isEmpty();
    }
}
