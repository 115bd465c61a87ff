package io.pptpoperator.protocol.radius;

import io.pptpoperator.protocol.address.Ipv4Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Reads and answers Disconnect-Requests and CoA-Requests (RFC 5176). */
public final class DynamicRequests {

    /** What names a session, the access server or the request itself. */
    private static final List<AttributeType> NAMES = List.of(AttributeType.ACCT_SESSION_ID, AttributeType.USER_NAME,
            AttributeType.FRAMED_IP_ADDRESS, AttributeType.CALLING_STATION_ID, AttributeType.CALLED_STATION_ID,
            AttributeType.NAS_PORT, AttributeType.NAS_PORT_ID, AttributeType.NAS_PORT_TYPE,
            AttributeType.NAS_IDENTIFIER, AttributeType.NAS_IP_ADDRESS, AttributeType.SERVICE_TYPE,
            AttributeType.EVENT_TIMESTAMP, AttributeType.MESSAGE_AUTHENTICATOR, AttributeType.PROXY_STATE,
            AttributeType.STATE, AttributeType.REPLY_MESSAGE, AttributeType.ACCT_TERMINATE_CAUSE);

    /** What a live session can change. */
    private static final List<AttributeType> CHANGES = List.of(AttributeType.SESSION_TIMEOUT,
            AttributeType.IDLE_TIMEOUT, AttributeType.ACCT_INTERIM_INTERVAL, AttributeType.CLASS,
            AttributeType.FILTER_ID, AttributeType.MIKROTIK_RATE_LIMIT, AttributeType.ASCEND_DATA_RATE,
            AttributeType.ASCEND_XMIT_RATE, AttributeType.WISPR_BANDWIDTH_MAX_UP,
            AttributeType.WISPR_BANDWIDTH_MAX_DOWN);

    private DynamicRequests() {}

    /**
     * Reads a request.
     *
     * @throws RadiusException when it is neither a Disconnect-Request nor a CoA-Request
     */
    public static DynamicRequest read(RadiusPacket request) throws RadiusException {
        boolean change = switch (request.code()) {
            case DISCONNECT_REQUEST -> false;
            case COA_REQUEST -> true;
            default -> throw new RadiusException(request.code() + " is no request for a session");
        };
        OptionalLong port = request.number(AttributeType.NAS_PORT);
        var target = new DynamicRequest.Target(request.text(AttributeType.ACCT_SESSION_ID),
                request.text(AttributeType.USER_NAME), address(request, AttributeType.FRAMED_IP_ADDRESS),
                request.text(AttributeType.CALLING_STATION_ID),
                port.isPresent()
                        ? OptionalInt.of((int) Math.min(port.getAsLong(), Integer.MAX_VALUE))
                        : OptionalInt.empty(),
                request.text(AttributeType.NAS_PORT_ID), request.text(AttributeType.NAS_IDENTIFIER),
                address(request, AttributeType.NAS_IP_ADDRESS));
        if (!target.namesASession()) {
            return new DynamicRequest.Impossible(DynamicRequest.ErrorCause.MISSING_ATTRIBUTE,
                    "nothing in it names a session");
        }
        return change ? change(request, target) : disconnect(request, target);
    }

    private static DynamicRequest disconnect(RadiusPacket request, DynamicRequest.Target target) {
        return unfit(request, NAMES, List.of())
                .<DynamicRequest>map(it -> new DynamicRequest.Impossible(
                        DynamicRequest.ErrorCause.UNSUPPORTED_ATTRIBUTE, it + " has no place in a Disconnect-Request"))
                .orElse(new DynamicRequest.Disconnect(target));
    }

    private static DynamicRequest change(RadiusPacket request, DynamicRequest.Target target) {
        Optional<String> unfit = unfit(request, NAMES, CHANGES);
        if (unfit.isPresent()) {
            return new DynamicRequest.Impossible(DynamicRequest.ErrorCause.UNSUPPORTED_ATTRIBUTE,
                    unfit.get() + " cannot be changed");
        }
        var unusable = new ArrayList<String>();
        Grants grants = Grants.of(request.without(it -> NAMES.stream().anyMatch(it::is)), unusable);
        return unusable.isEmpty()
                ? new DynamicRequest.Change(target, grants)
                : new DynamicRequest.Impossible(DynamicRequest.ErrorCause.INVALID_ATTRIBUTE_VALUE, unusable.getFirst());
    }

    private static Optional<String> unfit(RadiusPacket request, List<AttributeType> names, List<AttributeType> more) {
        return request.attributes()
                .stream()
                .filter(it -> names.stream().noneMatch(it::is) && more.stream().noneMatch(it::is))
                .map(RadiusAttribute::name)
                .findFirst();
    }

    private static Optional<Ipv4Address> address(RadiusPacket request, AttributeType type) {
        OptionalLong number = request.number(type);
        return number.isPresent() ? Optional.of(new Ipv4Address((int) number.getAsLong())) : Optional.empty();
    }

    /**
     * The answer to a request.
     *
     * @param refusal why not, or empty when it was done
     */
    public static RadiusPacket reply(RadiusPacket request, Optional<DynamicRequest.ErrorCause> refusal) {
        boolean change = request.code() == RadiusCode.COA_REQUEST;
        RadiusCode code = refusal.isEmpty()
                ? change ? RadiusCode.COA_ACK : RadiusCode.DISCONNECT_ACK
                : change ? RadiusCode.COA_NAK : RadiusCode.DISCONNECT_NAK;
        var attributes = new ArrayList<RadiusAttribute>();
        refusal.ifPresent(it -> attributes.add(RadiusAttribute.of(AttributeType.ERROR_CAUSE, it.number())));
        // RFC 5176 section 3.3: proxies on the way find themselves by it.
        attributes.addAll(request.all(AttributeType.PROXY_STATE));
        return new RadiusPacket(code, request.identifier(), new byte[RadiusPacket.AUTHENTICATOR], attributes);
    }
}
