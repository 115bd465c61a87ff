package io.pptpoperator.protocol.ppp.link;

import io.pptpoperator.protocol.ppp.ControlCode;
import io.pptpoperator.protocol.ppp.PppFrame;
import io.pptpoperator.protocol.ppp.PppProtocol;
import io.pptpoperator.protocol.ppp.ccp.EncryptionPolicy;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;

/** Two links joined by a wire that delays, loses, doubles and reorders frames, in virtual time. */
final class SimulatedWire {

    /**
     * What the wire does to frames.
     *
     * @param loss how many of 100 are lost
     * @param duplication how many of 100 arrive twice
     * @param minDelay the shortest way, in milliseconds
     * @param maxDelay the longest way: more than the shortest reorders frames
     */
    record Weather(int loss, int duplication, long minDelay, long maxDelay) {
        static final Weather FINE = new Weather(0, 0, 5, 5);
    }

    private record Arrival(long time, long order, End to, byte[] frame) {}

    /** One end of the wire. */
    static final class End {
        final PppLink link;
        final LinkWitness witness;

        private End(LinkConfig config, Random random) {
            link = new PppLink(config, random);
            witness = new LinkWitness(config.encryption().policy() == EncryptionPolicy.REQUIRED);
        }

        /**
         * Whether a frame is a Configure-Request of a protocol that this end has opened: RFC 1661 has it start over.
         */
        boolean hasOpen(byte[] frame) {
            PppFrame decoded = PppFrame.decode(frame);
            return decoded.information().length > 0 && decoded.information()[0] == ControlCode.CONFIGURE_REQUEST
                    && switch (decoded.protocol()) {
                        case PppProtocol.LCP -> witness.steps().contains(LoginStep.LCP);
                        case PppProtocol.CCP -> witness.steps().contains(LoginStep.ENCRYPTION);
                        case PppProtocol.IPCP -> witness.steps().contains(LoginStep.ADDRESSES);
                        default -> false;
                    };
        }

        boolean settled() {
            return witness.isUp() || witness.terminated() != null;
        }
    }

    final End server;
    final End client;
    private final Random random;
    private final PriorityQueue<Arrival> frames = new PriorityQueue<>(
            Comparator.comparingLong(Arrival::time).thenComparingLong(Arrival::order));
    private Weather weather;
    private long order;
    private long now;
    private int sent;
    private int late;

    SimulatedWire(LinkConfig server, LinkConfig client, Weather weather, long seed) {
        random = new Random(seed);
        this.server = new End(server, random);
        this.client = new End(client, random);
        this.weather = weather;
    }

    void weather(Weather next) {
        weather = next;
    }

    void start() {
        start(0);
    }

    /** Starts both ends, which know so much of the path from their control connection. */
    void start(long roundTripMillis) {
        act(server, server.link.start(now, roundTripMillis));
        act(client, client.link.start(now, roundTripMillis));
    }

    /** How many frames arrived that asked for the negotiation of a protocol which this end had open already. */
    int late() {
        return late;
    }

    void act(End from, List<LinkAction> actions) {
        from.witness.see(actions);
        for (LinkAction action : actions) {
            if (action instanceof LinkAction.Send(byte[] frame)) {
                sent++;
                End to = from == server ? client : server;
                carry(to, frame);
                if (random.nextInt(100) < weather.duplication) {
                    carry(to, frame);
                }
            }
        }
    }

    private void carry(End to, byte[] frame) {
        if (random.nextInt(100) >= weather.loss) {
            frames.add(new Arrival(now + random.nextLong(weather.minDelay, weather.maxDelay + 1), order++, to, frame));
        }
    }

    /** Lets time pass until both ends are up or ended and nothing is on the way, or until {@code end}. */
    void runUntilSettled(long end) {
        while (!(server.settled() && client.settled() && frames.isEmpty()) && step(end)) {
            assertTalkIsBounded();
        }
    }

    /** Lets time pass until {@code end}. */
    void runUntil(long end) {
        while (step(end)) {
            assertTalkIsBounded();
        }
        now = end;
    }

    private void assertTalkIsBounded() {
        if (sent > 10_000) {
            throw new AssertionError("the two ends sent " + sent + " frames in " + now + " ms");
        }
    }

    private boolean step(long end) {
        long arrival = frames.isEmpty() ? Long.MAX_VALUE : frames.peek().time();
        long next = Math.min(arrival, Math.min(server.link.deadline(), client.link.deadline()));
        if (next > end) {
            return false;
        }
        now = Math.max(now, next);
        if (arrival <= now) {
            Arrival frame = frames.remove();
            late += frame.to().hasOpen(frame.frame()) ? 1 : 0;
            act(frame.to(), frame.to().link.receive(frame.frame(), now));
        }
        if (server.link.deadline() <= now) {
            act(server, server.link.tick(now));
        }
        if (client.link.deadline() <= now) {
            act(client, client.link.tick(now));
        }
        return true;
    }

    long now() {
        return now;
    }

    int sent() {
        return sent;
    }
}
