package io.pptpoperator.dataplane.interop.lab;

import java.util.regex.Pattern;

/** A real PPTP client at work: pppd over pptp-linux in a guest. Its debug output tells every PPP packet. */
public final class PppClient implements AutoCloseable {

    private static final Pattern ADDRESS = Pattern.compile("local  IP address (\\S+)");

    private final Guest guest;
    private final GuestCommand pppd;

    private PppClient(Guest guest, GuestCommand pppd) {
        this.guest = guest;
        this.pppd = pppd;
    }

    /** Begins to connect, and returns at once. */
    public static PppClient start(Guest guest, Dial dial) {
        return new PppClient(guest, guest.start(dial.commandLine()));
    }

    /** Connects, and returns when the link has its addresses. */
    public static PppClient connect(Guest guest, Dial dial) {
        PppClient client = start(guest, dial);
        try {
            return client.awaitUp();
        } catch (RuntimeException e) {
            client.close();
            throw e;
        }
    }

    /** Waits until the link has its addresses. */
    public PppClient awaitUp() {
        output().await("remote IP address", Await.PATIENCE);
        return this;
    }

    /**
     * Waits until the link has its addresses once more.
     *
     * @param from a size of the output: what was printed before does not count
     */
    public PppClient awaitUpAgain(int from) {
        output().awaitFrom(from, "remote IP address", Await.PATIENCE);
        return this;
    }

    /** What pppd prints. */
    public LineLog output() {
        return pppd.output();
    }

    /** The guest it runs in. */
    public Guest guest() {
        return guest;
    }

    /** The address the server gave, the last one when it connected several times. */
    public String localAddress() {
        return output().lines()
                .stream()
                .map(ADDRESS::matcher)
                .filter(matcher -> matcher.find())
                .map(matcher -> matcher.group(1))
                .reduce((earlier, later) -> later)
                .orElseThrow(() -> new LabException("pppd has no address. Its last lines:\n" + output().lastLines()));
    }

    /** Whether pppd still runs. */
    public boolean isRunning() {
        return pppd.isRunning();
    }

    /**
     * pppd's exit status (see the section "EXIT STATUS" of its manual): 0 for a link that its own side ended in order.
     */
    public int awaitExit() {
        return pppd.awaitExit(Await.PATIENCE);
    }

    /** Hangs up in order, if it still runs: pppd terminates the link, pptp clears the call. */
    @Override
    public void close() {
        if (!pppd.isRunning()) {
            return;
        }
        try {
            pppd.signal("TERM");
            pppd.awaitExit(Await.PATIENCE);
        } finally {
            // The guest is used again, whatever became of this client.
            if (pppd.isRunning()) {
                pppd.signal("KILL");
            }
        }
    }
}
