package io.pptpoperator.dataplane.radius;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.pptpoperator.dataplane.radius.RadiusServer.Purpose;
import io.pptpoperator.protocol.radius.AccessRequests;
import io.pptpoperator.protocol.radius.PacketAuthentication;
import io.pptpoperator.protocol.radius.RadiusException;
import io.pptpoperator.protocol.radius.RadiusPacket;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Asks the servers of one PAC, and repeats what is not answered. Of the control loop's thread. */
public final class RadiusClient implements Asking, AutoCloseable {

    /**
     * How patient to be.
     *
     * @param timeout milliseconds until a request is repeated, at the same server or at the next
     * @param attempts how often it is sent in all
     * @param deadTime milliseconds that a silent server is passed by
     */
    public record Patience(long timeout, int attempts, long deadTime) {}

    /** Makes a request's packet; another for each server, whose secret differs. */
    @FunctionalInterface
    public interface Request {
        /**
         * The packet.
         *
         * @param identifier to be used
         * @param random 16 bytes, the Request Authenticator of a login
         * @param authentication of the server that is asked
         */
        RadiusPacket packet(int identifier, byte[] random, PacketAuthentication authentication);
    }

    /** How a request came out. */
    public sealed interface Outcome {
        /** A server answered, and it was that server. */
        record Answered(RadiusServer server, RadiusPacket request, RadiusPacket reply) implements Outcome {}

        /**
         * None did.
         *
         * @param why a sentence's end, which names the server and the last that was wrong
         */
        record Unanswered(String why) implements Outcome {}
    }

    private final EventLoop loop;
    private final LongSupplier now;
    private final SecureRandom random;
    private final RadiusObserver observer;
    private final List<RadiusServer> servers;
    private final Patience patience;
    private final Map<Purpose, List<Integer>> members = new EnumMap<>(Purpose.class);
    private final Map<Purpose, Failover> failover = new EnumMap<>(Purpose.class);
    private final Map<Purpose, List<Lanes>> lanes = new EnumMap<>(Purpose.class);
    private int open;
    private boolean retired;
    private boolean closed;

    /**
     * A client that sends nothing yet.
     *
     * @param now milliseconds of a clock that only goes forward
     */
    public RadiusClient(EventLoop loop, List<RadiusServer> servers, Patience patience, LongSupplier now,
            SecureRandom random, RadiusObserver observer) {
        this.loop = loop;
        this.servers = List.copyOf(servers);
        this.patience = patience;
        this.now = now;
        this.random = random;
        this.observer = observer;
        for (Purpose purpose : Purpose.values()) {
            var indices = new ArrayList<Integer>();
            var to = new ArrayList<Lanes>();
            for (int k = 0; k < this.servers.size(); k++) {
                RadiusServer server = this.servers.get(k);
                if (server.address(purpose).isPresent()) {
                    indices.add(k);
                    to.add(new Lanes(loop, server.address(purpose).get(), server.tls(),
                            () -> observer.unexpected(server)));
                }
            }
            members.put(purpose, indices);
            lanes.put(purpose, to);
            failover.put(purpose, new Failover(indices.stream().map(it -> this.servers.get(it).priority()).toList(),
                    patience.deadTime()));
        }
    }

    @Override
    public boolean serves(Purpose purpose) {
        return !members.get(purpose).isEmpty();
    }

    @Override
    public Runnable ask(Purpose purpose, int affinity, Request request, Consumer<Outcome> then) {
        var exchange = new Exchange(purpose, affinity, request, then, OptionalInt.empty());
        if (closed || !serves(purpose)) {
            loop.execute(() -> exchange.finish(new Outcome.Unanswered("no RADIUS server takes such requests")));
        } else {
            exchange.send();
        }
        return exchange::withdraw;
    }

    /**
     * Asks each server whether it is there (RFC 5997), where it takes logins or, if it takes none, accounting; the observer
     * is told. Nothing depends on what is answered, so that it may lack a Message-Authenticator, as FreeRADIUS' does. One
     * that does not answer may be one that does not know the question: logins go to it as before.
     *
     * @param nasIdentifier who asks
     */
    void probe(String nasIdentifier) {
        for (int k = 0; k < servers.size() && !closed; k++) {
            Purpose purpose = members.get(Purpose.LOGIN).contains(k) ? Purpose.LOGIN : Purpose.ACCOUNTING;
            new Exchange(purpose, 0,
                    (identifier, drawn, authentication) -> AccessRequests.status(identifier, drawn, nasIdentifier),
                    outcome -> {}, OptionalInt.of(members.get(purpose).indexOf(k))).send();
        }
    }

    /** Closes it as soon as what it was asked is answered. */
    void retire() {
        retired = true;
        closeIfDone();
    }

    private void closeIfDone() {
        if (retired && open == 0) {
            close();
        }
    }

    @Override
    public void close() {
        closed = true;
        lanes.values().forEach(all -> all.forEach(Lanes::close));
    }

    /** One request, at whichever server it is. */
    private final class Exchange {
        private final Purpose purpose;
        private final int affinity;
        private final Request request;
        private final Consumer<Outcome> then;
        /** The only server that is asked, if it is about that one. */
        private final OptionalInt only;
        private final BitSet asked = new BitSet();
        private final List<Sending> sendings = new ArrayList<>();
        private ScheduledFuture<?> timer;
        private int sent;
        private boolean over;

        Exchange(Purpose purpose, int affinity, Request request, Consumer<Outcome> then, OptionalInt only) {
            this.purpose = purpose;
            this.affinity = affinity;
            this.request = request;
            this.then = then;
            this.only = only;
            open++;
        }

        /** Sends to the server whose turn it is: again as it was, or anew if it is another. */
        void send() {
            int member = only.isPresent()
                    ? only.getAsInt()
                    : failover.get(purpose).choose(asked, affinity, now.getAsLong());
            asked.set(member);
            sent++;
            sendingTo(member).ifPresentOrElse(Sending::repeat,
                    () -> lanes.get(purpose).get(member).withRoom().ifPresent(lane -> {
                        var sending = new Sending(this, member, lane);
                        sendings.add(sending);
                        sending.begin();
                    }));
            long at = now.getAsLong();
            timer = loop.schedule(() -> failed(member, at, sendingTo(member).map(it -> it.fault).orElse(Fault.FULL)),
                    patience.timeout(), TimeUnit.MILLISECONDS);
        }

        private Optional<Sending> sendingTo(int member) {
            return sendings.stream().filter(it -> it.member == member).findFirst();
        }

        private RadiusServer server(int member) {
            return servers.get(members.get(purpose).get(member));
        }

        private void failed(int member, long at, Fault fault) {
            if (only.isEmpty()) {
                observer.silent(server(member), purpose, fault);
            }
            if (only.isEmpty() && failover.get(purpose).silent(member, at, now.getAsLong())) {
                observer.dead(server(member));
            }
            if (sent >= patience.attempts()) {
                finish(new Outcome.Unanswered(server(member).name() + " " + fault.text()));
                if (only.isPresent()) {
                    observer.probed(server(member), Optional.of(fault));
                }
            } else {
                send();
            }
        }

        void received(Sending by, byte[] bytes) {
            RadiusServer server = server(by.member);
            RadiusPacket reply;
            try {
                reply = server.authentication()
                        .readReply(bytes, by.packet, by.authenticator,
                                purpose == Purpose.LOGIN && only.isEmpty()
                                        ? server.demand()
                                        : PacketAuthentication.Demand.RESPONSE_AUTHENTICATOR);
            } catch (RadiusException e) {
                // Whoever can forge a datagram must not end a login by it: the server's own answer is still to come.
                by.fault = Fault.of(e);
                observer.notBelieved(server, e);
                return;
            }
            failover.get(purpose).heard(by.member, now.getAsLong());
            if (only.isPresent()) {
                observer.probed(server, Optional.empty());
            } else {
                observer.answered(server, purpose, reply.code(), now.getAsLong() - by.sentAt);
            }
            finish(new Outcome.Answered(server, by.packet, reply));
        }

        /** A connection broke: no reason to wait for its time to pass. */
        void cut(Sending by) {
            sendings.remove(by);
            if (!over && sendings.isEmpty() && timer != null) {
                timer.cancel(false);
                long at = now.getAsLong();
                loop.execute(() -> {
                    if (!over) {
                        failed(by.member, at, Fault.CUT);
                    }
                });
            }
        }

        void finish(Outcome outcome) {
            if (!over) {
                withdraw();
                then.accept(outcome);
            }
        }

        void withdraw() {
            if (over) {
                return;
            }
            over = true;
            open--;
            if (timer != null) {
                timer.cancel(false);
            }
            sendings.forEach(Sending::release);
            sendings.clear();
            closeIfDone();
        }
    }

    /** A request at one server. */
    private final class Sending implements Lane.Waiting {
        private final Exchange exchange;
        private final int member;
        private final Lane lane;
        private int identifier;
        private RadiusPacket packet;
        private byte[] bytes;
        private byte[] authenticator;
        private long sentAt;
        private Fault fault = Fault.SILENT;

        Sending(Exchange exchange, int member, Lane lane) {
            this.exchange = exchange;
            this.member = member;
            this.lane = lane;
        }

        void begin() {
            identifier = lane.take(this);
            byte[] drawn = new byte[RadiusPacket.AUTHENTICATOR];
            random.nextBytes(drawn);
            PacketAuthentication authentication = exchange.server(member).authentication();
            packet = exchange.request.packet(identifier, drawn, authentication);
            bytes = authentication.signRequest(packet);
            authenticator = Arrays.copyOfRange(bytes, 4, 4 + RadiusPacket.AUTHENTICATOR);
            repeat();
        }

        /** The same to the byte: the server may have it already (RFC 2865 section 2.5). */
        void repeat() {
            sentAt = now.getAsLong();
            lane.send(bytes);
        }

        void release() {
            lane.release(identifier);
        }

        @Override
        public void received(byte[] reply) {
            exchange.received(this, reply);
        }

        @Override
        public void cut() {
            exchange.cut(this);
        }
    }
}
