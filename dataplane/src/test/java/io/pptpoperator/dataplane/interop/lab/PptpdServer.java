package io.pptpoperator.dataplane.interop.lab;

/**
 * The reference server: pptpd with pppd in a guest. It routes its clients instead of masquerading them, since Debian's
 * guest kernel has no nf_tables for IPv4; the lab's internet knows the way back to them.
 */
public final class PptpdServer implements AutoCloseable {

    private final GuestCommand pptpd;

    private PptpdServer(GuestCommand pptpd) {
        this.pptpd = pptpd;
    }

    /**
     * Starts it in a guest whose first card the clients reach and whose second has the default route.
     *
     * @param secrets lines of pppd's chap-secrets, used for PAP too
     * @param options pppd's options, one a line
     */
    public static PptpdServer start(Guest guest, String secrets, String options) {
        guest.must("echo 1 > /proc/sys/net/ipv4/ip_forward");
        guest.must("cat > /etc/ppp/chap-secrets <<'END'\n" + secrets
                + "\nEND\ncp /etc/ppp/chap-secrets /etc/ppp/pap-secrets");
        guest.must("cat > /etc/ppp/options.pptpd <<'END'\nname pptpd\nnologfd\ndebug\n" + options + "\nEND");
        guest.must("""
                cat > /run/pptpd.conf <<'END'
                ppp %s
                option /etc/ppp/options.pptpd
                stimeout 120
                localip %s
                remoteip 198.18.2.100-110
                END""".formatted(guestPath(), Lab.REFERENCE_TUNNEL));
        GuestCommand pptpd = guest.start("exec pptpd --fg --conf /run/pptpd.conf --pidfile /run/pptpd.pid");
        Await.until("pptpd listens on port 1723", Await.PATIENCE,
                () -> guest.must("ss -Hltn sport = :1723").contains(":1723"));
        return new PptpdServer(pptpd);
    }

    /** pptpd looks for no program in the PATH. */
    private static String guestPath() {
        return Pppd.program().contains("/") ? Pppd.program() : "/usr/sbin/" + Pppd.program();
    }

    @Override
    public void close() {
        pptpd.signal("TERM");
        pptpd.awaitExit(Await.PATIENCE);
    }
}
