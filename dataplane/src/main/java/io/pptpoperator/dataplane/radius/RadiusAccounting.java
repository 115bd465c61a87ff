package io.pptpoperator.dataplane.radius;

import io.pptpoperator.dataplane.config.RadiusConfig;
import io.pptpoperator.dataplane.radius.RadiusServer.Purpose;
import io.pptpoperator.dataplane.session.Session;
import io.pptpoperator.protocol.ppp.link.TerminationReason;
import io.pptpoperator.protocol.radius.AccountingRecord;
import io.pptpoperator.protocol.radius.AccountingRecord.Event;
import io.pptpoperator.protocol.radius.AccountingRecord.TerminateCause;
import io.pptpoperator.protocol.radius.NasAttributes;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
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

    /** Does something later, on the control loop. */
    @FunctionalInterface
    interface Later {
        /** Returns what takes it back. */
        Runnable after(long millis, Runnable task);
    }

    /** A session that was reported, and the report of it that comes next. */
    private static final class Reported {
        private final boolean byRadius;
        private Runnable cancelInterim = () -> {};

        private Reported(boolean byRadius) {
            this.byRadius = byRadius;
        }
    }

    private final Asking client;
    private final Supplier<NasIdentity> nas;
    private final Later later;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final AccountingSpool spool = new AccountingSpool(MOST_WAITING, UNDER_WAY);
    private final Map<Session, Reported> reported = new HashMap<>();
    private RadiusConfig.Accounting settings = RadiusConfig.NONE.accounting();
    private boolean pausing;
    private boolean refused;
    private Optional<CompletableFuture<Void>> emptied = Optional.empty();

    /**
     * Reports nothing yet.
     *
     * @param nas how this PAC calls itself now
     * @param clock tells the time of day
     * @param random draws when a report is due
     */
    RadiusAccounting(Asking client, Supplier<NasIdentity> nas, Later later, InstantSource clock,
            RandomGenerator random) {
        this.client = client;
        this.nas = nas;
        this.later = later;
        this.clock = clock;
        this.random = random;
    }

    /** Changed settings: sessions that are reported go on by them. */
    void configure(RadiusConfig.Accounting changed) {
        settings = changed;
        reported.keySet().forEach(this::changed);
    }

    private boolean isOn() {
        return settings.enabled() && client.serves(Purpose.ACCOUNTING);
    }

    /** The server begins, and has no session: what others have at its address is over. */
    void begun() {
        if (isOn()) {
            report(new Event.On());
        }
    }

    /** The server ends, and has no session left. */
    void over() {
        if (isOn()) {
            report(new Event.Off());
        }
    }

    /**
     * A session has its address.
     *
     * @param byRadius whether a RADIUS server let it in
     */
    void connected(Session session, boolean byRadius) {
        if (!isOn()) {
            return;
        }
        reported.put(session, new Reported(byRadius));
        report(session, new Event.Start(), byRadius);
        scheduleInterim(session);
    }

    /**
     * A session of another process goes on here, which has reported it where sessions are reported.
     *
     * @param byRadius whether a RADIUS server let it in
     */
    void takenOver(Session session, boolean byRadius) {
        reported.put(session, new Reported(byRadius));
        scheduleInterim(session);
    }

    /** A session is another process', and nothing more of it is reported here. */
    void handedOver(Session session) {
        Reported known = reported.remove(session);
        if (known != null) {
            known.cancelInterim.run();
        }
    }

    /** A session may be reported at another interval now. */
    void changed(Session session) {
        Reported known = reported.get(session);
        if (known != null) {
            known.cancelInterim.run();
            scheduleInterim(session);
        }
    }

    private void scheduleInterim(Session session) {
        Duration interval = session.terms().accounting().interval().orElse(settings.interval());
        Reported known = reported.get(session);
        if (interval.isZero() || !settings.enabled()) {
            known.cancelInterim = () -> {};
            return;
        }
        long millis = (long) (interval.toMillis() * (1 - JITTER + 2 * JITTER * random.nextDouble()));
        known.cancelInterim = later.after(millis, () -> {
            report(session, new Event.Interim(), known.byRadius);
            scheduleInterim(session);
        });
    }

    /** A session is over. */
    void ended(Session session) {
        Reported known = reported.remove(session);
        if (known != null) {
            known.cancelInterim.run();
            report(session, new Event.Stop(cause(session.reason())), known.byRadius);
        }
    }

    /** What RFC 2866 section 5.10 calls a reason. */
    static TerminateCause cause(TerminationReason reason) {
        return switch (reason) {
            case USER_REQUEST, PEER_REQUEST -> TerminateCause.USER_REQUEST;
            case ECHO_TIMEOUT, NO_ANSWER, TUNNEL_DOWN -> TerminateCause.LOST_CARRIER;
            case IDLE_TIMEOUT -> TerminateCause.IDLE_TIMEOUT;
            case SESSION_TIMEOUT -> TerminateCause.SESSION_TIMEOUT;
            case OCTETS_USED_UP -> TerminateCause.NAS_REQUEST;
            case ADMIN, USER_CHANGED -> TerminateCause.ADMIN_RESET;
            case SHUTDOWN -> TerminateCause.ADMIN_REBOOT;
            case REPLACED -> TerminateCause.PORT_PREEMPTED;
            case NO_ADDRESS -> TerminateCause.NAS_ERROR;
            case NEGOTIATION_FAILED, AUTHENTICATION_REFUSED, AUTHENTICATION_FAILED, ENCRYPTION_REFUSED, LOOPBACK ->
                TerminateCause.USER_ERROR;
        };
    }

    private void report(Session session, Event event, boolean byRadius) {
        var traffic = session.traffic();
        long seconds = event instanceof Event.Start
                ? 0
                : Math.max(0, Duration.between(session.since(), clock.instant()).toSeconds());
        add(new AccountingRecord(event, session.id(), session.username().orElse(""), session.address(), seconds,
                traffic.bytesIn(), traffic.bytesOut(), traffic.packetsIn(), traffic.packetsOut(), byRadius,
                session.terms().accounting().classes(),
                nas.get().attributes(session.id(), session.peer(), session.local())));
    }

    private void report(Event event) {
        NasIdentity now = nas.get();
        add(AccountingRecord.of(event, NasAttributes.ofServer(now.identifier(), now.address())));
    }

    private void add(AccountingRecord record) {
        spool.add(new AccountingSpool.Entry(record, clock.instant().getEpochSecond()));
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
        refused = !taken;
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
            later.after(PAUSE, () -> {
                pausing = false;
                send();
            });
        }
    }

    /** Complete as soon as every record so far has been taken. */
    CompletableFuture<Void> flushed() {
        CompletableFuture<Void> flushed = emptied.orElseGet(CompletableFuture::new);
        emptied = Optional.of(flushed);
        if (spool.size() == 0) {
            flushed.complete(null);
        }
        return flushed;
    }

    /** Whether nobody may be let in, because nobody takes records. */
    boolean keepsLoginsOut() {
        return settings.enabled() && settings.whenUnreachable() == RadiusConfig.Accounting.WhenUnreachable.REFUSE
                && refused && spool.size() > 0;
    }

    /** How many records no server has taken yet. */
    int waiting() {
        return spool.size();
    }

    /** How many were given up because too many waited, or because a newer one says all that they said. */
    long lost() {
        return spool.lost();
    }
}
