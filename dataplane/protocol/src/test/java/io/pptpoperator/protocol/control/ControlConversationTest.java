package io.pptpoperator.protocol.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Both state machines talking to each other. */
class ControlConversationTest {

    /** Two ends and the bytes between them, which arrive in pieces of random size. */
    private static final class Wire {

        private final PacControlConnection pac = new PacControlConnection(PacSettings.defaults("server"));
        private final PnsControlConnection pns = new PnsControlConnection(PnsSettings.windowsLike(9));
        private final Random random;
        private final ByteArrayOutputStream toPac = new ByteArrayOutputStream();
        private final ByteArrayOutputStream toPns = new ByteArrayOutputStream();
        private boolean pacClosed;
        private boolean pnsClosed;
        private long now;
        private int refusals;
        final List<String> events = new ArrayList<>();

        Wire(long seed, int refusals) {
            this.random = new Random(seed);
            this.refusals = refusals;
            pac.connected(now);
            runPns(pns.connected(now));
        }

        void runPac(List<PacAction> actions) {
            for (PacAction action : actions) {
                switch (action) {
                    case ControlAction.Send send -> toPns.writeBytes(ControlMessageCodec.encode(send.message()));
                    case ControlAction.CloseConnection close -> pacClosed = true;
                    case ControlAction.CloseCall close -> events.add("PAC call closed");
                    case ControlAction.WanErrors errors -> events.add("PAC WAN errors");
                    case ControlAction.Note note -> events.add("PAC " + note.text());
                    case PacAction.Started started -> events.add("PAC started");
                    case PacAction.LinkInfo info -> events.add("PAC link info");
                    case PacAction.OpenCall open -> {
                        if (refusals > 0) {
                            refusals--;
                            runPac(pac.refuseCall(OutgoingCallReply.BUSY, GeneralError.NONE));
                        } else {
                            events.add("PAC call up");
                            runPac(pac.acceptCall(7));
                        }
                    }
                }
            }
        }

        void runPns(List<PnsAction> actions) {
            for (PnsAction action : actions) {
                switch (action) {
                    case ControlAction.Send send -> toPac.writeBytes(ControlMessageCodec.encode(send.message()));
                    case ControlAction.CloseConnection close -> pnsClosed = true;
                    case ControlAction.CloseCall close -> events.add("PNS call closed");
                    case ControlAction.WanErrors errors -> events.add("PNS WAN errors");
                    case ControlAction.Note note -> events.add("PNS " + note.text());
                    case PnsAction.Started started -> events.add("PNS started");
                    case PnsAction.CallUp up -> events.add("PNS call up");
                }
            }
        }

        /** Moves bytes until none are left, and closes once both directions are empty. */
        void settle() {
            var pacIn = new ByteArrayOutputStream();
            var pnsIn = new ByteArrayOutputStream();
            while (toPac.size() + toPns.size() > 0) {
                if (random.nextBoolean()) {
                    movePiece(toPac, pacIn);
                    frames(pacIn).forEach(frame -> runPac(pac.received(frame, now)));
                } else {
                    movePiece(toPns, pnsIn);
                    frames(pnsIn).forEach(frame -> runPns(pns.received(frame, now)));
                }
            }
            if (pacClosed && !pnsClosed) {
                runPns(pns.peerClosed());
            }
            if (pnsClosed && !pacClosed) {
                runPac(pac.peerClosed());
            }
        }

        private void movePiece(ByteArrayOutputStream from, ByteArrayOutputStream to) {
            byte[] bytes = from.toByteArray();
            int piece = Math.min(bytes.length, random.nextInt(200));
            from.reset();
            to.write(bytes, 0, piece);
            from.write(bytes, piece, bytes.length - piece);
        }

        private static List<ControlFrame> frames(ByteArrayOutputStream stream) {
            var in = ByteBuffer.wrap(stream.toByteArray());
            var frames = new ArrayList<ControlFrame>();
            Optional<ControlFrame> next = ControlFrameDecoder.next(in);
            while (next.isPresent()) {
                frames.add(next.get());
                next = ControlFrameDecoder.next(in);
            }
            stream.reset();
            stream.write(in.array(), in.position(), in.remaining());
            return frames;
        }

        boolean over() {
            return pacClosed && pnsClosed;
        }
    }

    @Property(tries = 200)
    void theClientDialsAndHangsUp(@ForAll long seed) {
        var wire = new Wire(seed, 0);
        wire.settle();
        assertThat(wire.events).containsExactly("PAC started", "PNS started", "PAC call up", "PNS call up");
        wire.runPns(wire.pns.clearCall("the user hung up", 1000));
        wire.settle();
        assertThat(wire.events.subList(4, wire.events.size())).containsExactlyInAnyOrder("PNS call closed",
                "PAC call closed");
        assertThat(wire.over()).isTrue();
    }

    @Property(tries = 200)
    void theClientStops(@ForAll long seed) {
        var wire = new Wire(seed, 0);
        wire.settle();
        wire.runPns(wire.pns.stop("the client is shutting down", 1000));
        wire.settle();
        assertThat(wire.events.subList(4, wire.events.size())).containsExactlyInAnyOrder("PNS call closed",
                "PAC call closed");
        assertThat(wire.over()).isTrue();
    }

    @Property(tries = 200)
    void theServerStopsAndTheClientAtTheSameTime(@ForAll long seed, @ForAll boolean clear) {
        var wire = new Wire(seed, 0);
        wire.settle();
        wire.runPac(wire.pac.stop("the server is shutting down", 1000));
        wire.runPns(clear ? wire.pns.clearCall("the user hung up", 1000) : wire.pns.stop("stop", 1000));
        wire.settle();
        assertThat(wire.events.subList(4, wire.events.size())).containsExactlyInAnyOrder("PNS call closed",
                "PAC call closed");
        assertThat(wire.over()).isTrue();
    }

    @Test
    void theServerRefusesTheCall() {
        var wire = new Wire(1, 1);
        wire.settle();
        assertThat(wire.events).containsExactly("PAC started", "PNS started");
        assertThat(wire.over()).isTrue();
    }

    @Test
    void keepAlivesPassForHours() {
        var wire = new Wire(1, 0);
        wire.settle();
        for (int i = 0; i < 200; i++) {
            wire.now = Math.min(wire.pac.deadline(), wire.pns.deadline());
            wire.runPac(wire.pac.tick(wire.now));
            wire.runPns(wire.pns.tick(wire.now));
            wire.settle();
        }
        assertThat(wire.now).isGreaterThan(3_600_000);
        assertThat(wire.events).hasSize(4);
        assertThat(wire.pac.state()).isEqualTo(PacControlConnection.State.CALL_ESTABLISHED);
    }
}
