package io.pptpoperator.dataplane.session;

import io.pptpoperator.dataplane.linux.NetworkNamespace;
import io.pptpoperator.dataplane.linux.RawGreSocket;
import io.pptpoperator.dataplane.linux.SendBatch;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.control.ControlMessage;
import io.pptpoperator.protocol.control.ControlMessageCodec;
import io.pptpoperator.protocol.control.EchoRequest;
import io.pptpoperator.protocol.control.PnsSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** What somebody does who means harm, from a host of its own, at a rate that a busy machine can keep. */
final class Attacks {
    private static final int PPTP = 1723;
    private static final long STEP_NANOS = 10_000_000;
    /** All 65,536 Call IDs within ten seconds, and then again. */
    private static final int SPOOFED_A_STEP = 100;

    /** To where no packet must ever come. */
    static final String FORBIDDEN = "203.0.113.66";

    private final NetworkNamespace host;
    private final Ipv4Address server;
    private final List<Ipv4Address> own;
    private final List<Ipv4Address> victims;
    private final SplittableRandom random;
    private final Map<String, AtomicLong> done = new TreeMap<>();

    /**
     * @param own addresses of the attacker's host
     * @param victims addresses of others that it can send from
     */
    Attacks(NetworkNamespace host, Ipv4Address server, List<Ipv4Address> own, List<Ipv4Address> victims, long seed) {
        this.host = host;
        this.server = server;
        this.own = own;
        this.victims = victims;
        this.random = new SplittableRandom(seed);
        for (String what : List.of("spoofed GRE", "mutated control messages", "mutated frames", "storm frames",
                "storm messages", "logins", "connections", "slow connections")) {
            done.put(what, new AtomicLong());
        }
    }

    private void count(String what, long count) {
        done.get(what).addAndGet(count);
    }

    /** What was done so far, and how often. */
    Map<String, AtomicLong> done() {
        return done;
    }

    /** Calls {@code step} every hundredth of a second until {@code stop}. */
    private static void paced(BooleanSupplier stop, Runnable step) {
        long next = System.nanoTime();
        while (!stop.getAsBoolean()) {
            step.run();
            next = Math.max(next + STEP_NANOS, System.nanoTime());
            LockSupport.parkNanos(next - System.nanoTime());
        }
    }

    // Off the way, blind.

    private static byte[] hex(String text) {
        return ScriptedPeer.hex(text);
    }

    /** An IPv4 packet of UDP from a client's address to where nobody may get through like that. */
    private static String clearIp() {
        return "4500 001c 0001 0000 4011 0000 c0a80a64 cb007142 1388 1388 0008 0000";
    }

    private static final List<String> FRAMES = List.of("ff03c021 05 01 0004", "ff03c021 01 07 0008 0104 0578",
            "ff03c021 09 01 0008 00000000", "ff03c021 0a 01 0008 00000000", "ff0380fd 01 05 000a 1206 01000040",
            "ff0380fd 05 05 0004", "ff0380fd 0e 05 0004", "ff0380fd 0f 05 0004", "ff038021 05 05 0004",
            "ff038021 01 05 000a 0306 0a000001", "ff03c021 08 05 0006 80fd", "ff03c021 07 05 0008 05 01 0004",
            "ff03c223 01 05 0009 04 01020304", "ff030021" + clearIp(), "21" + clearIp(), "fd 9000 " + "5a".repeat(40),
            "fd 8123 " + "a5".repeat(40));

    /** Every Call ID again and again, with guessed numbers, as if victims had sent it. */
    void spoofedGre(BooleanSupplier stop) {
        RawGreSocket socket = host.call(() -> RawGreSocket.open(1 << 20, Optional.empty()));
        try {
            var out = new SendBatch(socket, SPOOFED_A_STEP, 2048);
            int[] callId = {0};
            paced(stop, () -> {
                for (int i = 0; i < SPOOFED_A_STEP; i++) {
                    byte[] frame = hex(FRAMES.get(random.nextInt(FRAMES.size())));
                    int sequence = switch (random.nextInt(4)) {
                        case 0 -> random.nextInt();
                        case 1 -> 1 << 30;
                        default -> random.nextInt(1 << 14);
                    };
                    callId[0] = callId[0] + 1 & 0xffff;
                    Ipv4Address victim = victims.get(random.nextInt(victims.size()));
                    ByteBuffer packet = out.buffer();
                    int at = out.slotOffset();
                    packet.putInt(at, 0x3081880b)
                            .putShort(at + 4, (short) frame.length)
                            .putShort(at + 6, (short) callId[0])
                            .putInt(at + 8, sequence)
                            .putInt(at + 12, random.nextInt())
                            .put(at + 16, frame);
                    out.commit(server.bits(), victim.bits(), 16 + frame.length);
                }
                out.flush();
                count("spoofed GRE", SPOOFED_A_STEP);
            });
        } finally {
            socket.close();
        }
    }

    // Strangers.

    private Socket open(Ipv4Address source) {
        return host.call(() -> {
            var socket = new Socket();
            socket.bind(new InetSocketAddress(source.toInetAddress(), 0));
            socket.connect(new InetSocketAddress(server.toInetAddress(), PPTP), 10_000);
            return socket;
        });
    }

    private Ipv4Address anySource() {
        return own.get(random.nextInt(own.size()));
    }

    private static List<byte[]> messages() {
        return List.<ControlMessage>of(PnsSettings.windowsLike(1).start(), new EchoRequest(7))
                .stream()
                .map(ControlMessageCodec::encode)
                .toList();
    }

    private byte[] mutated(byte[] message) {
        byte[] changed = message.clone();
        for (int flips = random.nextInt(4); flips > 0; flips--) {
            changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return random.nextInt(8) == 0 ? Arrays.copyOf(changed, random.nextInt(changed.length)) : changed;
    }

    /** Connections that say something like PPTP. */
    void mutatedControlMessages(BooleanSupplier stop) {
        List<byte[]> messages = new ArrayList<>(messages());
        messages.add(hex("00a8 0001 1a2b3c4d 0007 0000 0001 0001 0000012c 05f5e100 00000003 00000003 0040 0000"
                + "0000 0000" + "00".repeat(128)));
        messages.add(hex("0018 0001 1a2b3c4d 000f 0000 0001 0000 ffffffff ffffffff"));
        messages.add(hex("0010 0001 1a2b3c4d 000c 0000 0001 0000"));
        messages.add(hex("0010 0001 1a2b3c4d 0003 0000 0100 0000"));
        paced(stop, () -> {
            try (Socket socket = open(anySource())) {
                socket.getOutputStream().write(messages.getFirst());
                for (int i = 0; i < 20; i++) {
                    socket.getOutputStream().write(mutated(messages.get(random.nextInt(messages.size()))));
                    count("mutated control messages", 1);
                }
            } catch (IOException e) {
                // The server has had enough of it.
            }
        });
    }

    /** As many connections as one stranger had in the review, from all its addresses. */
    void connectionFlood(BooleanSupplier stop) {
        Deque<SocketChannel> open = new ArrayDeque<>();
        paced(stop, () -> {
            for (int i = 0; i < 5; i++) {
                open.add(connecting(anySource()));
                count("connections", 1);
                if (open.size() > 100) {
                    cut(open.remove());
                }
            }
        });
        open.forEach(Attacks::cut);
    }

    private SocketChannel connecting(Ipv4Address source) {
        return host.call(() -> {
            SocketChannel channel = SocketChannel.open();
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            channel.bind(new InetSocketAddress(source.toInetAddress(), 0));
            channel.connect(new InetSocketAddress(server.toInetAddress(), PPTP));
            return channel;
        });
    }

    private static void cut(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // It was closed already.
        }
    }

    /** A thousand connections, each of which says a byte now and then. */
    void slowConnections(BooleanSupplier stop) {
        byte[] start = messages().getFirst();
        Deque<SocketChannel> open = new ArrayDeque<>();
        int[] byteOf = {0};
        paced(stop, () -> {
            for (int i = 0; i < 5 && open.size() < 1_000; i++) {
                open.add(connecting(anySource()));
                count("slow connections", 1);
            }
            for (int i = 0; i < 10; i++) {
                SocketChannel channel = open.remove();
                try {
                    if (channel.finishConnect()) {
                        channel.write(ByteBuffer.wrap(start, byteOf[0]++ % start.length, 1));
                    }
                    open.add(channel);
                } catch (IOException e) {
                    cut(channel);
                    open.add(connecting(anySource()));
                    count("slow connections", 1);
                }
            }
        });
        open.forEach(Attacks::cut);
    }

    // Somebody who has a password.

    /** A Windows that is as it should be until it is connected, and then no longer listens. */
    private static final class Turncoat implements Peer {
        private final WindowsPeer windows;
        private volatile boolean turned;
        private volatile boolean hungUp;

        Turncoat(String name, String password) {
            windows = new WindowsPeer(name, password);
        }

        @Override
        public void connected(PeerLine line) {
            windows.connected(line);
        }

        @Override
        public void control(byte[] bytes) {
            if (!turned) {
                windows.control(bytes);
            }
        }

        @Override
        public void gre(byte[] packet) {
            if (!turned) {
                windows.gre(packet);
            }
        }

        @Override
        public void hungUp() {
            hungUp = true;
        }
    }

    private void asPeer(BooleanSupplier stop, String name, String password, Harm harm) {
        while (!stop.getAsBoolean()) {
            var peer = new Turncoat(name, password);
            try (RealLine line = RealLine.connect(host, server, peer)) {
                line.awaitPeer("the attacker is connected", () -> peer.hungUp || peer.windows.isUp());
                count("logins", 1);
                peer.turned = true;
                paced(() -> stop.getAsBoolean() || peer.hungUp, () -> line.ask(() -> {
                    harm.step(peer.windows, line);
                    return true;
                }));
            } catch (AssertionError | RuntimeException e) {
                // Hung up on in the middle of a sentence: it dials again.
            }
        }
    }

    /** One hundredth of a second's work. */
    @FunctionalInterface
    private interface Harm {
        void step(WindowsPeer windows, PeerLine line) throws IOException;
    }

    /** A logged-in client whose frames and messages are nearly right. */
    void mutatedPeer(BooleanSupplier stop, String name, String password) {
        asPeer(stop, name, password, (windows, line) -> {
            for (int i = 0; i < 10; i++) {
                byte[] frame = mutated(hex(FRAMES.get(random.nextInt(FRAMES.size()))));
                int protocol = frame.length < 4 ? 0xc021 : (frame[2] & 0xff) << 8 | frame[3] & 0xff;
                windows.sendFrame(protocol, Arrays.copyOfRange(frame, Math.min(4, frame.length), frame.length));
                count("mutated frames", 1);
            }
            if (random.nextInt(20) == 0) {
                line.control(mutated(messages().getLast()));
                count("mutated control messages", 1);
            }
        });
    }

    private static final List<String> STORM = List.of("0e 05 0004", "07 05 0008 05 01 0004", "09 01 0008 00000000",
            "0c 01 000c 00000000 41424344", "08 05 0006 80fd");

    /** A logged-in client that says harmless things ten thousand times a second. */
    void storm(BooleanSupplier stop, String name, String password) {
        byte[] echo = messages().getLast();
        byte[] linkInfo = hex("0018 0001 1a2b3c4d 000f 0000 0001 0000 ffffffff ffffffff");
        asPeer(stop, name, password, (windows, line) -> {
            for (int i = 0; i < 100; i++) {
                int protocol = switch (random.nextInt(4)) {
                    case 0 -> 0x80fd;
                    case 1 -> 0x8057;
                    default -> 0xc021;
                };
                windows.sendFrame(protocol,
                        hex(protocol == 0x80fd ? STORM.getFirst() : STORM.get(random.nextInt(STORM.size()))));
            }
            count("storm frames", 100);
            for (int i = 0; i < 20; i++) {
                line.control(random.nextBoolean() ? echo : linkInfo);
                count("storm messages", 1);
            }
        });
    }
}
