package io.pptpoperator.dataplane.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.config.ConfigReader;
import io.pptpoperator.dataplane.config.Configuration;
import io.pptpoperator.dataplane.linux.Errno;
import io.pptpoperator.dataplane.linux.LinuxException;
import io.pptpoperator.dataplane.network.FollowingNetwork;
import io.pptpoperator.dataplane.network.NetworkPlan;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The network follows the sessions, whatever the kernel says. */
class NetworkChangesTest {
    private static final Ipv4Prefix OFFICE = Ipv4Prefix.parse("10.8.0.0/24");
    private static final Ipv4Prefix BRANCH = Ipv4Prefix.parse("10.9.0.0/24");
    private static final Ipv4Address IN_POOL = Ipv4Address.parse("192.168.10.100");
    private static final Ipv4Address STATIC = Ipv4Address.parse("192.168.20.5");
    private static final Ipv4Prefix STATIC_ROUTE = new Ipv4Prefix(STATIC, 32);
    private static final Configuration WITH_STATIC = configuration(", address: " + STATIC);
    private static final Configuration WITHOUT = configuration("");

    private final List<String> done = Collections.synchronizedList(new ArrayList<>());
    private final List<NetworkPlan> plans = Collections.synchronizedList(new ArrayList<>());
    private final Set<Ipv4Prefix> refused = Collections.synchronizedSet(new HashSet<>());
    private final CountDownLatch kernelAnswers = new CountDownLatch(1);
    private final NetworkChanges changes = NetworkChanges.start(new FollowingNetwork() {
        @Override
        public void follow(NetworkPlan plan) {
            plans.add(plan);
        }

        @Override
        public void addRoute(Ipv4Prefix destination) {
            change("add " + destination, destination);
        }

        @Override
        public void removeRoute(Ipv4Prefix destination) {
            change("remove " + destination, destination);
        }

        @Override
        public void addClient(Ipv4Address client) {
            done.add("client " + client);
        }

        @Override
        public void removeClient(Ipv4Address client) {
            done.add("no client " + client);
        }
    }, WITH_STATIC);

    private static Configuration configuration(String more) {
        return ConfigReader.parse("""
                localIP: 192.168.10.1
                pools: [192.168.10.100-200]
                """, "users: [{username: alice, password: secret-a" + more + "}]\n");
    }

    private void change(String what, Ipv4Prefix destination) {
        try {
            kernelAnswers.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        if (refused.contains(destination)) {
            throw new LinuxException("sendmsg", Errno.EPERM, what + " is refused");
        }
        done.add(what);
    }

    /** Waits until all changes so far are made. */
    private void settle() {
        kernelAnswers.countDown();
        changes.configured(WITH_STATIC, List.of()).join();
    }

    @Test
    void aConnectedSessionsRoutesFollowOtherClients() {
        changes.connected("1", IN_POOL, List.of(OFFICE, BRANCH));
        changes.rerouted("1", List.of(BRANCH));
        changes.rerouted("1", List.of());
        changes.rerouted("1", List.of(OFFICE, BRANCH));
        changes.ended("1", IN_POOL, List::of);
        settle();
        assertThat(done).containsExactly("add " + OFFICE, "add " + BRANCH, "remove " + OFFICE, "remove " + BRANCH,
                "add " + OFFICE, "add " + BRANCH, "remove " + OFFICE, "remove " + BRANCH);
    }

    @Test
    void theLanHearsOfClientsWithProxyArp() {
        changes.connected("1", IN_POOL, List.of());
        changes.ended("1", IN_POOL, List::of);
        settle();
        assertThat(done).as("without").isEmpty();
        changes.configured(ConfigReader.parse("""
                localIP: 192.168.10.1
                pools: [192.168.10.100-200]
                proxyARP: true
                """, "users: []\n"), List.of()).join();
        changes.connected("2", IN_POOL, List.of(OFFICE));
        changes.ended("2", IN_POOL, List::of);
        settle();
        assertThat(done).containsExactly("client " + IN_POOL, "add " + OFFICE, "no client " + IN_POOL,
                "remove " + OFFICE);
    }

    @Test
    void aRouteThatCameLaterGoesWithItsSession() {
        changes.rerouted("1", List.of(BRANCH));
        changes.ended("1", IN_POOL, List::of);
        settle();
        assertThat(done).containsExactly("add " + BRANCH, "remove " + BRANCH);
    }

    @AfterEach
    void stop() {
        kernelAnswers.countDown();
        changes.close();
    }

    @Test
    void theControlLoopDoesNotWaitForTheKernel() {
        changes.connected("1", IN_POOL, List.of(OFFICE));
        changes.ended("1", IN_POOL, List::of);
        assertThat(done).isEmpty();
        settle();
        assertThat(done).containsExactly("add " + OFFICE, "remove " + OFFICE);
    }

    @Test
    void aRouteThatCannotBeRemovedKeepsNothingElseFromHappening() {
        changes.connected("1", IN_POOL, List.of(OFFICE, BRANCH));
        settle();
        refused.add(OFFICE);
        changes.ended("1", IN_POOL, List::of);
        changes.connected("2", IN_POOL, List.of(BRANCH));
        settle();
        assertThat(done).containsExactly("add " + OFFICE, "add " + BRANCH, "remove " + BRANCH, "add " + BRANCH);
    }

    @Test
    void whatTheKernelDidNotTakeIsNotTakenBackFromOtherSessions() {
        refused.add(OFFICE);
        changes.connected("1", IN_POOL, List.of(OFFICE));
        settle();
        refused.clear();
        changes.connected("2", IN_POOL, List.of(OFFICE));
        changes.ended("1", IN_POOL, List::of);
        settle();
        assertThat(done).containsExactly("add " + OFFICE);
    }

    @Test
    void anAddressThatTheConfigurationNoLongerHasIsRoutedUntilItsSessionIsOver() {
        changes.configured(WITHOUT, List.of(STATIC)).join();
        assertThat(plans.getLast().clients()).contains(STATIC_ROUTE);
        changes.ended("1", IN_POOL, () -> List.of(STATIC));
        assertThat(plans).hasSize(1);
        changes.ended("2", STATIC, List::of);
        settle();
        assertThat(plans).hasSize(3);
        assertThat(plans.get(1).clients()).doesNotContain(STATIC_ROUTE);
    }

    @Test
    void anAddressLeasedWhileTheConfigurationChangedIsRoutedToo() {
        changes.configured(WITHOUT, List.of()).join();
        changes.recheck(List.of());
        assertThat(plans).hasSize(1);
        changes.recheck(List.of(STATIC));
        settle();
        assertThat(plans).hasSize(3);
        assertThat(plans.get(1).clients()).contains(STATIC_ROUTE);
    }

    @Test
    void nobodyWaitsForChangesOnceItIsClosed() {
        kernelAnswers.countDown();
        changes.close();
        assertThat(changes.configured(WITHOUT, List.of())).isDone();
        assertThat(plans).isEmpty();
    }
}
