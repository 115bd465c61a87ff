package io.pptpoperator.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.operator.ObjectKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StatusQueueTest {

    private final StatusQueue queue = new StatusQueue(Clock.systemUTC());
    private final List<String> written = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch busy = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);

    @AfterEach
    void close() {
        queue.close();
    }

    @Test
    void whatIsOfferedAgainWhileItWaitsIsWrittenOnceAndOldestFirst() throws InterruptedException {
        queue.setWriter(VpnUser.class, this::writeSlowly);
        queue.start();
        offer("first");
        assertThat(busy.await(60, TimeUnit.SECONDS)).isTrue();
        for (int round = 0; round < 100; round++) {
            for (int user = 0; user < 50; user++) {
                offer("user-" + user);
            }
        }
        assertThat(queue.size()).isEqualTo(50);
        goOn.countDown();

        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> written.size() >= 51);
        assertThat(queue.size()).isZero();
        assertThat(written).hasSize(51).doesNotHaveDuplicates().startsWith("first", "user-0", "user-1");
    }

    @Test
    void whatChangesWhileItIsWrittenIsWrittenAgain() throws InterruptedException {
        queue.setWriter(VpnUser.class, this::writeSlowly);
        queue.start();
        offer("alice");
        assertThat(busy.await(60, TimeUnit.SECONDS)).isTrue();
        offer("alice");
        goOn.countDown();

        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(written).containsExactly("alice", "alice"));
    }

    @Test
    void aFailureKeepsNobodyElseWaitingAndIsTriedAgain() {
        queue.setWriter(VpnUser.class, key -> {
            written.add(key.name());
            if (key.name().equals("broken") && Collections.frequency(written, "broken") == 1) {
                throw new IllegalStateException("the API server says no (this is part of a test)");
            }
        });
        queue.start();
        offer("broken");
        offer("alice");

        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(written).containsExactly("broken", "alice", "broken"));
    }

    @Test
    void serversGoFirstAndKeepNoUserWaitingForEver() throws InterruptedException {
        queue.setWriter(PptpServer.class, key -> {
            written.add("server");
            // As if pods told of new sessions all the time.
            if (Collections.frequency(written, "server") < 30) {
                queue.offer(PptpServer.class, key);
            }
        });
        queue.setWriter(VpnUser.class, this::writeSlowly);
        queue.start();
        offer("first");
        assertThat(busy.await(60, TimeUnit.SECONDS)).isTrue();
        for (int user = 0; user < 10; user++) {
            offer("user-" + user);
        }
        queue.offer(PptpServer.class, new ObjectKey("vpn", "office"));
        goOn.countDown();

        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> written.size() >= 41);
        assertThat(written).startsWith("first", "server", "server", "server", "user-0", "server");
        assertThat(written).containsSequence("user-8", "server", "server", "server", "user-9");
    }

    @Test
    void beforeItIsStartedNothingPilesUp() {
        queue.setWriter(VpnUser.class, this::writeSlowly);
        offer("alice");
        assertThat(queue.size()).isZero();
        assertThat(queue.oldest()).isZero();
    }

    @Test
    void aStatusThatChangesByItselfIsLookedAtThen() {
        Instant begun = Instant.now();
        var looked = new CompletableFuture<Instant>();
        queue.setWriter(VpnUser.class, key -> {
            written.add(key.name());
            looked.complete(Instant.now());
        });
        queue.start();
        queue.offerAt(VpnUser.class, new ObjectKey("vpn", "never"), begun.plus(Duration.ofMillis(100)));
        queue.offerAt(VpnUser.class, new ObjectKey("vpn", "alice"), begun.plus(Duration.ofDays(1)));
        queue.offerAt(VpnUser.class, new ObjectKey("vpn", "alice"), begun.plus(Duration.ofMillis(200)));
        queue.forgetDate(VpnUser.class, new ObjectKey("vpn", "never"));
        assertThat(queue.size()).as("nothing waits").isZero();

        assertThat(looked.orTimeout(60, TimeUnit.SECONDS).join()).isAfter(begun.plus(Duration.ofMillis(200)));
        assertThat(written).containsExactly("alice");
    }

    private void offer(String user) {
        queue.offer(VpnUser.class, new ObjectKey("vpn", user));
    }

    private void writeSlowly(ObjectKey key) {
        written.add(key.name());
        busy.countDown();
        try {
            assertThat(goOn.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
