package io.pptpoperator.protocol.radius;

import io.pptpoperator.protocol.address.Ipv4Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One record of accounting about a session (RFC 2866, RFC 2869 section 5). Input is from the client.
 *
 * @param event what happened
 * @param sessionId unique over access servers and their restarts
 * @param userName as the client sent it
 * @param address the client's inside the tunnel
 * @param seconds how long the session has been
 * @param bytesIn inner IP from the client
 * @param bytesOut inner IP to the client
 * @param packetsIn from the client
 * @param packetsOut to the client
 * @param byRadius whether a server let the user in, and not this access server by itself
 * @param classes as the Accept had them
 * @param connection what the access server says of itself and of the session in each request, see {@link NasAttributes}
 */
public record AccountingRecord(Event event, String sessionId, String userName, Optional<Ipv4Address> address,
        long seconds, long bytesIn, long bytesOut, long packetsIn, long packetsOut, boolean byRadius,
        List<RadiusAttribute> classes, List<RadiusAttribute> connection) {

    /** What a record is about. */
    public sealed interface Event {
        /** The session is up: its address is known. */
        record Start() implements Event {}

        /** It goes on. */
        record Interim() implements Event {}

        /** It is over. */
        record Stop(TerminateCause cause) implements Event {}

        /** The access server begins: no session is there (RFC 2866 section 5.1). */
        record On() implements Event {}

        /** The access server ends, and no session is left. */
        record Off() implements Event {}
    }

    /** Why a session ended (RFC 2866 section 5.10). */
    public enum TerminateCause {
        USER_REQUEST(1), LOST_CARRIER(2), LOST_SERVICE(3), IDLE_TIMEOUT(4), SESSION_TIMEOUT(5), ADMIN_RESET(6),
        ADMIN_REBOOT(7), PORT_ERROR(8), NAS_ERROR(9), NAS_REQUEST(10), PORT_PREEMPTED(13), SERVICE_UNAVAILABLE(15),
        USER_ERROR(17);

        private final int number;

        TerminateCause(int number) {
            this.number = number;
        }

        /** The value of Acct-Terminate-Cause. */
        public int number() {
            return number;
        }
    }

    private static final int START = 1;
    private static final int STOP = 2;
    private static final int INTERIM = 3;
    private static final int ON = 7;
    private static final int OFF = 8;
    private static final int BY_RADIUS = 1;
    private static final int LOCALLY = 2;

    /** Copies the lists. */
    public AccountingRecord {
        classes = List.copyOf(classes);
        connection = List.copyOf(connection);
    }

    /**
     * A record about the access server itself, which no session has a part in.
     *
     * @param event {@link Event.On} or {@link Event.Off}
     * @param nas what the access server says of itself
     */
    public static AccountingRecord of(Event event, List<RadiusAttribute> nas) {
        return new AccountingRecord(event, "", "", Optional.empty(), 0, 0, 0, 0, 0, false, List.of(), nas);
    }

    /** Whether it is about one session. */
    public boolean isOfSession() {
        return !(event instanceof Event.On) && !(event instanceof Event.Off);
    }

    /**
     * The request that reports it.
     *
     * @param identifier 0 to 255, another for each request that is not the same to the byte
     * @param eventSeconds when it happened, seconds since 1970
     * @param delaySeconds how long ago that is
     */
    public RadiusPacket request(int identifier, long eventSeconds, long delaySeconds) {
        var attributes = new ArrayList<RadiusAttribute>();
        attributes.add(RadiusAttribute.of(AttributeType.ACCT_STATUS_TYPE, switch (event) {
            case Event.Start ignored -> START;
            case Event.Interim ignored -> INTERIM;
            case Event.Stop ignored -> STOP;
            case Event.On ignored -> ON;
            case Event.Off ignored -> OFF;
        }));
        if (isOfSession()) {
            addSession(attributes);
        } else {
            attributes.addAll(connection);
        }
        attributes.add(RadiusAttribute.of(AttributeType.EVENT_TIMESTAMP, eventSeconds));
        attributes.add(RadiusAttribute.of(AttributeType.ACCT_DELAY_TIME, delaySeconds));
        return new RadiusPacket(RadiusCode.ACCOUNTING_REQUEST, identifier, new byte[RadiusPacket.AUTHENTICATOR],
                attributes);
    }

    private void addSession(List<RadiusAttribute> attributes) {
        attributes.add(RadiusAttribute.of(AttributeType.ACCT_SESSION_ID, sessionId));
        attributes.add(RadiusAttribute.of(AttributeType.USER_NAME, userName));
        attributes.addAll(connection);
        address.ifPresent(it -> attributes.add(RadiusAttribute.of(AttributeType.FRAMED_IP_ADDRESS, it)));
        attributes.addAll(classes);
        attributes.add(RadiusAttribute.of(AttributeType.ACCT_AUTHENTIC, byRadius ? BY_RADIUS : LOCALLY));
        if (!(event instanceof Event.Start)) {
            attributes.add(RadiusAttribute.of(AttributeType.ACCT_SESSION_TIME, seconds));
            attributes.add(RadiusAttribute.of(AttributeType.ACCT_INPUT_OCTETS, bytesIn));
            attributes.add(RadiusAttribute.of(AttributeType.ACCT_INPUT_GIGAWORDS, bytesIn >>> 32));
            attributes.add(RadiusAttribute.of(AttributeType.ACCT_OUTPUT_OCTETS, bytesOut));
            attributes.add(RadiusAttribute.of(AttributeType.ACCT_OUTPUT_GIGAWORDS, bytesOut >>> 32));
            attributes.add(RadiusAttribute.of(AttributeType.ACCT_INPUT_PACKETS, packetsIn));
            attributes.add(RadiusAttribute.of(AttributeType.ACCT_OUTPUT_PACKETS, packetsOut));
        }
        if (event instanceof Event.Stop stop) {
            attributes.add(RadiusAttribute.of(AttributeType.ACCT_TERMINATE_CAUSE, stop.cause().number()));
        }
    }
}
