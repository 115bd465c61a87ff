package io.pptpoperator.dataplane.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.config.ConfigReader;
import io.pptpoperator.dataplane.config.Configuration;
import io.pptpoperator.dataplane.datapath.MemoryDatapath;
import io.pptpoperator.dataplane.handover.RecordReader;
import io.pptpoperator.dataplane.handover.RecordWriter;
import io.pptpoperator.protocol.address.Ipv4Address;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * A server's sessions, the clients that dial it and the network between them, in one thread and in virtual time: an
 * hour passes in a moment, and the same test always goes the same way.
 */
final class World implements MemoryDatapath.Loop {
    static final Ipv4Address SERVER = Ipv4Address.parse("198.51.100.1");
    /** The server's end of every link. */
    static final Ipv4Address GATEWAY = Ipv4Address.parse("192.168.10.1");
    static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");
    /** Milliseconds that anything takes from one end to the other. */
    static final long LATENCY = 5;
    private static final int LINK_MTU = 1400;
    private static final long SWEEP = 250;
    private static final long PATIENCE = Duration.ofMinutes(5).toMillis();
    /** So much can hardly happen in one millisecond, but for two timers that set off one another. */
    private static final int MOST_AT_ONCE = 5_000;

    /** The shortest configuration there is; tests write more sections behind it. */
    static final String NETWORK = """
            localIP: 192.168.10.1
            pools: [192.168.10.100-200]
            """;
    static final String USERS = """
            users:
              - {username: alice, password: secret-a}
              - {username: bob, password: secret-b}
            """;

    /** Decides what the network does to a GRE packet. */
    @FunctionalInterface
    interface Weather {
        /** Loses the packet. */
        long LOST = -1;

        /** How many milliseconds later than usual the packet arrives, or {@link #LOST}. */
        long delay(boolean toServer, byte[] packet);
    }

    private record Event(long time, long number, Runnable action) {}

    private final PriorityQueue<Event> events = new PriorityQueue<>(
            Comparator.comparingLong(Event::time).thenComparingLong(Event::number));
    private final Map<Ipv4Address, Line> linesByAddress = new HashMap<>();
    private long now = 1;
    private long number;
    private Weather weather = (toServer, packet) -> 0;
    private long latency = LATENCY;

    final RecordedEvents record = new RecordedEvents();
    private Configuration configuration;
    private final Function<LocalUsers, Authority> authorities;
    MemoryDatapath datapath;
    Sessions sessions;

    /** A server with Alice and Bob. */
    World() {
        this("");
    }

    /** A server with Alice and Bob, and more sections of {@code server.yaml} behind {@code network}. */
    World(String sections) {
        this(NETWORK + sections, USERS);
    }

    World(String serverYaml, String usersYaml) {
        this(serverYaml, usersYaml, local -> local);
    }

    /** A server whose logins somebody else decides; {@code authorities} makes that of the one that knows its users. */
    World(String serverYaml, String usersYaml, Function<LocalUsers, Authority> authorities) {
        this.authorities = authorities;
        configuration = ConfigReader.parse(serverYaml, usersYaml);
        datapath = new MemoryDatapath(this, this::greToClient);
        sessions = newSessions();
        sweep();
    }

    private Sessions newSessions() {
        return new Sessions(configuration, LINK_MTU, datapath, record, () -> NOON.plusMillis(now), this::now,
                new SecureRandom(), authorities);
    }

    /** Another process goes on with all sessions that are at rest; the others are lost, and so is what it does not get. */
    void handOver() {
        datapath.abandon();
        datapath = new MemoryDatapath(this, this::greToClient);
        sessions = newSessions();
        RecordWriter writer = new RecordWriter();
        RecordReader reader = new RecordReader();
        linesByAddress.values().forEach(line -> line.handOver(writer, reader));
        sessions.goOn(now);
    }

    /** The same, to a process that starts with other files. */
    void handOver(String serverYaml, String usersYaml, String profilesYaml) {
        configuration = ConfigReader.parse(serverYaml, usersYaml, "", profilesYaml);
        handOver();
    }

    private void sweep() {
        sessions.sweep(now);
        after(SWEEP, this::sweep);
    }

    /** Applies changed files. */
    void configure(String serverYaml, String usersYaml) {
        configuration = ConfigReader.parse(serverYaml, usersYaml);
        sessions.configure(configuration, LINK_MTU, now);
    }

    /** Applies changed files, that of the profiles among them. */
    void configure(String serverYaml, String usersYaml, String profilesYaml) {
        configuration = ConfigReader.parse(serverYaml, usersYaml, "", profilesYaml);
        sessions.configure(configuration, LINK_MTU, now);
    }

    @Override
    public long now() {
        return now;
    }

    /** Another time in milliseconds that everything needs for one way. */
    void latency(long changed) {
        latency = changed;
    }

    long latency() {
        return latency;
    }

    void weather(Weather changed) {
        weather = changed;
    }

    /** Lets so much time pass. */
    void run(Duration time) {
        long end = now + time.toMillis();
        while (!events.isEmpty() && events.peek().time() <= end) {
            step();
        }
        now = end;
    }

    /** Lets time pass until the condition holds. */
    void runUntil(String what, BooleanSupplier condition) {
        long end = now + PATIENCE;
        while (!condition.getAsBoolean()) {
            assertThat(!events.isEmpty() && events.peek().time() <= end)
                    .as("%s within %s ms; %s", what, PATIENCE, record.ends)
                    .isTrue();
            step();
        }
    }

    private int atOnce;

    private void step() {
        Event event = events.remove();
        atOnce = event.time() == now ? atOnce + 1 : 0;
        assertThat(atOnce).as("events at the same time").isLessThan(MOST_AT_ONCE);
        now = event.time();
        event.action().run();
    }

    @Override
    public void after(long millis, Runnable action) {
        events.add(new Event(now + millis, number++, action));
    }

    /** A client connects. Its GRE goes by its address, so there may be one client at an address at a time. */
    Line connect(Ipv4Address address, Peer peer) {
        Line line = new Line(this, address, peer);
        linesByAddress.put(address, line);
        after(latency, line::accept);
        return line;
    }

    private void greToClient(Ipv4Address client, byte[] packet) {
        Line line = linesByAddress.get(client);
        if (line != null) {
            carry(false, packet, () -> line.peer().gre(packet));
        }
    }

    void greToServer(Ipv4Address from, byte[] packet) {
        carry(true, packet, () -> datapath.receive(from, packet));
    }

    private void carry(boolean toServer, byte[] packet, Runnable arrival) {
        long delay = weather.delay(toServer, packet);
        if (delay != Weather.LOST) {
            after(latency + delay, arrival);
        }
    }
}
