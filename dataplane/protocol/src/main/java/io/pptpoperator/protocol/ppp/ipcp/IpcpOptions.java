package io.pptpoperator.protocol.ppp.ipcp;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.ppp.ConfigureOption;
import io.pptpoperator.protocol.ppp.Negotiation;
import java.util.List;
import java.util.Optional;

/**
 * IPCP's side of the option negotiation, in one of the two roles. VJ compression (2), the deprecated IP-Addresses (1)
 * and everything unknown are rejected in both.
 */
public sealed interface IpcpOptions extends Negotiation permits IpcpServerOptions, IpcpClientOptions {

    /** IP-Address (RFC 1332 section 3.3). */
    int IP_ADDRESS = 3;
    /** Primary DNS Server Address (RFC 1877 section 1.1). */
    int DNS_1 = 129;
    /** Primary NBNS Server Address (RFC 1877 section 1.2). */
    int WINS_1 = 130;
    /** Secondary DNS Server Address (RFC 1877 section 1.3). */
    int DNS_2 = 131;
    /** Secondary NBNS Server Address (RFC 1877 section 1.4). */
    int WINS_2 = 132;

    /** What was agreed; meant for state Opened. */
    AddressPlan agreed();

    /** Why the link cannot carry IP although IPCP opened, in a sentence for the log. */
    Optional<String> objection();

    /** The option of {@code type} for {@code address}. */
    static ConfigureOption option(int type, Ipv4Address address) {
        return ConfigureOption.ofInt(type, address.bits());
    }

    /** Whether {@code option} has an address for its value. */
    static boolean holdsAddress(ConfigureOption option) {
        return option.length() == 4;
    }

    /** The address that {@code option} holds. */
    static Ipv4Address address(ConfigureOption option) {
        return new Ipv4Address(option.asInt());
    }

    /** The first option of {@code type} among {@code options}. */
    static Optional<ConfigureOption> find(int type, List<ConfigureOption> options) {
        return options.stream().filter(option -> option.type() == type).findFirst();
    }
}
