package io.pptpoperator.dataplane.client.load;

import io.pptpoperator.dataplane.client.ClientSettings;
import io.pptpoperator.dataplane.client.Destination;
import io.pptpoperator.dataplane.client.load.SimulatedClient.Shared;
import io.pptpoperator.dataplane.client.load.SimulatedClient.State;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/** One run: lets clients log in at the pace of the plan, and send, and leave. It lives on one event loop. */
final class LoadRun {
    private static final long TICK_MILLIS = 2;
    /** Logins that begin in one tick at most, so that a hiccup is not answered with a thundering herd. */
    private static final int MOST_AT_ONCE = 64;
    /** Sessions that are ended in one tick at the end of the run. */
    private static final int MOST_LEAVING_AT_ONCE = 20;
    private static final int SLICES = 5;
    private static final long LAST_LOGINS = TimeUnit.SECONDS.toNanos(20);
    private static final long LAST_ANSWERS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long LAST_GOODBYES = TimeUnit.SECONDS.toNanos(20);

    private enum Stage {
        LOGINS, LAST_LOGINS, LAST_ANSWERS, GOODBYES, OVER
    }

    private final Shared shared;
    private final List<SimulatedClient> clients = new ArrayList<>();
    private final Queue<SimulatedClient> free = new PriorityQueue<>(
            Comparator.comparingLong(SimulatedClient::freeSince));
    private final CompletableFuture<LoadSummary> finished = new CompletableFuture<>();
    private ScheduledFuture<?> ticks;
    private Pacer pacer;
    private Stage stage = Stage.LOGINS;
    private long measuredFrom;
    private boolean measuring;
    private long stageEnds;
    private int slice;

    /**
     * Nothing is sent before {@link #start}.
     *
     * @param settings of each client by its number
     * @param destinations of each client by its number
     */
    LoadRun(Shared shared, IntFunction<ClientSettings> settings, IntFunction<Destination> destinations) {
        this.shared = shared;
        for (int i = 0; i < shared.plan().clients(); i++) {
            clients.add(new SimulatedClient(shared, destinations.apply(i), settings.apply(i), free::add));
        }
    }

    /** Begins; the result comes when every client is gone. For any thread. */
    CompletableFuture<LoadSummary> start() {
        shared.loop().execute(() -> {
            long startedAt = System.nanoTime();
            free.addAll(clients);
            pacer = new Pacer(shared.plan().perSecond(), startedAt);
            measuredFrom = startedAt + shared.plan().warmUp();
            stageEnds = measuredFrom + shared.plan().duration();
            ticks = shared.loop().scheduleAtFixedRate(this::tick, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
        });
        return finished;
    }

    /** Begins no more logins. For any thread. */
    void stop() {
        shared.loop().execute(() -> {
            if (stage == Stage.LOGINS) {
                stageEnds = System.nanoTime();
            }
        });
    }

    /** What has happened since the last call. For any thread but the loop's. */
    LoadInterval interval() {
        return CompletableFuture.supplyAsync(shared.stats()::interval, shared.loop()).join();
    }

    private void tick() {
        long now = System.nanoTime();
        switch (stage) {
            case LOGINS -> {
                if (now >= measuredFrom && !measuring) {
                    measuring = true;
                    shared.stats().forgetTimes();
                }
                beginLogins(now);
                if (now >= stageEnds) {
                    enter(Stage.LAST_LOGINS, now + LAST_LOGINS);
                }
            }
            case LAST_LOGINS -> {
                if (now >= stageEnds || none(State.LOGGING_IN)) {
                    clients.forEach(SimulatedClient::fallSilent);
                    enter(Stage.LAST_ANSWERS, now + (shared.plan().traffic().isPresent() ? LAST_ANSWERS : 0));
                }
            }
            case LAST_ANSWERS -> {
                if (now >= stageEnds) {
                    enter(Stage.GOODBYES, now + LAST_GOODBYES);
                }
            }
            case GOODBYES -> {
                clients.stream()
                        .filter(client -> client.state() == State.CONNECTED)
                        .limit(MOST_LEAVING_AT_ONCE)
                        .forEach(SimulatedClient::leave);
                if (now >= stageEnds || clients.stream().allMatch(client -> client.state() == State.FREE)) {
                    finish();
                }
            }
            case OVER -> {
            }
        }
        tickClients(now);
    }

    private void enter(Stage next, long ends) {
        stage = next;
        stageEnds = ends;
    }

    private boolean none(State state) {
        return clients.stream().noneMatch(client -> client.state() == state);
    }

    private void beginLogins(long now) {
        for (int begun = 0; begun < MOST_AT_ONCE && pacer.nextDue() <= now; begun++) {
            SimulatedClient client = free.peek();
            if (client == null || client.freeSince() > now) {
                pacer.restart(now);
                return;
            }
            long due = Math.max(pacer.nextDue(), client.freeSince());
            pacer.take();
            client.login(due);
            free.remove();
        }
    }

    /** A slice of the clients in each tick: all of them in a few. */
    private void tickClients(long now) {
        slice = (slice + 1) % SLICES;
        for (int i = slice; i < clients.size(); i += SLICES) {
            clients.get(i).tick(now);
        }
    }

    private void finish() {
        enter(Stage.OVER, Long.MAX_VALUE);
        ticks.cancel(false);
        clients.forEach(SimulatedClient::abandon);
        finished.complete(shared.stats().summary(measuredFrom));
    }
}
