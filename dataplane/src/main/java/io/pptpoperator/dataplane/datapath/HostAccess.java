package io.pptpoperator.dataplane.datapath;

import java.util.List;

/**
 * What clients may reach of the server's own host, its addresses, broadcasts and multicasts, beside echo replies and
 * announced name servers.
 *
 * @param everything whether nothing is closed
 * @param openings what is open otherwise
 */
public record HostAccess(boolean everything, List<HostOpening> openings) {
    /** The host is as open as its own firewall lets it be. */
    public static final HostAccess ALL = new HostAccess(true, List.of());
    /** The host is closed. */
    public static final HostAccess NONE = new HostAccess(false, List.of());

    /** Copies the list. */
    public HostAccess {
        openings = List.copyOf(openings);
    }

    /** What these openings open. */
    public static HostAccess of(List<HostOpening> openings) {
        return new HostAccess(false, openings);
    }

    boolean opens(int addressBits, boolean unicast, int protocol, int port) {
        for (int i = 0; i < openings.size(); i++) {
            if (openings.get(i).opens(addressBits, unicast, protocol, port)) {
                return true;
            }
        }
        return false;
    }
}
