package io.pptpoperator.dataplane.interop.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** A server in a guest whose kernel's nf_tables were built without IPv4 tables. */
@InteropLab
final class KernelWithoutIpv4TablesIT {

    /** A Java machine takes its time to start in a guest. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final Path BUILT = Path.of("target").toAbsolutePath().normalize();
    private static final String PROGRAM = "/run/dataplane";

    private final Guest guest;

    KernelWithoutIpv4TablesIT(Lab lab) {
        guest = lab.desktop();
        guest.must("modprobe -a nf_tables tun");
        // The guest has a /tmp of its own, and the build may be in this machine's.
        guest.must("mkdir -p %1$s && mount -t hostfs -o '%2$s' none %1$s".formatted(PROGRAM, BUILT));
        assertThat(guest.run("nft add table ip probe").succeeded()).as("this kernel is one without them").isFalse();
    }

    @AfterAll
    void stop() {
        guest.run("pkill -f '[s]erve --config /tmp/tables'; umount -l " + PROGRAM);
    }

    private String serve(boolean nat) {
        guest.must("""
                mkdir -p /tmp/tables-%1$s && cd /tmp/tables-%1$s
                cat >server.yaml <<END
                {localIP: 10.77.0.1, pools: [10.77.0.2-9], nat: {enabled: %1$s}}
                END
                cat >users.yaml <<END
                users: [{username: alice, password: secret}]
                END
                """.formatted(nat));
        return "JDK_JAVA_OPTIONS='-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx48m' " + Launcher.command()
                .stream()
                .map(it -> "'" + it.replace(BUILT.toString(), PROGRAM) + "'")
                .collect(Collectors.joining(" ")) + " serve --config /tmp/tables-" + nat;
    }

    @Test
    void withNatOffItServes() {
        GuestCommand server = guest.start(serve(false));

        assertThat(guest.run("""
                for i in $(seq 150); do
                    answer=$(curl -s http://127.0.0.1:9723/readyz)
                    case $answer in *'"ready":true'*) echo "$answer"; exit 0;; esac
                    sleep 1
                done
                exit 1
                """, PATIENCE)).as(server.output().text()).matches(Outcome::succeeded);
        assertThat(server.output().text()).contains("have no IPv4 tables");
        guest.must("kill -TERM $(pgrep -f '[s]erve --config /tmp/tables-false')");
        server.awaitExit(PATIENCE);
    }

    @Test
    void withNatItSaysThatItCannot() {
        Outcome refused = guest.run(serve(true), PATIENCE);

        assertThat(refused.status()).isNotZero();
        assertThat(refused.output()).contains("cannot set the rules for pptpd0", "nft_masq");
    }
}
