package io.pptpoperator.dataplane.client.probe;

import io.netty.channel.EventLoop;
import io.pptpoperator.dataplane.client.IcmpEcho;
import io.pptpoperator.dataplane.client.gre.GreCall;
import io.pptpoperator.dataplane.client.gre.GreEndpoint;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.ppp.ipcp.AddressPlan;
import java.nio.ByteBuffer;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * What is tried once a session is connected: pings through the tunnel, LCP echoes, the path's MTU. For the event loop.
 */
final class Measurements {
    private static final int PINGS = 3;
    private static final int ECHOES = 5;
    private static final int PING_DATA = 56;
    private static final int SMALL_ECHO = 64;
    private static final long INTERVAL = 100;
    private static final long PATIENCE = 2_000;
    private static final int SMALLEST_PATH_MTU = 576;
    /** The outer IPv4 header and the GRE header with both numbers (RFC 2637 section 4.1). */
    private static final int OUTER_HEADERS = 20 + 16;

    private final EventLoop loop;
    private final GreEndpoint endpoint;
    private final GreCall call;
    private final AddressPlan addresses;
    private final int magic;
    private final int largestFrame;
    private final int uplinkMtu;
    private final Consumer<Fact> found;
    private final RoundTrips pings = new RoundTrips();
    private final RoundTrips echoes = new RoundTrips();
    private MtuSearch search;
    private SizeTries tries = new SizeTries(0);
    private boolean over;

    /**
     * Nothing is sent yet.
     *
     * @param magic this end's LCP magic number
     * @param peerMru the longest information field that the server takes
     * @param uplinkMtu of the interface toward the server
     * @param found takes the facts, the last of which is {@link Fact.Done}
     */
    Measurements(EventLoop loop, GreEndpoint endpoint, GreCall call, AddressPlan addresses, int magic, int peerMru,
            int uplinkMtu, Consumer<Fact> found) {
        this.loop = loop;
        this.endpoint = endpoint;
        this.call = call;
        this.addresses = addresses;
        this.magic = magic;
        this.largestFrame = peerMru + LcpWatch.ECHO_HEADERS - 8;
        this.uplinkMtu = uplinkMtu;
        this.found = found;
    }

    void start() {
        if (addresses.peerAddress().equals(Ipv4Address.ANY)) {
            echo();
        } else {
            ping();
        }
    }

    /** The session is over: nothing more is sent. */
    void stop() {
        over = true;
    }

    void ipArrived(ByteBuffer packet, int offset, int length) {
        IcmpEcho.reply(packet, offset, length, call.callId())
                .ifPresent(sequence -> pings.answered(sequence, System.nanoTime()));
    }

    void frameArrived(byte[] frame) {
        OptionalInt id = LcpWatch.echoReply(frame);
        if (id.isPresent()) {
            echoes.answered(id.getAsInt(), System.nanoTime());
            tries.answered(id.getAsInt());
        }
    }

    private void ping() {
        if (over) {
            return;
        }
        if (pings.count() < PINGS) {
            int sequence = pings.sent(System.nanoTime());
            call.sendIp(IcmpEcho.request(addresses.ourAddress(), addresses.peerAddress(), call.callId(), sequence,
                    PING_DATA));
            later(this::ping, INTERVAL);
        } else {
            await(pings, PATIENCE, () -> {
                found.accept(new Fact.Pinged(pings.answers()));
                echo();
            });
        }
    }

    private void echo() {
        if (over) {
            return;
        }
        if (echoes.count() < ECHOES) {
            int id = echoes.sent(System.nanoTime());
            call.send(LcpWatch.echoRequest(id, magic, SMALL_ECHO));
            later(this::echo, INTERVAL);
        } else {
            await(echoes, PATIENCE, () -> {
                found.accept(new Fact.Echoed(echoes.answers()));
                measurePath();
            });
        }
    }

    private void await(RoundTrips trips, long patience, Runnable then) {
        if (trips.allAnswered() || patience <= 0) {
            then.run();
        } else {
            later(() -> await(trips, patience - INTERVAL, then), INTERVAL);
        }
    }

    private void measurePath() {
        if (echoes.answers().answered() == 0) {
            done();
            return;
        }
        endpoint.dontFragment(true);
        search = new MtuSearch(SMALLEST_PATH_MTU, Math.min(uplinkMtu, OUTER_HEADERS + largestFrame));
        // Ten times the usual round trip is ample, where nothing has come between.
        tries = new SizeTries(echoes.answers().medianMicros() / 100);
        trySize();
    }

    private void trySize() {
        if (over) {
            return;
        }
        OptionalInt size = search.next();
        if (size.isEmpty()) {
            endpoint.dontFragment(false);
            found.accept(new Fact.PathMeasured(search.result(), search.highest()));
            done();
            return;
        }
        call.send(LcpWatch.echoRequest(tries.next(), magic, size.getAsInt() - OUTER_HEADERS));
        awaitSized(size.getAsInt(), tries.patience());
    }

    private void awaitSized(int size, long patience) {
        if (over) {
            return;
        }
        if (!tries.passed() && patience > 0) {
            later(() -> awaitSized(size, patience - 10), 10);
            return;
        }
        if (tries.over()) {
            search.tried(size, tries.passed());
            tries.restart();
        }
        trySize();
    }

    private void done() {
        found.accept(new Fact.Done());
    }

    private void later(Runnable step, long millis) {
        loop.schedule(step, millis, TimeUnit.MILLISECONDS);
    }
}
