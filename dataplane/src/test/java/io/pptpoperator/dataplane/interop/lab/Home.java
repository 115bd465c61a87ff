package io.pptpoperator.dataplane.interop.lab;

import java.util.stream.Stream;

/** The two client machines behind the home router, which has one address outside, until this is closed. */
public final class Home implements AutoCloseable {

    private static final String ROUTE = "198.51.100.0/24 via " + Lab.NAT_INSIDE;

    private final Guest laptop;
    private final Guest desktop;

    Home(Guest laptop, Guest desktop) {
        this.laptop = laptop;
        this.desktop = desktop;
        Stream.of(laptop, desktop).forEach(guest -> guest.must("ip link set vec0 down && ip route add " + ROUTE));
    }

    /** A client's machine behind the router. */
    public Guest laptop() {
        return laptop;
    }

    /** Another client's machine behind the router. */
    public Guest desktop() {
        return desktop;
    }

    @Override
    public void close() {
        Stream.of(laptop, desktop).forEach(guest -> guest.must("ip route del " + ROUTE + "; ip link set vec0 up"));
    }
}
