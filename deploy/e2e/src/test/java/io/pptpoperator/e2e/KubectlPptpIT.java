package io.pptpoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.interop.lab.Await;
import io.pptpoperator.dataplane.interop.lab.Lab;
import io.pptpoperator.dataplane.interop.lab.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code kubectl pptp} as it is installed, against the cluster: what it says is true, and what it does has effects. */
@OnTheCluster
final class KubectlPptpIT {

    private final Lab lab;
    private final Cluster cluster;
    private final Node node;

    KubectlPptpIT(Lab lab) {
        this.lab = lab;
        cluster = Cluster.shared(lab);
        node = cluster.node();
    }

    @BeforeAll
    void serve() {
        cluster.serve();
    }

    private Outcome pptp(String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--namespace", Cluster.VPN));
        return node.kubectlPptp(all.toArray(String[]::new));
    }

    private String must(String... arguments) {
        Outcome outcome = pptp(arguments);
        assertThat(outcome.succeeded()).as(outcome.output()).isTrue();
        return outcome.output();
    }

    /** Adds a user, and returns the password that was printed. */
    private String addUser(String name) {
        Matcher printed = Pattern.compile("Username: " + name + "\nPassword: (\\w+)").matcher(must("add-user", name));
        assertThat(printed.find()).isTrue();
        return printed.group(1);
    }

    @Test
    void anAddedUserConnectsIsShownAndKickedAndAllOfItIsInTheLogs() {
        String password = addUser("gina");
        try (var client = Cluster.connect(lab.laptop(), Cluster.dial("gina", password))) {
            cluster.awaitField("vpnu/gina", ".status.state", "Connected");
            lab.laptop().must("curl -sS --max-time 20 -o /dev/null http://" + Lab.WEB + lab.page().path());

            Await.until("the data plane has counted the download", Cluster.PATIENCE, () -> must("sessions").lines()
                    .anyMatch(row -> row.matches("gina +office +office-pptp-0 +" + Pattern.quote(client.localAddress())
                            + " +" + Lab.LAPTOP + " +\\d\\S* +\\S+ k?B +3\\d\\d\\S* kB")));

            assertThat(must("kick", "gina", "--timeout", "120"))
                    .isEqualTo("vpnuser.pptp-operator.io/gina disconnected");
            Cluster.awaitEnd(client);
            client.awaitExit();
        }
        assertThat(must("sessions")).doesNotContain("gina");
        assertThat(pptp("kick", "gina").output()).isEqualTo("error: gina is not connected");
        for (String line : List.of("office-pptp-0 Connected session=\\S+ peer=" + Lab.LAPTOP + " .*",
                "office-pptp-0 Disconnected session=\\S+ .*reason=admin.*")) {
            Await.until("the log has " + line, Cluster.PATIENCE,
                    () -> must("logs", "gina").lines().anyMatch(it -> it.matches("\\S+ " + line)));
        }
    }

    @Test
    void aRotatedPasswordLetsInWhereTheOldOneDoesNot() {
        String old = addUser("hugo");
        assertThat(must("password", "hugo")).isEqualTo(old);
        Cluster.connect(lab.laptop(), Cluster.dial("hugo", old)).close();

        String rotated = must("password", "hugo", "--rotate").lines()
                .filter(line -> !line.startsWith("secret/"))
                .findFirst()
                .orElseThrow();

        assertThat(rotated).isNotEqualTo(old);
        Cluster.connect(lab.laptop(), Cluster.dial("hugo", rotated)).close();
        Cluster.awaitRefusal(lab.laptop(), Cluster.dial("hugo", old));
        Await.until("the refusals are in the log", Cluster.PATIENCE,
                () -> must("logs", "hugo").contains("reason=bad-credentials"));
    }

    /** The profile is run on the client's machine as it is printed. */
    @Test
    void aProfileConnects() {
        String password = addUser("ida");
        // The pod knows the user from here on.
        Cluster.connect(lab.desktop(), Cluster.dial("ida", password)).close();
        cluster.awaitReady("vpnu/ida");
        String profile = must("profile", "ida", "--device", "pptp-linux", "--with-password");

        lab.desktop().must("mkdir -p /etc/ppp/peers");
        // What stays in the background must not hold the command's output.
        Outcome connected = lab.desktop()
                .run("( set -e\n" + profile
                        + "\n) </dev/null >/run/profile.log 2>&1; status=$?; cat /run/profile.log; exit $status",
                        Cluster.PATIENCE);
        try {
            assertThat(connected.succeeded()).as(connected.output()).isTrue();
            assertThat(Cluster.reaches(lab.desktop(), Lab.WEB)).as("everything goes through the tunnel").isTrue();
            cluster.awaitField("vpnu/ida", ".status.state", "Connected");
            assertThat(cluster.field("vpnu/ida", ".status.session.from")).isEqualTo(Lab.DESKTOP);
        } finally {
            lab.desktop().run("kill $(head -n 1 /run/ppp-office.pid); ip route delete " + Lab.SERVER);
        }
        cluster.awaitField("vpnu/ida", ".status.state", "Disconnected");
    }

    @Test
    void theDoctorNamesWhatKeepsAUserOut() {
        addUser("jane");
        cluster.awaitReady("vpnu/jane");
        Outcome healthy = pptp("doctor", "office", "--no-dial", "--user", "jane");
        assertThat(healthy.output()).contains("ok       PptpServer office: clients can connect to " + Lab.SERVER,
                "ok       VpnUser jane: its password is in Secret jane-vpn",
                "ok       VpnUser jane: can log in at vpn/office");
        assertThat(healthy.status()).as(healthy.output()).isZero();

        cluster.patch("vpnu/jane", "{\"spec\": {\"enabled\": false}}");
        cluster.awaitField("vpnu/jane", ".status.state", "Disabled");
        Outcome disabled = pptp("doctor", "office", "--no-dial", "--user", "jane");
        assertThat(disabled.output()).contains("problem  VpnUser jane: Disabled: spec.enabled is false");
        assertThat(disabled.status()).isEqualTo(1);

        cluster.user("kurt", "secret-k");
        node.kubectl("delete", "secret", "kurt-secret", "--namespace", Cluster.VPN);
        cluster.awaitField("vpnu/kurt", ".status.conditions[?(@.type==\"Ready\")].reason", "SecretNotFound");
        Outcome missing = pptp("doctor", "office", "--no-dial", "--user", "kurt");
        assertThat(missing.output()).containsPattern("problem  VpnUser kurt: .*kurt-secret");
        assertThat(missing.status()).isEqualTo(1);
        node.kubectl("delete", "vpnu", "jane", "kurt", "--namespace", Cluster.VPN);
    }
}
