package io.pptpoperator.protocol.radius;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import io.pptpoperator.protocol.rate.OctetLimit;
import io.pptpoperator.protocol.rate.RateLimit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * What a server grants with a login, or changes with a CoA. Whatever is empty is not said.
 *
 * @param address the client's own; empty as well when the server leaves the choice
 * @param pool name of a pool to take the address from
 * @param routes networks behind the client
 * @param dns name servers, two at most
 * @param wins NetBIOS name servers, two at most
 * @param sessionTimeout seconds
 * @param idleTimeout seconds
 * @param interimInterval seconds between two records of accounting
 * @param mtu of the tunnel in bytes
 * @param sessions how many of this user may be at once
 * @param profile name of a profile (Filter-Id)
 * @param rate how fast
 * @param octets how much
 * @param classes to be repeated in accounting, as they are
 */
public record Grants(Optional<Ipv4Address> address, Optional<String> pool, List<Ipv4Prefix> routes,
        List<Ipv4Address> dns, List<Ipv4Address> wins, OptionalLong sessionTimeout, OptionalLong idleTimeout,
        OptionalLong interimInterval, OptionalInt mtu, OptionalInt sessions, Optional<String> profile,
        Optional<RateLimit> rate, Optional<OctetLimit> octets, List<RadiusAttribute> classes) {

    /** The access server chooses (RFC 2865 section 5.8). */
    private static final int NAS_CHOOSES = 0xffff_fffe;
    /** The client may choose. */
    private static final int CLIENT_CHOOSES = 0xffff_ffff;

    /** Nothing. */
    public static final Grants NONE = new Grants(Optional.empty(), Optional.empty(), List.of(), List.of(), List.of(),
            OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty(), OptionalInt.empty(), OptionalInt.empty(),
            Optional.empty(), Optional.empty(), Optional.empty(), List.of());

    /**
     * Reads what a packet grants.
     *
     * @param unusable is told a sentence about each attribute that is known, but says nothing that can be used
     */
    static Grants of(RadiusPacket packet, List<String> unusable) {
        for (AttributeType type : NUMBERS) {
            packet.all(type)
                    .stream()
                    .filter(it -> it.length() != 4)
                    .forEach(
                            it -> unusable.add(it.name() + " of " + it.length() + " bytes is no number of four bytes"));
        }
        packet.text(AttributeType.MIKROTIK_RATE_LIMIT)
                .filter(it -> RateAttributes.parse(it).isEmpty())
                .ifPresent(it -> unusable.add("Mikrotik-Rate-Limit is not a rate such as 2M/10M"));
        return new Grants(
                address(packet, AttributeType.FRAMED_IP_ADDRESS)
                        .filter(it -> it.bits() != NAS_CHOOSES && it.bits() != CLIENT_CHOOSES),
                packet.text(AttributeType.FRAMED_POOL).filter(it -> !it.isEmpty()), routes(packet, unusable),
                addresses(packet, AttributeType.MS_PRIMARY_DNS_SERVER, AttributeType.MS_SECONDARY_DNS_SERVER),
                addresses(packet, AttributeType.MS_PRIMARY_NBNS_SERVER, AttributeType.MS_SECONDARY_NBNS_SERVER),
                packet.number(AttributeType.SESSION_TIMEOUT), packet.number(AttributeType.IDLE_TIMEOUT),
                packet.number(AttributeType.ACCT_INTERIM_INTERVAL), small(packet, AttributeType.FRAMED_MTU),
                small(packet, AttributeType.PORT_LIMIT),
                packet.text(AttributeType.FILTER_ID).filter(it -> !it.isEmpty()), RateAttributes.of(packet),
                OctetAttributes.of(packet), packet.all(AttributeType.CLASS));
    }

    private static final List<AttributeType> NUMBERS = List.of(AttributeType.FRAMED_IP_ADDRESS,
            AttributeType.SESSION_TIMEOUT, AttributeType.IDLE_TIMEOUT, AttributeType.ACCT_INTERIM_INTERVAL,
            AttributeType.FRAMED_MTU, AttributeType.PORT_LIMIT, AttributeType.MS_PRIMARY_DNS_SERVER,
            AttributeType.MS_SECONDARY_DNS_SERVER, AttributeType.MS_PRIMARY_NBNS_SERVER,
            AttributeType.MS_SECONDARY_NBNS_SERVER, AttributeType.ASCEND_DATA_RATE, AttributeType.ASCEND_XMIT_RATE,
            AttributeType.WISPR_BANDWIDTH_MAX_UP, AttributeType.WISPR_BANDWIDTH_MAX_DOWN);

    private static OptionalInt small(RadiusPacket packet, AttributeType type) {
        OptionalLong number = packet.number(type);
        return number.isPresent()
                ? OptionalInt.of((int) Math.min(Integer.MAX_VALUE, number.getAsLong()))
                : OptionalInt.empty();
    }

    private static Optional<Ipv4Address> address(RadiusPacket packet, AttributeType type) {
        OptionalLong number = packet.number(type);
        return number.isPresent() ? Optional.of(new Ipv4Address((int) number.getAsLong())) : Optional.empty();
    }

    private static List<Ipv4Address> addresses(RadiusPacket packet, AttributeType first, AttributeType second) {
        return Stream.of(first, second)
                .flatMap(type -> address(packet, type).stream())
                .filter(it -> !it.equals(Ipv4Address.ANY))
                .toList();
    }

    /** {@code 192.168.50.0/24 0.0.0.0 1}: the gateway is the client whatever stands there (RFC 2865 section 5.22). */
    private static List<Ipv4Prefix> routes(RadiusPacket packet, List<String> unusable) {
        var routes = new ArrayList<Ipv4Prefix>();
        for (RadiusAttribute attribute : packet.all(AttributeType.FRAMED_ROUTE)) {
            String text = RadiusPacket.text(attribute.bytes()).trim();
            String network = text.isEmpty() ? "" : text.split("\\s+", 2)[0];
            try {
                routes.add(network.indexOf('/') < 0
                        ? new Ipv4Prefix(Ipv4Address.parse(network), 32)
                        : Ipv4Prefix.parse(network));
            } catch (IllegalArgumentException e) {
                unusable.add("Framed-Route is not a network such as 192.168.50.0/24: " + e.getMessage());
            }
        }
        return List.copyOf(routes);
    }
}
