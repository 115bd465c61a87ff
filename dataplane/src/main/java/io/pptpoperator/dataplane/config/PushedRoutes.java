package io.pptpoperator.dataplane.config;

import io.pptpoperator.dataplane.config.setting.Setting;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import java.util.List;
import java.util.Optional;

/** What clients are told that ask by DHCPINFORM from inside the tunnel. */
// @formatter:off
public record PushedRoutes(
        @Setting(value = "networks that clients are told to reach through the tunnel, when they ask by DHCPINFORM as "
                + "Windows does", max = "64")
        List<Ipv4Prefix> push,

        @Setting(value = "domain that names are completed with, for the same clients", pattern = DOMAIN, min = "1",
                max = "253", form = "a domain such as corp.example.com")
        Optional<String> domain) {
    // @formatter:on

    static final String DOMAIN = "[0-9A-Za-z_]([-_0-9A-Za-z]*[0-9A-Za-z_])?([.][0-9A-Za-z_]([-_0-9A-Za-z]*[0-9A-Za-z_])?)*";

    /** Nothing: no client gets an answer. */
    public static final PushedRoutes NONE = new PushedRoutes(List.of(), Optional.empty());

    /** Copies the list. */
    public PushedRoutes {
        push = List.copyOf(push);
    }
}
