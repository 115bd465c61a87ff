package io.pptpoperator.dataplane.radius;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.pptpoperator.dataplane.radius.RadiusServer.Purpose;
import io.pptpoperator.dataplane.session.Session;
import io.pptpoperator.protocol.ppp.link.TerminationReason;
import io.pptpoperator.protocol.radius.AccountingRecord;
import io.pptpoperator.protocol.radius.AccountingRecord.Event;
import io.pptpoperator.protocol.radius.AccountingRecord.TerminateCause;
import io.pptpoperator.protocol.radius.Grants;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Reports sessions to RADIUS servers: when they begin, now and then while they last, and how they end. What no server takes
 * waits. Of the control loop's thread.
 */
public final class RadiusAccounting {
    private static final int MOST_WAITING = 4_096;
    private static final int UNDER_WAY = 64;
    /** What waits is tried again so many milliseconds after nobody took it. */
    private static final long PAUSE = 5_000;
    /** Interims of many sessions that began together drift apart by so much of their interval. */
    private static final double JITTER = 0.1;
    /** No server can make this PAC busy with reports. */
    private static final Duration LEAST_INTERVAL = Duration.ofSeconds(60);

    private final RadiusClient client;
    private final NasIdentity nas;
    private final EventLoop loop;
    private final Duration interval;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final AccountingSpool spool = new AccountingSpool(MOST_WAITING, UNDER_WAY);
    private final Map<String, ScheduledFuture<?>> interims = new HashMap<>();
    private boolean pausing;
    private Optional<CompletableFuture<Void>> emptied = Optional.empty();

    /**
     * Reports nothing yet.
     *
     * @param interval between two reports of a session whose server asks for none; zero: none
     */
    public RadiusAccounting(RadiusClient client, NasIdentity nas, EventLoop loop, Duration interval,
            InstantSource clock, RandomGenerator random) {
        this.client = client;
        this.nas = nas;
        this.loop = loop;
        this.interval = interval;
        this.clock = clock;
        this.random = random;
    }

    /**
     * A session has its address.
     *
     * @param grants what a RADIUS server granted with its login; empty when none was asked
     */
    public void connected(Session session, Optional<Grants> grants) {
        report(session, new Event.Start(), grants, 0);
        Duration pause = grants.map(Grants::interimInterval)
                .filter(it -> it.isPresent() && it.getAsLong() > 0)
                .map(it -> Duration.ofSeconds(it.getAsLong()))
                .map(it -> it.compareTo(LEAST_INTERVAL) < 0 ? LEAST_INTERVAL : it)
                .orElse(interval);
        if (!pause.isZero()) {
            scheduleInterim(session, grants, pause);
        }
    }

    private void scheduleInterim(Session session, Optional<Grants> grants, Duration pause) {
        long millis = (long) (pause.toMillis() * (1 - JITTER + 2 * JITTER * random.nextDouble()));
        interims.put(session.id(), loop.schedule(() -> {
            report(session, new Event.Interim(), grants, seconds(session));
            scheduleInterim(session, grants, pause);
        }, millis, TimeUnit.MILLISECONDS));
    }

    private long seconds(Session session) {
        return Math.max(0, Duration.between(session.since(), clock.instant()).toSeconds());
    }

    /** A session that was connected is over. */
    public void ended(Session session, Optional<Grants> grants) {
        ScheduledFuture<?> interim = interims.remove(session.id());
        if (interim != null) {
            interim.cancel(false);
        }
        if (session.wasConnected()) {
            report(session, new Event.Stop(cause(session.reason())), grants, seconds(session));
        }
    }

    /** What RFC 2866 section 5.10 calls a reason. */
    static TerminateCause cause(TerminationReason reason) {
        return switch (reason) {
            case USER_REQUEST, PEER_REQUEST -> TerminateCause.USER_REQUEST;
            case ECHO_TIMEOUT, NO_ANSWER, TUNNEL_DOWN -> TerminateCause.LOST_CARRIER;
            case IDLE_TIMEOUT -> TerminateCause.IDLE_TIMEOUT;
            case SESSION_TIMEOUT -> TerminateCause.SESSION_TIMEOUT;
            case ADMIN, USER_CHANGED -> TerminateCause.ADMIN_RESET;
            case SHUTDOWN -> TerminateCause.ADMIN_REBOOT;
            case REPLACED -> TerminateCause.PORT_PREEMPTED;
            case NO_ADDRESS -> TerminateCause.NAS_ERROR;
            case NEGOTIATION_FAILED, AUTHENTICATION_REFUSED, AUTHENTICATION_FAILED, ENCRYPTION_REFUSED, LOOPBACK ->
                TerminateCause.USER_ERROR;
        };
    }

    private void report(Session session, Event event, Optional<Grants> grants, long seconds) {
        var traffic = session.traffic();
        spool.add(new AccountingSpool.Entry(
                new AccountingRecord(event, nas.sessionId(session.id()), session.username().orElse(""),
                        session.address(), seconds, traffic.bytesIn(), traffic.bytesOut(), traffic.packetsIn(),
                        traffic.packetsOut(), grants.isPresent(), grants.orElse(Grants.NONE).classes(),
                        nas.attributes(session.id(), session.peer(), session.local())),
                clock.instant().getEpochSecond()));
        send();
    }

    private void send() {
        if (pausing) {
            return;
        }
        for (Optional<AccountingSpool.Entry> next = spool.take(); next.isPresent(); next = spool.take()) {
            AccountingSpool.Entry entry = next.get();
            client.ask(Purpose.ACCOUNTING, entry.record().sessionId().hashCode(),
                    (identifier, ignored, authentication) -> entry.record()
                            .request(identifier, entry.eventSeconds(),
                                    Math.max(0, clock.instant().getEpochSecond() - entry.eventSeconds())),
                    outcome -> finished(entry, outcome instanceof RadiusClient.Outcome.Answered));
        }
    }

    private void finished(AccountingSpool.Entry entry, boolean taken) {
        if (taken) {
            spool.confirmed(entry);
            send();
        } else {
            spool.unconfirmed(entry);
            pause();
        }
        if (spool.size() == 0) {
            emptied.ifPresent(it -> it.complete(null));
        }
    }

    private void pause() {
        if (!pausing) {
            pausing = true;
            loop.schedule(() -> {
                pausing = false;
                send();
            }, PAUSE, TimeUnit.MILLISECONDS);
        }
    }

    /** Complete as soon as every record so far has been taken. */
    public CompletableFuture<Void> flushed() {
        CompletableFuture<Void> flushed = emptied.orElseGet(CompletableFuture::new);
        emptied = Optional.of(flushed);
        if (spool.size() == 0) {
            flushed.complete(null);
        }
        return flushed;
    }

    /** How many records no server has taken yet. */
    public int waiting() {
        return spool.size();
    }

    /** How many were given up because too many waited, or because a newer one says all that they said. */
    public long lost() {
        return spool.lost();
    }
}
