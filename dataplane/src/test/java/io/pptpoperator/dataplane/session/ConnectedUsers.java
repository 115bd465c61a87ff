package io.pptpoperator.dataplane.session;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.ppp.link.TerminationReason;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

/** Alice and Bob, connected to a server in virtual time: for what other packages do to sessions. */
public final class ConnectedUsers {
    /** Its protocol and code: control frames are never encrypted. */
    private static final String TERMINATE_REQUEST = "c02105";

    private final World world;
    private final Dialer alice = Dialer.alice();
    private final Session aliceSession;
    private final Session bobSession;
    private int terminateRequests;

    /** Connects both, with more sections of {@code server.yaml}. */
    public ConnectedUsers(String sections) {
        world = new World(sections);
        aliceSession = LoginTest.connect(world, Ipv4Address.parse("203.0.113.7"), alice).session();
        bobSession = LoginTest.connect(world, Ipv4Address.parse("203.0.113.8"), Dialer.bob()).session();
        world.weather((toServer, packet) -> {
            if (!toServer && HexFormat.of().formatHex(packet).contains(TERMINATE_REQUEST)) {
                terminateRequests++;
            }
            return 0;
        });
    }

    /** Connects both to a server with the usual settings. */
    public ConnectedUsers() {
        this("");
    }

    /** All sessions of the server. */
    public Sessions sessions() {
        return world.sessions;
    }

    /** Alice's session, also when it is over. */
    public Session alice() {
        return aliceSession;
    }

    /** Bob's session, also when it is over. */
    public Session bob() {
        return bobSession;
    }

    /** Milliseconds of the monotonic clock. */
    public long now() {
        return world.now();
    }

    /** The time of day. */
    public Instant time() {
        return World.NOON.plusMillis(world.now());
    }

    /** Lets so much time pass. */
    public void run(Duration time) {
        world.run(time);
    }

    /** Does something later; returns what takes it back. */
    public Runnable later(long millis, Runnable task) {
        boolean[] takenBack = new boolean[1];
        world.after(millis, () -> {
            if (!takenBack[0]) {
                task.run();
            }
        });
        return () -> takenBack[0] = true;
    }

    /** Alice's client neither hears nor says anything any more. */
    public void aliceDies() {
        alice.dies();
    }

    /** How many LCP Terminate-Requests (RFC 1661 section 5.5) have left the server. */
    public int terminateRequests() {
        return terminateRequests;
    }

    /** Why the sessions that are over have ended, in their order. */
    public List<TerminationReason> ends() {
        return world.record.ends.stream().map(RecordedEvents.End::reason).toList();
    }
}
