package io.pptpoperator.operator.leader;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfig;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElector;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaderElectionRecord;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import io.pptpoperator.operator.ApiErrors;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The installation's Lease: whoever holds it is the one process that writes. It is won once and lost for good; a
 * process that lost it ends, and a new one stands for election.
 */
public final class Leadership implements AutoCloseable {

    /** The Lease's name. */
    public static final String LEASE = "pptp-operator";

    private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);
    /** Long enough for a slow API server, and short enough for somebody who waits. */
    private static final Duration LEASE_DURATION = Duration.ofSeconds(15);
    /** A leader stops writing well before anybody else may begin. */
    private static final Duration RENEW_DEADLINE = Duration.ofSeconds(10);
    /** What is on its way to the API server when the Lease is about to end must arrive before that. */
    private static final Duration IN_FLIGHT = Duration.ofSeconds(2);
    private static final Duration RETRY_PERIOD = Duration.ofSeconds(2);
    /** Longer than any attempt takes, time-outs and all. */
    private static final Duration STANDSTILL = Duration.ofMinutes(1);

    private final LeaderElector elector;
    private final WriteFence fence;
    private final Clock clock;
    private final Runnable won;
    private final Consumer<String> lost;
    private final AtomicBoolean over = new AtomicBoolean();
    private final ExecutorService threads = Executors
            .newCachedThreadPool(Thread.ofPlatform().daemon().name("leader-election-", 0).factory());
    private CompletableFuture<?> election = CompletableFuture.completedFuture(null);
    private volatile boolean held;
    /** Null before the election. */
    private volatile Instant lastAttempt;
    private volatile Instant lastRenewal;
    /** What kept the Lease from being asked for, the last time. */
    private volatile Optional<String> lastFailure = Optional.empty();

    /**
     * Prepares an election that {@link #start} begins.
     *
     * @param fence is open while the Lease is held
     * @param identity no other process may ever have had it: a process that takes its predecessor's Lease for its own
     *     is one of two leaders
     * @param won is called once, on a thread that renews nothing
     * @param lost is called once, with why as a sentence, and not when this is closed
     */
    public Leadership(KubernetesClient client, WriteFence fence, String namespace, String identity, Clock clock,
            Runnable won, Consumer<String> lost) {
        this.fence = fence;
        this.clock = clock;
        this.won = won;
        this.lost = lost;
        elector = new LeaderElector(client,
                new LeaderElectionConfig(new ObservedLock(namespace, identity), LEASE_DURATION, RENEW_DEADLINE,
                        RETRY_PERIOD,
                        new LeaderCallbacks(this::win, this::lose, leader -> LOG.info("The leader is {}", leader)),
                        false, LEASE),
                threads);
    }

    /** Notes when the Lease was asked for, and when it was renewed. */
    private final class ObservedLock extends LeaseLock {

        ObservedLock(String namespace, String identity) {
            super(namespace, LEASE, identity);
        }

        @Override
        public synchronized LeaderElectionRecord get(KubernetesClient client) {
            lastAttempt = clock.instant();
            try {
                LeaderElectionRecord record = super.get(client);
                lastFailure = Optional.empty();
                return record;
            } catch (KubernetesClientException e) {
                lastFailure = Optional.of(ApiErrors.sentence(e));
                throw e;
            }
        }

        @Override
        public synchronized void create(KubernetesClient client, LeaderElectionRecord record) {
            super.create(client, record);
            renewed(record);
        }

        @Override
        public synchronized void update(KubernetesClient client, LeaderElectionRecord record) {
            super.update(client, record);
            renewed(record);
        }
    }

    private void renewed(LeaderElectionRecord record) {
        lastRenewal = clock.instant();
        if (!over.get()) {
            fence.openUntil(record.getRenewTime().toInstant().plus(LEASE_DURATION).minus(IN_FLIGHT));
        }
    }

    /** Stands for election. */
    public void start() {
        lastAttempt = clock.instant();
        election = elector.start();
    }

    private void win() {
        held = true;
        threads.execute(won);
    }

    private void lose() {
        held = false;
        fence.openUntil(Instant.MIN);
        if (over.compareAndSet(false, true)) {
            String why = lastFailure
                    .map(it -> "it could not be renewed within " + RENEW_DEADLINE.toSeconds() + " s, because " + it)
                    .orElse("another process took it");
            lost.accept("the Lease " + LEASE + " is lost: " + why
                    + ". This process writes nothing any more and ends; a new one stands for election");
        }
    }

    /** What is wrong, as a sentence; nothing when the election goes on as it should. */
    public Optional<String> problem() {
        Instant now = clock.instant();
        if (held && lastRenewal.plus(LEASE_DURATION).plus(LEASE_DURATION).isBefore(now)) {
            return Optional.of("the Lease was last renewed at " + lastRenewal + ", and not given up since");
        }
        if (lastAttempt != null && lastAttempt.plus(STANDSTILL).isBefore(now)) {
            return Optional.of("nobody has asked for the Lease since " + lastAttempt);
        }
        return Optional.empty();
    }

    /** Gives the Lease back, for the next one to take at once; to be called when nothing is written any more. */
    @Override
    public void close() {
        if (over.compareAndSet(false, true) && held) {
            try {
                elector.release();
            } catch (KubernetesClientException e) {
                LOG.info("The Lease was not given back, and runs out by itself: {}", ApiErrors.sentence(e));
            }
        }
        held = false;
        election.cancel(true);
        threads.shutdownNow();
    }
}
