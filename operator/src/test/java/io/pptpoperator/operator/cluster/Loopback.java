package io.pptpoperator.operator.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Loopback addresses for this test process, which no other on this machine uses at the same time. */
final class Loopback {

    private static final int FIRST = 64;
    private static final int MANY = 128;
    /** Whoever listens here has the network. */
    private static final int CLAIM = 64_999;

    /** Held as long as the process lives. */
    private static final ServerSocket CLAIMED = claim();

    private Loopback() {}

    /** The first two octets of 65,536 of them, with the dot behind. */
    static String network() {
        return "127." + (CLAIMED.getInetAddress().getAddress()[1] & 0xff) + ".";
    }

    private static ServerSocket claim() {
        long own = ProcessHandle.current().pid();
        for (int tried = 0; tried < MANY; tried++) {
            byte[] address = {127, (byte) (FIRST + (own + tried) % MANY), (byte) 255, 1};
            try {
                return new ServerSocket(CLAIM, 1, InetAddress.getByAddress(address));
            } catch (BindException e) {
                // Another's.
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        throw new IllegalStateException(MANY + " test processes have all networks of 127.0.0.0/8 that are for them");
    }
}
